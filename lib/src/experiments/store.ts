import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { FailedRun, RunRecord } from "./record";
import { protocolVersion, runId } from "./run-id";

/** A folder of run records, one JSON file a run, each written once and whole. */
export interface RecordStore {
  readonly folder: string;
  /** The record of a finished run, or null. A file that is torn or not what its name says is set aside, aloud. */
  read(id: string): RunRecord | null;
  /** Stores a record atomically: a reader sees all of it or nothing. A failure is kept beside, as `<id>.failed.json`. */
  write(record: RunRecord | FailedRun): void;
}

/** Opens the store in a folder, which is made when the first record is written. */
export function openStore(folder: string, warn: (message: string) => void = console.warn): RecordStore {
  const fileOf = (id: string, ending = ".json"): string => join(folder, `${id}${ending}`);
  return {
    folder,
    read(id) {
      const file = fileOf(id);
      if (!existsSync(file)) return null;
      const { record, fault } = parseRecord(readFileSync(file, "utf8"), id);
      if (record !== null) return record;
      renameSync(file, `${file}.set-aside`);
      warn(`${file} ${fault}: set aside as ${id}.json.set-aside; the run is computed again`);
      return null;
    },
    write(record) {
      const failed = record.status === "failed";
      writeAtomically(fileOf(record.id, failed ? ".failed.json" : ".json"), `${JSON.stringify(record)}\n`);
      if (!failed) rmSync(fileOf(record.id, ".failed.json"), { force: true });
    },
  };
}

function parseRecord(text: string, id: string): { record: RunRecord | null; fault: string } {
  try {
    const record = JSON.parse(text) as RunRecord;
    if (record.protocolVersion !== protocolVersion) {
      return { record: null, fault: `is of protocol version ${record.protocolVersion}, not ${protocolVersion}` };
    }
    if (record.status !== "done" || runId(record.config, record.checksums) !== id) {
      return { record: null, fault: "does not hold the run that its name says" };
    }
    return { record, fault: "" };
  } catch (error) {
    return { record: null, fault: `is not a whole record (${(error as Error).message})` };
  }
}

/** Writes beside the file, flushes to disk, renames. */
function writeAtomically(file: string, text: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, "w");
  try {
    writeFileSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}
