import { join } from "node:path";
import { identify } from "./identify";
import { type ExperimentPart, secondStage } from "./part";
import { isSameResult, type Results, type WrittenResults, writeResults } from "./results";
import type { RecordedRun } from "./run-grid";
import type { RecordStore } from "./store";

/** What became of a part. */
export interface PackedPart {
  readonly name: string;
  /** Runs that have a record, and runs that have none. */
  readonly runs: number;
  readonly missing: number;
  /** A second stage, of yet unknown size, waits for the records of the first. */
  readonly more: boolean;
  /** The ids of runs whose committed results are others. */
  readonly changed: readonly string[];
  /** The file; null where an incomplete part, or one that disagrees with what is committed, was not to be packed. */
  readonly written: WrittenResults | null;
}

export interface PackOptions {
  /** Where records come from: see `openRecords`. */
  readonly records: Pick<RecordStore, "look">;
  /** What is committed, of this part and of others. */
  readonly results: Pick<Results, "read">;
  /** Where the file `<part>.parquet` goes. */
  readonly folder: string;
  /** Pack what there is of an incomplete part. */
  readonly partial: boolean;
  /** Let records take the place of committed ones whose results are others. */
  readonly replace: boolean;
}

/** Puts the records of a part into one file, in the order of its runs. */
export async function packPart(part: ExperimentPart, options: PackOptions): Promise<PackedPart> {
  const { records, results, folder, partial, replace } = options;
  const later = secondStage(part, records);
  const all = identify([...part.runs, ...later.runs]);
  const runs = all.flatMap(({ label, id }): RecordedRun[] => {
    const { record } = records.look(id);
    return record === null ? [] : [{ label, record }];
  });
  const changed = runs.filter(({ record }) => isSameResult(results.read(record.id), record) === false);
  const outcome = {
    name: part.name,
    runs: runs.length,
    missing: all.length - runs.length,
    more: !later.whole,
    changed: changed.map(({ record }) => record.id),
  };
  const isComplete = outcome.missing === 0 && !outcome.more;
  const isPacked = (isComplete || (partial && runs.length > 0)) && (replace || changed.length === 0);
  const file = join(folder, `${part.name}.parquet`);
  return { ...outcome, written: isPacked ? await writeResults(file, runs, part) : null };
}
