import type { PaperRun } from "../experiments/part";
import { datasetLabel } from "../figures/estimate";
import { mean } from "../statistics/samples";
import { type Cell, cellsOf, differenceOf } from "./cells";
import { estimateText, list, plain } from "./format";
import { closeMargin } from "./margins";

/** dense − random at 90 % (percentage points, last epoch) under one change of protocol. */
export interface CalibrationRow {
  readonly dataset: string;
  /** "plain", "cosine decay", … */
  readonly change: string;
  readonly mean: number;
  /** 95 % t interval. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Mean accuracies after the last epoch, in per cent. */
  readonly dense: number;
  readonly random: number;
  /** What the networks lose from their best epoch to their last, in percentage points: how far they overfit. */
  readonly denseLoses: number;
  readonly randomLoses: number;
}

/** Where S1 holds: every change of the calibration, data set by data set. */
export function calibrationRows(runs: readonly PaperRun[]): CalibrationRow[] {
  const cells = cellsOf(runs, ["calibration"]);
  return cells.flatMap((sparse) => {
    const change = /^random, (.+)$/.exec(sparse.label)?.[1];
    const { dataset, protocol } = sparse;
    const dense = cells.find(
      (cell) => cell.protocol === protocol && cell.dataset === dataset && cell.label === `dense, ${change}`,
    );
    const gap = differenceOf(sparse, dense);
    if (change === undefined || dense === undefined || gap === null) return [];
    return [
      {
        dataset,
        change,
        mean: gap.mean,
        low: gap.low,
        high: gap.high,
        n: gap.n,
        dense: meanOver(dense, ({ accuracy }) => accuracy),
        random: meanOver(sparse, ({ accuracy }) => accuracy),
        denseLoses: meanOver(dense, lost),
        randomLoses: meanOver(sparse, lost),
      },
    ];
  });
}

/** What the calibration says of S1: where it holds, and what overfitting has to do with it. */
export function calibrationFindings(runs: readonly PaperRun[]): string[] {
  const rows = calibrationRows(runs);
  return [...new Set(rows.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const own = rows.filter((row) => row.dataset === dataset);
    const within = own.filter((row) => row.mean <= closeMargin).sort((a, b) => a.mean - b.mean);
    const rest = own.filter((row) => row.mean > closeMargin).sort((a, b) => a.mean - b.mean);
    const name = (row: CalibrationRow): string => `${row.change} (${estimateText(row)})`;
    return [
      `${datasetLabel(dataset)}, calibration: the mean of dense − random is within ${closeMargin} pp under ${list(within.map(name))}; beyond under ${list(rest.map(name))}.`,
      ...overfitting(dataset, within, rest),
    ];
  });
}

function overfitting(dataset: string, within: readonly CalibrationRow[], rest: readonly CalibrationRow[]): string[] {
  if (within.length === 0 || rest.length === 0) return [];
  const loses = (rows: readonly CalibrationRow[]): string => plain(mean(rows.map(({ denseLoses }) => denseLoses)));
  return [
    `${datasetLabel(dataset)}, calibration: from its best epoch to its last the dense network loses ${loses(within)} pp where the gap is within, ${loses(rest)} pp where it is beyond.`,
  ];
}

type Accuracies = Pick<PaperRun["record"]["result"], "accuracy" | "bestAccuracy">;

const lost = ({ accuracy, bestAccuracy }: Accuracies): number => bestAccuracy - accuracy;

function meanOver(cell: Cell, value: (result: Accuracies) => number): number {
  return 100 * mean(cell.runs.map(({ record }) => value(record.result)));
}
