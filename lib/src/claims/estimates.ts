import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { accuracyRows } from "../experiments/tables";
import { summary } from "../statistics/summary";
import { besides, cellsOf, differenceOf } from "./cells";

/** Mean test accuracy (0 … 1, last epoch) of one cell, with its 95 % t interval: NaN of one run. */
export interface AccuracyEstimateRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  /** 0 for dense networks. */
  readonly sparsity: number;
  readonly label: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Accuracy of every label in every cell of some experiments in which equal labels mean the same. */
export function accuracyEstimates(runs: readonly PaperRun[], experiments: readonly string[]): AccuracyEstimateRow[] {
  return cellsOf(runs, experiments).map(({ protocol, dataset, sparsity, label, runs: own }) => {
    const { mean, interval, n } = summary(accuracyRows(own).map(({ accuracy }) => accuracy));
    return { protocol, dataset, sparsity, label, mean, ...interval, n };
  });
}

/** RigL from a start − RigL from ERK (percentage points, last epoch), paired by seed, with the 95 % t interval. */
export interface StartGainRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  readonly start: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Every start of the rigl grid against ERK, at every sparsity; starts that share no seed with it are left out. */
export function startGainRows(runs: readonly PaperRun[]): StartGainRow[] {
  const cells = cellsOf(runs, ["rigl"]);
  return cells.flatMap((cell) => {
    const { protocol, dataset, sparsity, label: start } = cell;
    if (start === "ERK" || start === "dense") return [];
    const gain = differenceOf(besides(cells, cell, "ERK"), cell);
    if (gain === null) return [];
    const { mean, low, high, n } = gain;
    return [{ protocol, dataset, sparsity, start, mean, low, high, n }];
  });
}
