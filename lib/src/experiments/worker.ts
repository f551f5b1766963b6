import { parentPort } from "node:worker_threads";
import type { Dataset } from "../datasets/dataset";
import type { TrainProgress } from "../training/loop";
import { computeRun, type RunOrigin, type RunOutcome } from "./compute-run";
import type { IdentifiedRun } from "./identify";
import { openStore } from "./store";

/** What a worker thread is asked to do. */
export interface WorkerTask {
  readonly run: IdentifiedRun;
  /** Its numbers lie in shared memory. */
  readonly dataset: Dataset;
  readonly folder: string;
  readonly origin: RunOrigin;
}

/** What a worker thread tells while it computes. */
export interface WorkerNews {
  readonly id: string;
  readonly training: TrainProgress;
}

/** The data sets that were sent so far: every task brings another object around the same numbers. */
const datasets = new Map<string, Dataset>();

/** Computes and records one run in a worker thread. */
export default function work({ run, dataset, folder, origin }: WorkerTask): Promise<RunOutcome> {
  if (!datasets.has(dataset.name)) datasets.set(dataset.name, dataset);
  const tell = (news: WorkerNews): void => parentPort!.postMessage(news);
  const onProgress = (training: TrainProgress): void => tell({ id: run.id, training });
  return computeRun(run, datasets.get(dataset.name)!, { store: openStore(folder), origin, onProgress });
}
