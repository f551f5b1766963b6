import type { RunConfig } from "../training/config";
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

/** A finished run, as stored: its identity, its result without the weights, and its provenance. */
export interface RunRecord {
  readonly status: "done";
  readonly id: string;
  readonly protocolVersion: number;
  readonly config: RunConfig;
  /** sha256 of the data files, by name. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly result: Omit<TrainResult, "config" | "backend" | "layers">;
  readonly provenance: RunProvenance;
}

/** A run that failed, and why. It is tried again when its grid is run again. */
export interface FailedRun extends Omit<RunRecord, "status" | "result"> {
  readonly status: "failed";
  readonly error: string;
}
