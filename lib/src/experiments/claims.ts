import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { ownerState, thisProcess } from "../owner";
import { storeFault } from "./store-fault";

/** The right to compute a run, kept from all others on the store until it is released. */
export interface Claim {
  release(): void;
}

/** Who computes what, in a folder that several processes, on several machines, may share. */
export interface Claims {
  /**
   * Claims a run; null where someone else has it. Who gets a claim must look again whether the run is recorded by now.
   *
   * @throws StoreFault where the file system refuses
   */
  take(id: string): Claim | null;
  /** Whether someone has claimed the run and is alive. */
  isTaken(id: string): boolean;
  /** Removes what is left of dead claims on a run that is recorded. */
  tidy(id: string): void;
  /** Says that this process still lives, to other machines. Call it every minute. */
  beat(): void;
}

/** A claim from another machine counts as dead when nothing was heard for so long; its clock may differ by minutes. */
const silence = 10 * 60_000;

/** A claim without a name in it is being written, or its writer died: it counts as dead after so long. */
const writing = 2_000;

/**
 * Claims as files: `<id>.claim` names its owner, and is created exclusively. A dead owner's claim is not removed, which
 * two could do at once: it is superseded by `<id>.claim-2`, created exclusively too, and so on. Whoever finishes the run
 * removes them all, the oldest first.
 */
export function openClaims(folder: string, clock: () => number = Date.now): Claims {
  const held = new Set<string>();
  const fileOf = (id: string, generation: number): string =>
    join(folder, generation === 1 ? `${id}.claim` : `${id}.claim-${generation}`);
  const release = (id: string, last: number): void => {
    for (let generation = 1; generation <= last; generation++) rmSync(fileOf(id, generation), { force: true });
    held.delete(fileOf(id, last));
  };
  const take = (id: string): Claim | null => {
    for (let generation = 1; ; generation++) {
      const file = fileOf(id, generation);
      if (create(file, folder)) {
        held.add(file);
        return { release: () => release(id, generation) };
      }
      if (isLive(file, clock())) return null;
    }
  };
  return {
    take,
    tidy(id) {
      if (existsSync(fileOf(id, 1))) take(id)?.release();
    },
    isTaken(id) {
      for (let generation = 1; existsSync(fileOf(id, generation)); generation++) {
        if (isLive(fileOf(id, generation), clock())) return true;
      }
      return false;
    },
    beat() {
      const now = clock() / 1000;
      for (const file of held) if (existsSync(file)) utimesSync(file, now, now);
    },
  };
}

/** Whether the file could be made: false where there is one already. */
function create(file: string, folder: string): boolean {
  let handle: number;
  try {
    mkdirSync(folder, { recursive: true });
    handle = openSync(file, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw storeFault(error, folder);
  }
  try {
    writeSync(handle, thisProcess());
    return true;
  } catch (error) {
    rmSync(file, { force: true });
    throw storeFault(error, folder);
  } finally {
    closeSync(handle);
  }
}

/** A file that is gone counts as live: its run has just been finished, and looking again tells. */
function isLive(file: string, now: number): boolean {
  try {
    const owner = readFileSync(file, "utf8");
    const age = now - statSync(file).mtimeMs;
    if (owner === "") return age < writing;
    const state = ownerState(owner);
    return state === "elsewhere" ? age < silence : state === "alive";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw error;
  }
}
