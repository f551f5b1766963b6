import { readdir, rename, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";

/**
 * A temporary name beside `target` that no other process uses. Where a process that has since ended left an
 * unfinished download of the same file, that is taken over under the new name, to be resumed.
 *
 * Two processes may fetch the same file at once: each writes its own part, and renaming is atomic, so that the
 * last to finish replaces the other's equal file.
 */
export async function claimPart(target: string): Promise<string> {
  const claimed = partName(target);
  mine.add(basename(claimed));
  for (const name of await leftovers(target)) {
    const left = join(dirname(target), name);
    try {
      await rename(left, claimed);
      return claimed;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error; // otherwise another process took it
    }
  }
  return claimed;
}

/** Gives up the name; what is on disk under it may be taken over by the next {@link claimPart}. */
export function releasePart(part: string): void {
  mine.delete(basename(part));
}

/** Removes what processes that have ended left of `target`, once the whole file is there. */
export async function removeLeftovers(target: string): Promise<void> {
  for (const name of await leftovers(target)) await rm(join(dirname(target), name), { force: true });
}

/** The parts that this thread is writing now. */
const mine = new Set<string>();
let claims = 0;

const host = encodeURIComponent(hostname());

function partName(target: string): string {
  return `${target}.${host}.${process.pid}-${threadId}-${claims++}.part`;
}

async function leftovers(target: string): Promise<string[]> {
  const prefix = `${basename(target)}.${host}.`;
  const names = await readdir(dirname(target));
  return names.filter((name) => name.startsWith(prefix) && !inUse(name, name.slice(prefix.length)));
}

function inUse(name: string, owner: string): boolean {
  const match = /^(\d+)-(\d+)-\d+\.part$/.exec(owner);
  if (!match) return true; // not a name of ours
  const [pid, thread] = [Number(match[1]), Number(match[2])];
  if (pid === process.pid && thread === threadId) return mine.has(name);
  return isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // signal 0 only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
