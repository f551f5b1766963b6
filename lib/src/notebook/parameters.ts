import type { DatasetName } from "../datasets/catalogue";
import type { EngineName } from "../engines/create";
import type { ExperimentName } from "../experiments/experiments";
import type { Protocol } from "../experiments/protocol";

/** What the first cell of a notebook asks for. What it leaves out is as in the paper, and cannot be set from outside. */
export interface NotebookParameters {
  /** The experiments whose runs the notebook reads. */
  readonly experiments?: readonly ExperimentName[];
  /** A first look in minutes: one data set, 90 %, two seeds, one epoch, computed at once. PSN_QUICK=1. */
  readonly quick?: boolean;
  /**
   * Data sets, each where the paper has it; `emnist-balanced` and `emnist-letters` go where its stand-in goes.
   * PSN_DATASETS=mnist,covtype.
   */
  readonly datasets?: readonly DatasetName[];
  /** PSN_PROTOCOLS=plain. */
  readonly protocols?: readonly Protocol[];
  /** Shares of absent connections, of those that the paper has; dense networks stay. PSN_SPARSITIES=0.9,0.95. */
  readonly sparsities?: readonly number[];
  /** What RigL starts from, as tables name it, or all there is. PSN_STARTS=ERK,matched. */
  readonly starts?: "all" | readonly string[];
  /** Static structures, as tables name them, or all there are. PSN_STRUCTURES=dense,random. */
  readonly structures?: "all" | readonly string[];
  /** Seeds 0 … seeds − 1, of those that an experiment has. PSN_SEEDS=3. */
  readonly seeds?: number;
  /** What computes the runs; the records of another engine do not count. PSN_ENGINE=tfjs. */
  readonly engine?: EngineName;
  /** Runs computed at a time. PSN_WORKERS=4. */
  readonly workers?: number;
  /** Compute the runs that have no record. PSN_COMPUTE=1. */
  readonly compute?: boolean;
  /** Compute every run again, recorded or not; stopped, that starts over. PSN_RERUN=1. */
  readonly rerun?: boolean;
}

/** What a notebook goes by: its parameters, checked, with what the environment says instead. */
export interface NotebookSettings extends Required<NotebookParameters> {
  /** The sparsity of tables that show one: 90 % where it is among `sparsities`, else the first of them. */
  readonly mainSparsity: number;
}

/** A parameter that a variable of the environment can set. */
export type Parameter = Exclude<keyof NotebookParameters, "experiments">;

export const parameters: readonly Parameter[] = [
  "quick",
  "datasets",
  "protocols",
  "sparsities",
  "starts",
  "structures",
  "seeds",
  "engine",
  "workers",
  "compute",
  "rerun",
];

/** Those that say how runs are got, not which. */
export const manners: readonly Parameter[] = ["quick", "workers", "compute", "rerun"];

/** "datasets" → "PSN_DATASETS". */
export function variableOf(parameter: Parameter): string {
  return `PSN_${parameter.toUpperCase()}`;
}
