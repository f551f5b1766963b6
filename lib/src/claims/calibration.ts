import type { PaperRun } from "../experiments/part";
import { datasetLabel } from "../figures/estimate";
import { pearson } from "../statistics/correlation";
import { mean } from "../statistics/samples";
import { type Cell, cellsOf, differenceOf } from "./cells";
import { type Closeness, closeness } from "./closeness";
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
  /** Whether that interval lies within the margin of S1. */
  readonly verdict: Closeness;
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
        verdict: closeness(gap),
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
    const own = rows.filter((row) => row.dataset === dataset).sort((a, b) => a.mean - b.mean);
    const under = (verdict: Closeness): string =>
      list(own.filter((row) => row.verdict === verdict).map((row) => `${row.change} (${estimateText(row)})`));
    return [
      `${datasetLabel(dataset)}, calibration: dense − random is within ${closeMargin} pp, with its whole interval, under ${under("close")}; beyond, likewise, under ${under("apart")}; open under ${under("inconclusive")}.`,
      ...overfitting(dataset, own),
    ];
  });
}

/** Whether the gap is smaller where the dense network overfits more: over changes of the protocol, which are few. */
function overfitting(dataset: string, rows: readonly CalibrationRow[]): string[] {
  const { n, r, interval } = pearson(
    rows.map(({ denseLoses }) => denseLoses),
    rows.map((row) => row.mean),
  );
  if (!Number.isFinite(interval.low)) return [];
  const loses = rows.map(({ denseLoses }) => denseLoses);
  return [
    `${datasetLabel(dataset)}, calibration: from its best epoch to its last the dense network loses ${plain(Math.min(...loses))} to ${plain(Math.max(...loses))} pp; over the ${n} changes, that and the gap correlate with r = ${plain(r)} [${plain(interval.low)}, ${plain(interval.high)}] (both hold the dense network's last epoch, so a part of it is arithmetic).`,
  ];
}

type Accuracies = Pick<PaperRun["record"]["result"], "accuracy" | "bestAccuracy">;

const lost = ({ accuracy, bestAccuracy }: Accuracies): number => bestAccuracy - accuracy;

function meanOver(cell: Cell, value: (result: Accuracies) => number): number {
  return 100 * mean(cell.runs.map(({ record }) => value(record.result)));
}
