import type { RunConfig } from "../training/config";
import type { GradientLog, LayerChange } from "../training/history";
import type { TrainResult } from "../training/train";

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

/** The {@link GradientLog} of a layer, column by column: one entry for each epoch at which gradients were measured. */
export type GradientColumns = {
  readonly [Name in Exclude<keyof GradientLog, "layer">]: readonly GradientLog[Name][];
};

/** What a record keeps of one sparse layer. */
export interface LayerRecord extends LayerChange {
  readonly inputs: number;
  readonly neurons: number;
  readonly connections: number;
  /** When the fan-ins below were taken: at the start (0), and after some updates, the last one included. */
  readonly fanInSteps: readonly number[];
  /** Fan-in of every neuron, one vector for each of `fanInSteps`. */
  readonly fanIn: readonly (readonly number[])[];
  readonly updates: UpdateColumns;
  readonly gradients: GradientColumns;
}

/** What a record keeps of a run. */
export interface RunResult
  extends Pick<
    TrainResult,
    "epochs" | "accuracy" | "bestAccuracy" | "nonzeros" | "hiddenSparsity" | "overallSparsity"
  > {
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
