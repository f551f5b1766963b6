import type { RunConfig } from "../training/config";
import type { EpochLog } from "../training/loop";

/** Where and how a run was computed; it does not influence the result. */
export interface RunProvenance {
  /** Commit of the project, "-dirty" when files had changed. */
  readonly commit: string;
  /** What ran underneath the engine: "avx512", "tfjs-node 4.22.0 (TensorFlow 2.21.0)", …; "" for a run that failed. */
  readonly backend: string;
  readonly machine: string;
  readonly seconds: number;
}

/** What a record keeps of a topology's updates: one entry each, in order. */
export interface UpdateColumns {
  readonly step: readonly number[];
  /** Connections dropped; of these, connections grown again at once; and truly new ones. */
  readonly dropped: readonly number[];
  readonly regrown: readonly number[];
  readonly grown: readonly number[];
  /** Fan-in CV over all neurons, and share of neurons without input, after the update. */
  readonly cv: readonly number[];
  readonly inactive: readonly number[];
}

/** How much gradient hubs get over the rest of the neurons, epoch by epoch; null where nothing is left to compare. */
export interface GradientColumns {
  /** Epochs finished; 0 before training. */
  readonly epoch: readonly number[];
  /** Ratios of the mean |∂L/∂w| of a neuron, of its L2 norm and of its sum. */
  readonly mean: readonly (number | null)[];
  readonly l2: readonly (number | null)[];
  readonly sum: readonly (number | null)[];
  /** What L2 and sum would give if gradients ignored fan-in. */
  readonly l2Null: readonly (number | null)[];
  readonly sumNull: readonly (number | null)[];
}

/** What a record keeps of one sparse layer. */
export interface LayerRecord {
  /** Index of the layer, from 0. */
  readonly layer: number;
  readonly inputs: number;
  readonly neurons: number;
  readonly connections: number;
  /** When the fan-ins below were taken: at the start (0), and after some updates, the last one included. */
  readonly fanInSteps: readonly number[];
  /** Fan-in of every neuron, one vector for each of `fanInSteps`. */
  readonly fanIn: readonly (readonly number[])[];
  readonly updates: UpdateColumns;
  /** Share of the final connections that were not there at the start. */
  readonly rewired: number;
  /** Share of all possible connections that existed at some time (ITOP's Rs). */
  readonly explored: number;
  /** ‖end − start‖ / ‖start‖ of the weights of connections there at both times; null where there are none. */
  readonly weightChange: number | null;
  /** CV of fan-out over the layer's inputs. */
  readonly fanOutCv: { readonly start: number; readonly end: number };
  readonly gradients: GradientColumns;
}

/** What a record keeps of a run. */
export interface RunResult {
  readonly epochs: readonly EpochLog[];
  /** Test accuracy (0 … 1) after the last epoch: the primary number; and of the best epoch, which claims never use. */
  readonly accuracy: number;
  readonly bestAccuracy: number;
  /** Connections of every layer, dense ones included. */
  readonly nonzeros: readonly number[];
  /** Share of absent connections among the hidden layers, and among all. */
  readonly hiddenSparsity: number;
  readonly overallSparsity: number;
  /** The sparse layers. */
  readonly layers: readonly LayerRecord[];
}

/** A finished run, as stored: its identity, its result and its provenance. */
export interface RunRecord {
  readonly status: "done";
  readonly id: string;
  readonly protocolVersion: number;
  readonly config: RunConfig;
  /** sha256 of the data files, by name. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly result: RunResult;
  readonly provenance: RunProvenance;
}

/** A run that failed, and why. It is tried again when its grid is run again. */
export interface FailedRun extends Omit<RunRecord, "status" | "result"> {
  readonly status: "failed";
  readonly error: string;
}
