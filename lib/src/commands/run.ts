import { availableParallelism } from "node:os";
import { identify } from "../experiments/identify";
import { openPaperRecords } from "../experiments/paper-records";
import { type ExperimentPart, type GridRun, type PartSource, secondStage } from "../experiments/part";
import { computeGrid, type GridFailure, type GridOptions } from "../experiments/run-grid";
import { StoreFault } from "../experiments/store-fault";
import { commit, processor } from "../notebook/provenance";
import { createGridLine } from "./grid-line";
import { parseCommand, selectionOptions, selectParts } from "./selection";
import { inShard, parseShard, type Shard } from "./shard";

const options = {
  ...selectionOptions,
  workers: { type: "string" },
  shard: { type: "string" },
  rerun: { type: "boolean", default: false },
} as const;

/** `psn run <experiment…>`: computes what is not recorded. The exit code is 1 when runs failed, 130 after Ctrl-C. */
export async function runCommand(args: string[], source: PartSource): Promise<number> {
  const { values, positionals } = parseCommand(args, options);
  if (positionals.length === 0) throw new RangeError("psn run: name the experiments to run, such as static.");
  const parts = selectParts(source, positionals, values);
  const workers = parseWorkers(values.workers);
  const shard = parseShard(values.shard);
  const store = await openPaperRecords(values);
  const abort = new AbortController();
  const stop = (signal: NodeJS.Signals): void => abort.abort(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  const provenance = { commit: commit(), machine: processor() };
  try {
    const grid = { store, workers, rerun: values.rerun, signal: abort.signal, provenance };
    return await runStages(parts, shard, grid);
  } catch (error) {
    if (abort.signal.aborted) {
      const next = values.rerun ? "starts over, and without --rerun computes what is missing" : "goes on from there";
      process.stderr.write(`Stopped. What is recorded is safe; the same command ${next}.\n`);
      return 130;
    }
    if (!(error instanceof StoreFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}

function parseWorkers(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new RangeError(`--workers is ${text}; it must be an integer ≥ 1`);
}

/** First the runs that stand fixed, then those that follow from their records. */
async function runStages(parts: readonly ExperimentPart[], shard: Shard, grid: GridOptions): Promise<number> {
  const first = await computeShard(
    parts.flatMap((part) => part.runs),
    shard,
    grid,
  );
  const second: GridRun[] = [];
  for (const part of parts) {
    const { runs, whole } = secondStage(part, grid.store);
    second.push(...runs);
    if (!whole) {
      process.stderr.write(
        `${part.name}: all of its second stage needs all records of the first; ${cureFor(shard)}.\n`,
      );
    }
  }
  const failures = [...first, ...(await computeShard(second, shard, grid))];
  for (const { label, id, reason } of failures) process.stderr.write(`failed: ${label} (${id}): ${reason}\n`);
  return failures.length === 0 ? 0 : 1;
}

function cureFor({ count }: Shard): string {
  return count > 1 ? "merge the stores of all shards and run it again" : "see why runs failed and run it again";
}

async function computeShard(runs: readonly GridRun[], shard: Shard, grid: GridOptions): Promise<GridFailure[]> {
  const mine = identify(runs).filter(({ id }) => inShard(id, shard));
  if (mine.length === 0) return [];
  const line = createGridLine(process.stderr);
  try {
    return await computeGrid(mine, { ...grid, onProgress: line.show });
  } finally {
    line.end();
  }
}
