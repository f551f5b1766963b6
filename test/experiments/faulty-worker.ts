/** The worker of the pool, but runs of certain seeds meet with an accident. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { computeRun, type RunOutcome } from "psn/dist/experiments/compute-run";
import { openStore, recordedIds } from "psn/dist/experiments/store";
import work, { type WorkerTask } from "psn/dist/experiments/worker";

/** What befalls runs of these seeds. */
export const accident = { exitOnce: 1001, exitAlways: 1002, throwAlways: 1003, diskFull: 1004 } as const;

export default async function faultyWork(task: WorkerTask): Promise<RunOutcome> {
  const { run, folder, dataset, origin } = task;
  const { seed } = run.config;
  if (seed === accident.exitAlways || (seed === accident.exitOnce && isFirst(folder))) process.exit(7);
  if (seed === accident.throwAlways) {
    setImmediate(() => {
      throw new Error("thrown where nobody catches");
    });
    await new Promise(() => setInterval(() => undefined, 1000));
  }
  if (seed !== accident.diskFull) return work(task);
  while (recordedIds(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  return computeRun(run, dataset, { store: openStore(folder, undefined, writeHalf), origin });
}

function isFirst(folder: string): boolean {
  try {
    writeFileSync(join(folder, "exited"), "", { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function writeHalf(handle: number, text: string): void {
  writeFileSync(handle, text.slice(0, text.length / 2));
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}
