import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { ownerState } from "../owner";
import type { FailedRun, RunRecord } from "./record";
import { protocolVersion, runId } from "./run-id";
import { storeFault } from "./store-fault";
import { writeFileAtomically } from "./write-file";

/** A folder of run records, one JSON file a run, each written once and whole. */
export interface RecordStore {
  readonly folder: string;
  /** The record of a finished run, or null. A file that is torn or not what its name says is set aside, aloud. */
  read(id: string): RunRecord | null;
  /** As `read`, but leaves the file where it is; `folder` is where it lies. */
  look(id: string): { readonly record: RunRecord | null; readonly fault: string; readonly folder: string };
  /** Why a run failed when it was last tried, or null. */
  failure(id: string): string | null;
  /** Changes whenever a record, or a failure, of the run is written. */
  version(id: string): string;
  /**
   * Stores a record atomically: a reader sees all of it or nothing. A failure is kept beside, as `<id>.failed.json`.
   *
   * @throws StoreFault where the file system refuses; nothing is left behind then
   */
  write(record: RunRecord | FailedRun): void;
  /** Removes what writers left unfinished that are no more. */
  sweep(): void;
}

/**
 * The folder of a store, which need not be there yet.
 *
 * @param asked who named it, for the error
 * @throws RangeError where a file is in its place
 */
export function asStore(folder: string, asked: string): string {
  let isFolder: boolean;
  try {
    isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTDIR") throw error; // otherwise it lies below a file
    isFolder = false;
  }
  if (!isFolder) throw new RangeError(`${asked} is ${folder}, a file or below one; name a folder`);
  return folder;
}

/**
 * Opens the store in a folder, which is made when the first record is written.
 *
 * @param writeBytes what puts the bytes into an open file; tests let it fail
 */
export function openStore(
  folder: string,
  warn: (message: string) => void = console.warn,
  writeBytes?: (handle: number, text: string) => void,
): RecordStore {
  const fileOf = (id: string): string => join(folder, `${id}.json`);
  const failureOf = (id: string): string => join(folder, `${id}.failed.json`);
  const look = (id: string): ReturnType<RecordStore["look"]> => {
    const text = readIfThere(fileOf(id));
    return { ...(text === null ? { record: null, fault: "" } : parseRecord(text, id)), folder };
  };
  return {
    folder,
    look,
    read(id) {
      const { record, fault } = look(id);
      if (fault === "") return record;
      renameSync(fileOf(id), `${fileOf(id)}.set-aside`);
      warn(`${fileOf(id)} ${fault}: set aside as ${id}.json.set-aside; the run is computed again`);
      return null;
    },
    failure: (id) => failureReason(readIfThere(failureOf(id))),
    version: (id) => `${versionOf(fileOf(id))} ${versionOf(failureOf(id))}`,
    write(record) {
      const failed = record.status === "failed";
      try {
        const file = failed ? failureOf(record.id) : fileOf(record.id);
        writeFileAtomically(file, `${JSON.stringify(record)}\n`, writeBytes);
        if (!failed) rmSync(failureOf(record.id), { force: true });
      } catch (error) {
        throw storeFault(error, folder);
      }
    },
    sweep() {
      if (!existsSync(folder)) return;
      const left = readdirSync(folder).filter((name) => isAbandoned(name));
      for (const name of left) rmSync(join(folder, name), { force: true });
    },
  };
}

/** The ids that have a record in a folder, whole or not. */
export function recordedIds(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.flatMap((name) => /^([0-9a-f]{16})\.json$/.exec(name)?.[1] ?? []).sort();
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function versionOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "none" : `${stat.ino}-${stat.mtimeNs}`;
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
    if (typeof record.result !== "object" || record.result === null) {
      return { record: null, fault: "holds no result" };
    }
    return { record, fault: "" };
  } catch (error) {
    return { record: null, fault: `is not a whole record (${(error as Error).message})` };
  }
}

function failureReason(text: string | null): string | null {
  if (text === null) return null;
  try {
    return (JSON.parse(text) as FailedRun).error;
  } catch (error) {
    return `its failure cannot be read (${(error as Error).message})`;
  }
}

/** Whether a file is the unfinished writing of a thread or process that has ended. */
function isAbandoned(name: string): boolean {
  const owner = /\.json\.(.+)\.tmp$/.exec(name)?.[1];
  return owner !== undefined && ownerState(owner) === "dead";
}
