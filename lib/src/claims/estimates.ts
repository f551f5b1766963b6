import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { type AccuracyEstimate, accuracyRows } from "../experiments/tables";
import { summary } from "../statistics/summary";
import { besides, cellsOf, differenceOf } from "./cells";

/** Mean test accuracy (0 … 1, last epoch) of one cell, with its 95 % t interval: NaN of one run. */
export interface AccuracyEstimateRow extends AccuracyEstimate {
  readonly protocol: Protocol;
}

/** Accuracy of every label in every cell of some experiments in which equal labels mean the same. */
export function accuracyEstimates(runs: readonly PaperRun[], experiments: readonly string[]): AccuracyEstimateRow[] {
  return cellsOf(runs, experiments).map(({ protocol, dataset, sparsity, label, runs: own }) => {
    const { mean, interval, n } = summary(accuracyRows(own).map(({ accuracy }) => accuracy));
    return { protocol, dataset, sparsity, label, mean, ...interval, n };
  });
}

/** A label − another (percentage points, last epoch) in one cell, paired by seed, with the 95 % t interval. */
export type DifferenceRow = AccuracyEstimateRow;

/**
 * Every label against one of them, in every cell of some experiments in which equal labels mean the same; labels (and dense)
 * that share no cell and seed with it are left out.
 */
export function differencesTo(
  against: string,
  runs: readonly PaperRun[],
  experiments: readonly string[],
): DifferenceRow[] {
  const cells = cellsOf(runs, experiments);
  return cells.flatMap((cell) => {
    const { protocol, dataset, sparsity, label } = cell;
    if (label === against) return [];
    const difference = differenceOf(besides(cells, cell, against), cell);
    if (difference === null) return [];
    const { mean, low, high, n } = difference;
    return [{ protocol, dataset, sparsity, label, mean, low, high, n }];
  });
}
