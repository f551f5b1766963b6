import type { Dataset } from "../datasets/dataset";
import type { TrainProgress } from "../training/loop";
import { train } from "../training/train";
import type { IdentifiedRun } from "./identify";
import type { RunProvenance } from "./record";
import { protocolVersion } from "./run-id";
import { runResult } from "./run-result";
import type { RecordStore } from "./store";
import { StoreFault } from "./store-fault";

/** Commit and machine, known before a run. */
export type RunOrigin = Omit<RunProvenance, "backend" | "seconds">;

/** What became of a run; plain data, which threads can send each other. */
export type RunOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly reason: string }
  /** The store takes no records. */
  | { readonly kind: "unwritable"; readonly reason: string };

export interface ComputeRunOptions {
  readonly store: RecordStore;
  readonly origin: RunOrigin;
  readonly onProgress?: (progress: TrainProgress) => void;
}

/** Trains one run and records it, or why it failed. */
export async function computeRun(
  run: IdentifiedRun,
  dataset: Dataset,
  { store, origin, onProgress }: ComputeRunOptions,
): Promise<RunOutcome> {
  const started = performance.now();
  const seconds = (): number => Math.round(performance.now() - started) / 1000;
  const { id, config, checksums } = run;
  try {
    const trained = await train({ ...config, dataset }, { onProgress });
    const provenance = { ...origin, backend: trained.backend, seconds: seconds() };
    store.write({ status: "done", id, protocolVersion, config, checksums, result: runResult(trained), provenance });
    return { kind: "done" };
  } catch (error) {
    if (error instanceof StoreFault) return { kind: "unwritable", reason: error.message };
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return recordFailure(run, reason, { store, origin, seconds: seconds() });
  }
}

/** Records why a run failed. */
export function recordFailure(
  { id, config, checksums }: IdentifiedRun,
  error: string,
  { store, origin, seconds }: { store: RecordStore; origin: RunOrigin; seconds: number },
): RunOutcome {
  const provenance = { ...origin, backend: "", seconds };
  try {
    store.write({ status: "failed", id, protocolVersion, config, checksums, error, provenance });
    return { kind: "failed", reason: error.split("\n")[0] };
  } catch (fault) {
    if (fault instanceof StoreFault) return { kind: "unwritable", reason: fault.message };
    throw fault;
  }
}
