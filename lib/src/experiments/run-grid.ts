import type { DatasetName } from "../datasets/catalogue";
import type { Dataset } from "../datasets/dataset";
import { datasetChecksums, loadDataset } from "../datasets/load";
import type { TrainProgress } from "../training/loop";
import { train } from "../training/train";
import type { GridRun } from "./grids";
import type { RunProvenance, RunRecord } from "./record";
import { protocolVersion, runId } from "./run-id";
import { runResult } from "./run-result";
import type { RecordStore } from "./store";

/** Where a grid stands. */
export interface GridProgress {
  /** Runs recorded already, finished now, failed now; and in all. */
  readonly recorded: number;
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** The run in flight; null before the first and after the last. */
  readonly label: string | null;
  readonly training: TrainProgress | null;
}

export interface GridOptions {
  readonly store: RecordStore;
  /** Compute every run again, recorded or not. */
  readonly rerun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: GridProgress) => void;
  /** Commit and machine, stored with every run. */
  readonly provenance: Omit<RunProvenance, "backend" | "seconds">;
}

/** A run of a grid with its record. */
export interface RecordedRun {
  readonly label: string;
  readonly record: RunRecord;
}

/**
 * Computes what is not yet recorded and returns every run's record, in the order of the grid. A run that fails is
 * recorded with its reason and the others go on; at the end the failures are thrown together. Data that cannot be
 * loaded end the grid at once.
 */
export async function runGrid(grid: readonly GridRun[], options: GridOptions): Promise<RecordedRun[]> {
  const { store, rerun = false } = options;
  const identified = grid.map((run) => {
    const checksums = datasetChecksums(run.config.dataset as DatasetName);
    return { ...run, checksums, id: runId(run.config, checksums) };
  });
  const known = new Map(identified.map(({ id }) => [id, rerun ? null : store.read(id)]));
  const recorded = identified.filter(({ id }) => known.get(id)).length;
  const failures: string[] = [];
  const load = datasetLoader();
  let done = 0;
  const report = (label: string | null, training: TrainProgress | null): void =>
    options.onProgress?.({ recorded, done, failed: failures.length, total: grid.length, label, training });
  report(null, null);
  for (const run of identified) {
    if (known.get(run.id)) continue;
    const dataset = await load(run.config.dataset); // without its data no run can succeed: this is not a failed run
    const name = `${run.label}, ${run.config.sparsity * 100} %, seed ${run.config.seed}`;
    try {
      known.set(run.id, await computeRun(run, dataset, options, (training) => report(name, training)));
      done++;
      report(name, null);
    } catch (error) {
      options.signal?.throwIfAborted();
      failures.push(`${name} (${run.id}): ${(error as Error).message}`);
    }
  }
  report(null, null);
  if (failures.length > 0) throw new Error(`${failures.length} of ${grid.length} runs failed:\n${failures.join("\n")}`);
  return identified.map(({ label, id }) => ({ label, record: known.get(id) as RunRecord }));
}

/** Loads each data set once. */
function datasetLoader(): (name: string) => Promise<Dataset> {
  const loaded = new Map<string, Promise<Dataset>>();
  return (name) => {
    const dataset = loaded.get(name) ?? loadDataset(name as DatasetName);
    loaded.set(name, dataset);
    return dataset;
  };
}

type IdentifiedRun = GridRun & { readonly id: string; readonly checksums: Readonly<Record<string, string>> };

async function computeRun(
  { id, config, checksums }: IdentifiedRun,
  dataset: Dataset,
  { store, signal, provenance }: GridOptions,
  onProgress: (progress: TrainProgress) => void,
): Promise<RunRecord> {
  const started = performance.now();
  const identity = { id, protocolVersion, config, checksums };
  const where = (backend: string): RunProvenance => {
    return { ...provenance, backend, seconds: Math.round(performance.now() - started) / 1000 };
  };
  try {
    const trained = await train({ ...config, dataset }, { signal, onProgress });
    const record: RunRecord = {
      status: "done",
      ...identity,
      result: runResult(trained),
      provenance: where(trained.backend),
    };
    store.write(record);
    return record;
  } catch (error) {
    if (!signal?.aborted) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      store.write({ status: "failed", ...identity, error: reason, provenance: where("") });
    }
    throw error;
  }
}
