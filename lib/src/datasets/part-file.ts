import { readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { threadId } from "node:worker_threads";
import { ownerState, thisProcess } from "../owner";

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

function partName(target: string): string {
  return `${target}.${thisProcess()}-${threadId}-${claims++}.part`;
}

async function leftovers(target: string): Promise<string[]> {
  const prefix = `${basename(target)}.`;
  const names = await readdir(dirname(target));
  return names.filter((name) => name.startsWith(prefix) && !inUse(name, name.slice(prefix.length)));
}

/** What another machine left is not for this one to take: it cannot see whether it is still being written. */
function inUse(name: string, suffix: string): boolean {
  const match = /^(.+)-(\d+)-\d+\.part$/.exec(suffix);
  if (!match) return true; // not a name of ours
  const [, owner, thread] = match;
  if (owner === thisProcess() && Number(thread) === threadId) return mine.has(name);
  return ownerState(owner) !== "dead";
}
