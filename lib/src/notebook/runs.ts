import { relative } from "node:path";
import { projectRoot } from "../datasets/folder";
import type { ExperimentName } from "../experiments/experiments";
import { identify } from "../experiments/identify";
import { openPaperRecords } from "../experiments/paper-records";
import { type ExperimentPart, type GridRun, type PaperRun, secondStage } from "../experiments/part";
import { isSameResult, type Results } from "../experiments/results";
import { type RecordedRun, runGrid } from "../experiments/run-grid";
import { type RecordStore, recordedIds } from "../experiments/store";
import { gridDisplay } from "./grid-display";
import { interruptSignal } from "./interrupt";
import { bringDatasets } from "./load-dataset";
import { describeMissing } from "./missing-runs";
import { commit, processor } from "./provenance";
import { isShown, paperParts, wholeParts } from "./selection";
import type { NotebookSettings } from "./settings";

/**
 * The runs of an experiment that settings ask for. The paper's are read from `data/results`, which is committed, and
 * `data/runs`, where new ones are kept as they come. What is missing is said, with the time that it would take, and
 * computed only where `settings.compute` asks for it, or `settings.rerun` for all anew: it can be interrupted, and goes
 * on from there, but for a rerun, which starts over. A quick look is computed at once and kept in `data/quick`.
 *
 * @throws Error naming every run that failed; AbortError when interrupted
 */
export async function paperRuns(experiment: ExperimentName, settings: NotebookSettings): Promise<PaperRun[]> {
  const { quick, rerun, compute } = settings;
  const [parts, whole] = [paperParts(experiment, settings), wholeParts(experiment, settings)];
  const ids = whole.flatMap((part) => identify(part.runs).map(({ id }) => id));
  const records = await openPaperRecords({ quick, ids });
  if (quick) return computedRuns(parts, records, settings);
  const { runs, missing } = recordedRuns(parts, records, settings);
  const read = `${experiment}: ${runs.length} runs, read from ${describeSource(runs, records.folder, records.committed)}`;
  console.log(
    missing === 0 ? read : `${read}; ${describeMissing(missing, { experiment, parts, whole, records, settings })}`,
  );
  return rerun || (compute && missing > 0) ? computedRuns(parts, records, settings) : runs;
}

/** Where runs are from: those that a working store alone has, or has another result of, are counted. */
export function describeSource(runs: readonly RecordedRun[], folder: string, results: Pick<Results, "read">): string {
  const own = new Set(recordedIds(folder));
  const count = runs.filter(
    ({ record }) => own.has(record.id) && !isSameResult(results.read(record.id), record),
  ).length;
  const inside = relative(projectRoot(), folder);
  const name = inside.startsWith("..") ? folder : inside;
  if (count === 0) return "data/results";
  return count === runs.length ? name : `data/results, ${count} of them from ${name}`;
}

/** The runs that have a record, and how many have none, those included that a second stage follows from. */
function recordedRuns(
  parts: readonly ExperimentPart[],
  records: RecordStore,
  settings: NotebookSettings,
): { runs: PaperRun[]; missing: number } {
  let missing = 0;
  const runs = parts.flatMap((part) => {
    const read = identify([...part.runs, ...secondStage(part, records).runs]).flatMap(({ label, id }) => {
      const record = records.read(id);
      if (record === null) missing++;
      return record === null ? [] : [{ label, record }];
    });
    return shownRuns(part, read, settings);
  });
  return { runs, missing };
}

/** All runs of some parts, computed where they have no record, or all of them anew. */
async function computedRuns(
  parts: readonly ExperimentPart[],
  store: RecordStore,
  settings: NotebookSettings,
): Promise<PaperRun[]> {
  await bringDatasets([...new Set(parts.map(({ dataset }) => dataset))]);
  const first = await computeStage(parts, (part) => part.runs, store, settings);
  const second = await computeStage(parts, (part) => part.secondStage?.(first.get(part)!) ?? [], store, settings);
  return parts.flatMap((part) => shownRuns(part, [...first.get(part)!, ...second.get(part)!], settings));
}

/** The runs of one stage of every part, all in one grid, part by part. */
async function computeStage(
  parts: readonly ExperimentPart[],
  runsOf: (part: ExperimentPart) => readonly GridRun[],
  store: RecordStore,
  { rerun, workers }: NotebookSettings,
): Promise<Map<ExperimentPart, RecordedRun[]>> {
  const grids = parts.map((part) => [part, runsOf(part)] as const);
  const grid = grids.flatMap(([, runs]) => runs);
  if (grid.length === 0) return new Map(parts.map((part) => [part, []]));
  const display = gridDisplay(parts[0].experiment);
  try {
    const provenance = { commit: commit(), machine: processor() };
    const options = { store, rerun, workers, provenance, onProgress: display.show, signal: interruptSignal() };
    const recorded = await runGrid(grid, options);
    const ends = grids.map((_, i) => grids.slice(0, i + 1).reduce((sum, [, runs]) => sum + runs.length, 0));
    return new Map(grids.map(([part, runs], i) => [part, recorded.slice(ends[i] - runs.length, ends[i])]));
  } finally {
    display.finish();
  }
}

/** Of the records of a part those that settings ask for, with where they belong. */
function shownRuns(
  { experiment, protocol }: ExperimentPart,
  runs: readonly RecordedRun[],
  settings: NotebookSettings,
): PaperRun[] {
  const isWanted = isShown(experiment, settings);
  return runs
    .filter(({ label, record: { config } }) => isWanted({ label, config }))
    .map((run) => ({ ...run, experiment, protocol }));
}
