import { availableParallelism } from "node:os";
import type { DatasetName } from "../datasets/catalogue";
import type { Dataset } from "../datasets/dataset";
import { loadDataset } from "../datasets/load";
import { type Claims, openClaims } from "./claims";
import type { RunOrigin } from "./compute-run";
import { createTally, type GridProgress, type Tally } from "./grid-progress";
import { type IdentifiedRun, identify } from "./identify";
import type { GridRun } from "./part";
import { createPool, type RunPool } from "./pool";
import type { RunRecord } from "./record";
import { type ClaimedRun, createQueue } from "./run-queue";
import type { RecordStore } from "./store";
import { StoreFault } from "./store-fault";

export type { GridProgress } from "./grid-progress";

export interface GridOptions {
  readonly store: RecordStore;
  /** Compute every run again, recorded or not; stopped, that starts over. */
  readonly rerun?: boolean;
  /** Runs computed at a time, each in a thread; one a core where this is left out. */
  readonly workers?: number;
  /** Stops all workers within a second. What is recorded stays. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: GridProgress) => void;
  /** Commit and machine, stored with every run. */
  readonly provenance: RunOrigin;
  /** Milliseconds between two looks at the runs of other processes. */
  readonly patience?: number;
  /** The compiled module that workers run; for tests. */
  readonly worker?: string;
}

/** A run of a grid with its record. */
export interface RecordedRun {
  readonly label: string;
  readonly record: RunRecord;
}

/** A run that could not be computed. */
export interface GridFailure {
  readonly label: string;
  readonly id: string;
  readonly reason: string;
}

/**
 * Computes what is not yet recorded and returns every run's record, in the order of the grid. A run that fails is
 * recorded with its reason and the others go on; at the end the failures are thrown together. Data that cannot be
 * loaded, and a store that takes no more records, end the grid at once.
 */
export async function runGrid(grid: readonly GridRun[], options: GridOptions): Promise<RecordedRun[]> {
  const runs = identify(grid);
  const failures = await computeGrid(runs, options);
  if (failures.length > 0) {
    const lines = failures.map(({ label, id, reason }) => `${label} (${id}): ${reason}`);
    throw new Error(`${failures.length} of ${grid.length} runs failed:\n${lines.join("\n")}`);
  }
  return runs.map(({ label, id }) => ({ label, record: options.store.read(id) as RunRecord }));
}

/**
 * Computes and records what is not yet recorded, and returns what failed. Several processes may do so on one store at
 * once: no run is computed twice, and each waits for the runs of the others.
 */
export async function computeGrid(grid: readonly IdentifiedRun[], options: GridOptions): Promise<GridFailure[]> {
  const { store, workers = availableParallelism(), onProgress = () => undefined } = options;
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new RangeError(`runGrid: workers is ${workers}; it must be an integer ≥ 1`);
  }
  options.signal?.throwIfAborted();
  store.sweep();
  const runs = [...new Map(grid.map((run) => [run.id, run])).values()];
  const versions = new Map(runs.map(({ id }) => [id, store.version(id)]));
  const claims = openClaims(store.folder);
  const missing = missingRuns(runs, { ...options, claims });
  const tally = createTally({ total: runs.length, recorded: runs.length - missing.length }, onProgress);
  if (missing.length === 0) return [];
  const stop = new AbortController();
  const failures: GridFailure[] = [];
  const fail = (run: IdentifiedRun, reason: string): void => {
    failures.push({ label: describeRun(run), id: run.id, reason });
  };
  const queue = createQueue(missing, {
    ...options,
    claims,
    versions,
    signal: stop.signal,
    onElsewhere: tally.elsewhere,
    onFound(run, failure) {
      if (failure !== null) fail(run, failure.split("\n")[0]);
      tally.found(failure === null ? "recorded" : "failed");
    },
  });
  const pool = createPool(Math.min(workers, missing.length), options.worker);
  const load = datasetLoader(stop.signal);
  await inParallel(workers, { stop, pool, claims, signal: options.signal }, async () => {
    for (let next = await queue.next(); next !== null; next = await queue.next()) {
      await computeClaimed(next, { ...options, pool, load, tally, fail });
    }
  });
  return failures;
}

/** The runs without a record; or all, to compute them again. */
function missingRuns(
  runs: readonly IdentifiedRun[],
  { store, rerun = false, claims }: GridOptions & { claims: Claims },
): IdentifiedRun[] {
  if (rerun) return [...runs];
  return runs.filter(({ id }) => {
    if (store.read(id) === null) return true;
    claims.tidy(id);
    return false;
  });
}

/** Does `work` so many times at once. The first error, and the signal, stop all of it and close the pool. */
async function inParallel(
  workers: number,
  { stop, pool, claims, signal }: { stop: AbortController; pool: RunPool; claims: Claims; signal?: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  const heed = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", heed, { once: true });
  stop.signal.addEventListener("abort", () => pool.close(), { once: true });
  const beat = setInterval(claims.beat, 60_000);
  try {
    await Promise.all(Array.from({ length: workers }, () => work().catch((error) => stop.abort(error))));
    stop.signal.throwIfAborted();
  } finally {
    clearInterval(beat);
    signal?.removeEventListener("abort", heed);
    await pool.close();
  }
}

interface RunContext extends GridOptions {
  readonly pool: RunPool;
  readonly load: (dataset: string) => Promise<Dataset>;
  readonly tally: Tally;
  readonly fail: (run: IdentifiedRun, reason: string) => void;
}

/** @throws StoreFault where the store takes no records; what the pool throws when it is closed */
async function computeClaimed({ run, claim }: ClaimedRun, context: RunContext): Promise<void> {
  const { store, provenance, pool, load, tally, fail } = context;
  const { config, id } = run;
  try {
    const dataset = await load(config.dataset); // without its data no run can succeed: this is not a failed run
    tally.begin(id, describeRun(run));
    const task = { run, dataset, folder: store.folder, origin: provenance };
    const outcome = await pool.compute(task, (training) => tally.train(id, training));
    if (outcome.kind === "unwritable") {
      const { recorded, done } = tally.progress();
      throw new StoreFault(`${outcome.reason}; ${recorded + done} records are safe`);
    }
    if (outcome.kind === "failed") fail(run, outcome.reason);
    tally.end(id, outcome.kind);
  } finally {
    claim.release();
  }
}

function describeRun({ label, config }: GridRun): string {
  return `${label}, ${config.sparsity * 100} %, seed ${config.seed}`;
}

/** Loads each data set once. */
function datasetLoader(signal: AbortSignal): (name: string) => Promise<Dataset> {
  const loaded = new Map<string, Promise<Dataset>>();
  return (name) => {
    const dataset = loaded.get(name) ?? loadDataset(name as DatasetName, { signal });
    loaded.set(name, dataset);
    return dataset;
  };
}
