import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeParquet, encodeParquet } from "./parquet";
import type { RunRecord } from "./record";
import { type RecordRow, recordShapes, resultShapes } from "./result-columns";
import { identityOf, resultOf, rowOf, runOf } from "./result-rows";
import type { RecordedRun } from "./run-grid";
import { canonicalJson, protocolVersion, runId } from "./run-id";
import type { RecordStore } from "./store";
import { writeFileAtomically } from "./write-file";

/** The committed records, by run. */
export interface Results {
  readonly folder: string;
  /** The record of a run, or null where no file has it. Every call makes a new object. */
  read(id: string): RunRecord | null;
}

export interface ResultsOptions {
  readonly folder: string;
  /** The runs that will be read; files without any of them are not gone through. All, if left out. */
  readonly ids?: readonly string[];
  readonly warn?: (message: string) => void;
}

/** A file of results, and whether it was another before. */
export interface WrittenResults {
  readonly bytes: number;
  readonly changed: boolean;
}

/**
 * Writes the runs of a part into a Parquet file, atomically: one row a run, in their order. Equal runs give equal
 * bytes.
 *
 * @throws RangeError when a record is not of its id or of this protocol version, or would not be read back as it is
 */
export async function writeResults(
  file: string,
  runs: readonly RecordedRun[],
  part: { readonly experiment: string; readonly protocol: string },
): Promise<WrittenResults> {
  for (const { record } of runs) checkRecord(record);
  const bytes = await encodeParquet(
    resultShapes,
    runs.map((run) => rowOf(run, part)),
  );
  const back = await decodeRuns(bytes);
  const lost = runs.find((run, i) => canonicalJson(run) !== canonicalJson(back[i]));
  if (lost !== undefined) {
    throw new RangeError(
      `writeResults: the record of ${lost.record.id} holds what the columns of results do not; ` +
        "give it a column in result-columns.ts and result-rows.ts",
    );
  }
  const changed = !existsSync(file) || !readFileSync(file).equals(bytes);
  if (changed) writeFileAtomically(file, bytes);
  return { bytes: bytes.length, changed };
}

/** Every run of a file, as written. @throws Error when the file is torn, or not one of results */
export async function readResults(file: string): Promise<RecordedRun[]> {
  return decodeRuns(readFileSync(file));
}

async function decodeRuns(bytes: Uint8Array): Promise<RecordedRun[]> {
  return (await decodeRows(bytes)).map(runOf);
}

async function decodeRows(bytes: Uint8Array): Promise<RecordRow[]> {
  return (await decodeParquet(bytes, Object.keys(recordShapes))) as unknown as RecordRow[];
}

/**
 * Opens the Parquet files of a folder. Files that are torn or foreign, rows of another protocol version, rows that do
 * not hold the run that their id says, and runs that two files tell differently are reported, and not trusted.
 */
export async function openResults({ folder, ids, warn = console.warn }: ResultsOptions): Promise<Results> {
  const wanted = ids && new Set(ids);
  const rows = new Map<string, RecordRow>();
  for (const file of parquetFiles(folder)) {
    for (const row of await trustedRows(file, wanted, warn)) {
      const known = rows.get(row.id);
      if (known !== undefined && canonicalJson(resultOf(known)) !== canonicalJson(resultOf(row))) {
        warn(`${file} tells another result of run ${row.id} than a file before it: it is ignored; pack both again`);
      }
      if (known === undefined) rows.set(row.id, row);
    }
  }
  return {
    folder,
    read(id) {
      const row = rows.get(id);
      return row === undefined ? null : runOf(row).record;
    },
  };
}

/**
 * One store of all records: what was computed here stands over what is committed, so that a run computed again is
 * seen. Records are written to the working store.
 */
export function openRecords({ results, store }: { results: Results; store: RecordStore }): RecordStore {
  return {
    ...store,
    read: (id) => store.read(id) ?? results.read(id),
    look(id) {
      const found = store.look(id);
      if (found.record !== null) return found;
      const record = results.read(id);
      return record === null ? found : { record, fault: "", folder: results.folder };
    },
  };
}

/** Whether a run has the result that is committed, wherever and whenever it was computed; null where none is. */
export function isSameResult(committed: RunRecord | null, { result }: RunRecord): boolean | null {
  return committed && canonicalJson(committed.result) === canonicalJson(result);
}

function checkRecord(record: RunRecord): void {
  const fault = faultOf(record);
  if (fault !== null) throw new RangeError(`writeResults: the record of ${record.id} ${fault}; run it again`);
}

function faultOf({
  id,
  protocolVersion: version,
  config,
  checksums,
}: Omit<RunRecord, "status" | "result">): string | null {
  if (version !== protocolVersion) return `is of protocol version ${version}, not ${protocolVersion}`;
  return runId(config, checksums) === id ? null : "does not hold the run that its id says";
}

/** The files of results in a folder, by name; none where there is no folder. */
export function parquetFiles(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => join(folder, name));
}

/** The rows of a file that are what they say, or none when it has none of those wanted. */
async function trustedRows(
  file: string,
  wanted: ReadonlySet<string> | undefined,
  warn: (message: string) => void,
): Promise<RecordRow[]> {
  try {
    const bytes = readFileSync(file);
    const ids = await decodeParquet(bytes, ["id"]);
    if (wanted !== undefined && !ids.some(({ id }) => wanted.has(id as string))) return [];
    const rows = await decodeRows(bytes);
    const faults = rows.map((row) => faultOf(identityOf(row)));
    const faulty = rows.filter((_, i) => faults[i] !== null);
    if (faulty.length > 0) {
      const [first] = faults.filter((fault) => fault !== null);
      warn(`${file}: ${faulty.length} of ${rows.length} runs ignored; the first of them, ${faulty[0].id}, ${first}`);
    }
    return rows.filter((_, i) => faults[i] === null);
  } catch (error) {
    warn(`${file} cannot be read as results (${(error as Error).message}): it is ignored; restore it or pack it again`);
    return [];
  }
}
