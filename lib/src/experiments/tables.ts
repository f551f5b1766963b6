import { fanInStatistics } from "../measures/fan-in";
import type { RecordedRun } from "./run-grid";

/** One run as a row: what every accuracy table and figure starts from. */
export interface AccuracyRow {
  readonly dataset: string;
  /** 0 for dense networks. */
  readonly sparsity: number;
  readonly label: string;
  readonly seed: number;
  /** Test accuracy after the last epoch, 0 … 1. */
  readonly accuracy: number;
}

/** Mean accuracy (0 … 1) of one label at one sparsity of one data set over n seeds, with its 95 % interval. */
export interface AccuracyEstimate {
  readonly dataset: string;
  readonly sparsity: number;
  readonly label: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Fan-in CV over all neurons of one layer after one update of one run. */
export interface FanInCvRow {
  readonly dataset: string;
  readonly sparsity: number;
  readonly label: string;
  readonly seed: number;
  /** From 0, the layer next to the inputs. */
  readonly layer: number;
  /** 0 at the start. */
  readonly step: number;
  readonly cv: number;
}

export function accuracyRows(runs: readonly RecordedRun[]): AccuracyRow[] {
  return runs.map(({ label, record: { config, result } }) => {
    const { dataset, sparsity, seed } = config;
    return { dataset, sparsity, label, seed, accuracy: result.accuracy };
  });
}

/** Fan-in CVs at the start and after every update, of every sparse layer. */
export function fanInCvRows(runs: readonly RecordedRun[]): FanInCvRow[] {
  return runs.flatMap(({ label, record: { config, result } }) => {
    const { dataset, sparsity, seed } = config;
    return result.layers.flatMap(({ layer, fanIn, updates }) => {
      const row = (step: number, cv: number): FanInCvRow => ({ dataset, sparsity, label, seed, layer, step, cv });
      const start = row(0, fanInStatistics(fanIn[0]).cv);
      return [start, ...updates.step.map((step, i) => row(step, updates.cv[i]))];
    });
  });
}

/** The rows after the last update of each run and layer. */
export function lastOfEachRun(rows: readonly FanInCvRow[]): FanInCvRow[] {
  const last = new Map<string, FanInCvRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.dataset, row.sparsity, row.label, row.seed, row.layer]);
    const seen = last.get(key);
    if (seen === undefined || row.step > seen.step) last.set(key, row);
  }
  return [...last.values()];
}
