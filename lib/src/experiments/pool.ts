import { join } from "node:path";
import Piscina from "piscina";
import type { TrainProgress } from "../training/loop";
import { type RunOutcome, recordFailure } from "./compute-run";
import { openStore } from "./store";
import type { WorkerNews, WorkerTask } from "./worker";

/** Worker threads that compute runs, one each at a time. */
export interface RunPool {
  /**
   * Computes and records a run. If its worker dies the run is tried once more, and then recorded as failed.
   *
   * @throws Error when the pool is closed meanwhile
   */
  compute(task: WorkerTask, onProgress: (training: TrainProgress) => void): Promise<RunOutcome>;
  /** Stops all workers at once, whatever they do, and waits until they are gone. */
  close(): Promise<void>;
}

/** Starts so many worker threads. `filename` is the compiled worker. */
export function createPool(workers: number, filename: string = join(__dirname, "worker.js")): RunPool {
  const pool = new Piscina<WorkerTask, RunOutcome>({ filename, minThreads: workers, maxThreads: workers });
  const listeners = new Map<string, (training: TrainProgress) => void>();
  pool.on("message", ({ id, training }: WorkerNews) => listeners.get(id)?.(training));
  // A worker that dies between two runs costs nothing, and is replaced.
  pool.on("error", () => undefined);
  let closing: Promise<void> | null = null;
  return {
    async compute(task, onProgress) {
      const { run, folder, origin } = task;
      const started = performance.now();
      const attempt = (): Promise<RunOutcome> => {
        if (closing !== null) throw new Error("the pool is closed");
        return pool.run(task);
      };
      listeners.set(run.id, onProgress);
      try {
        return await attempt().catch(attempt);
      } catch (error) {
        if (closing !== null) throw error;
        const seconds = Math.round(performance.now() - started) / 1000;
        const reason = `its worker died, twice: ${(error as Error).message}`;
        return recordFailure(run, reason, { store: openStore(folder), origin, seconds });
      } finally {
        listeners.delete(run.id);
      }
    },
    close() {
      closing ??= pool.destroy();
      return closing;
    },
  };
}
