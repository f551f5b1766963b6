import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, matchedSeeds, type Protocol, paperDatasets } from "../experiments/protocol";
import { accuracyRows } from "../experiments/tables";
import { datasetLabel, percent } from "../figures/estimate";
import { mean } from "../statistics/samples";
import { trend } from "../statistics/trend";
import { besides, type Cell, cellsOf, differenceOf, missingRuns, pairsOf } from "./cells";
import { type Claim, type ClaimStatement, notTestable, type ProtocolResult, side, type Verdict } from "./claim";
import { datasetList, estimateText, plain, pText, signed } from "./format";
import { alpha } from "./margins";
import { matchedClaims } from "./r1-gains";

const comparisons = { "as stated": "matched", "like for like": "matched, scattered" } as const;

type Comparison = keyof typeof comparisons;

const names = Object.keys(comparisons) as Comparison[];

/** The paper's data sets, from the one that it says gains least to the one that gains most. */
const paperOrder: readonly string[] = Object.keys(matchedClaims);

/** What data sets are ordered by: all of them by the dense network's error, or the paper's three as the paper has them. */
export type DifficultyOrder = "dense error" | "the paper's";

/** The gain of a matched start over ERK at 90 % on one data set, beside how difficult that is. */
export interface DifficultyRow {
  readonly protocol: Protocol;
  readonly comparison: Comparison;
  readonly dataset: string;
  /** 1 is the easiest. */
  readonly rank: number;
  /** Test error of the dense network after the last epoch, in per cent, mean over seeds. */
  readonly denseError: number;
  /** In percentage points, paired by seed, with the 95 % t interval. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Whether the gain rises from the easiest data set to the most difficult. */
export interface TrendRow {
  readonly protocol: Protocol;
  readonly comparison: Comparison;
  readonly order: DifficultyOrder;
  readonly datasets: number;
  /** Percentage points of gain from one data set to the next more difficult one, with the 95 % interval. */
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  /** Number of pairs over all data sets. */
  readonly n: number;
  /** Two-sided, of no slope, by permutation over seeds: about these data sets. */
  readonly p: number;
  /** With the data sets as the sample: Spearman's ρ of gain and difficulty, and its exact p. */
  readonly rho: number;
  readonly rhoP: number;
}

interface Level {
  readonly row: Omit<DifficultyRow, "rank">;
  readonly gains: readonly number[];
}

/** Data sets by difficulty, for every protocol and comparison. */
export function difficultyRows(runs: readonly PaperRun[]): DifficultyRow[] {
  return ladders(runs).flatMap((ladder) => ladder.map(({ row }, i) => ({ ...row, rank: i + 1 })));
}

/** The trend over data sets in both orders; none of a protocol with fewer than two. */
export function trendRows(runs: readonly PaperRun[]): TrendRow[] {
  return ladders(runs).flatMap((ladder) => [
    ...trendRow(ladder, "dense error"),
    ...trendRow(
      paperOrder.flatMap((dataset) => ladder.filter(({ row }) => row.dataset === dataset)),
      "the paper's",
    ),
  ]);
}

function trendRow(ladder: readonly Level[], order: DifficultyOrder): TrendRow[] {
  const levels = ladder.filter(({ gains }) => gains.length > 1);
  if (levels.length < 2) return [];
  const { slope, interval, n, p, levels: overLevels } = trend(levels.map(({ gains }) => gains));
  const { protocol, comparison } = levels[0].row;
  return [
    {
      ...{ protocol, comparison, order, datasets: levels.length, slope, low: interval.low, high: interval.high },
      ...{ n: n.reduce((sum, each) => sum + each, 0), p, rho: overLevels.rho, rhoP: overLevels.p },
    },
  ];
}

/** Data sets in the order of the dense network's error, one list for each protocol and comparison. */
function ladders(runs: readonly PaperRun[]): Level[][] {
  const cells = cellsOf(runs, ["rigl"]);
  return [...new Set(cells.map(({ protocol }) => protocol))].flatMap((protocol) =>
    names.map((comparison) =>
      cells
        .filter(
          (cell) =>
            cell.protocol === protocol && cell.sparsity === mainSparsity && cell.label === comparisons[comparison],
        )
        .flatMap((cell) => levelOf(cell, cells, comparison))
        .sort((a, b) => a.row.denseError - b.row.denseError),
    ),
  );
}

function levelOf(cell: Cell, cells: readonly Cell[], comparison: Comparison): Level[] {
  const [erk, dense] = [besides(cells, cell, "ERK"), besides(cells, cell, "dense")];
  const gain = differenceOf(erk, cell);
  if (erk === undefined || dense === undefined || gain === null) return [];
  const { a, b } = pairsOf(erk, cell);
  const { protocol, dataset } = cell;
  const denseError = 100 * (1 - mean(accuracyRows(dense.runs).map(({ accuracy }) => accuracy)));
  const row = { protocol, comparison, dataset, denseError, mean: gain.mean, low: gain.low, high: gain.high, n: gain.n };
  return [{ row, gains: b.map((value, i) => value - a[i]) }];
}

const statement: ClaimStatement = {
  id: "R2",
  title: "The advantage grows with task difficulty",
  paper: "The gain of R1 grows with task difficulty: Fashion-MNIST, then EMNIST, then Forest Cover.",
  hypothesis: `At ${percent(mainSparsity)}, matched − ERK rises from the data set on which the dense network errs least to the one on which it errs most, and does not fall in the paper's own order.`,
  test: `Permutation test of the linear trend, ${matchedSeeds} seeds a data set: over the ranks of the dense test error under the same protocol, on four data sets; and over the paper's order (${datasetList(paperOrder)}), on its three. Each also like for like, with scattered inputs.`,
  margin: `A gain rises where its slope over dense error is > 0 with p < ${alpha}, two-sided, unless its slope in the paper's order is < 0 with p < ${alpha}. Reproduced: as stated and like for like; partly: one of the two; else not reproduced.`,
  amended:
    "At first only the order of the dense error was tested. The paper names an order of three data sets and no measure of difficulty: a gain that surely falls in that order no longer counts as rising. Before, the verdict under plain was partly.",
  limits:
    "Data sets that differ in more than difficulty: the test is about these. As a sample of tasks, four levels cannot reach p < .08, and three not p < .33. MNIST is not in the paper's order.",
  whatWouldChange: "More data sets, or one data set made gradually more difficult.",
  notebook: "3-rigl",
  command: "npm run psn -- run rigl",
};

/** R2: the gain grows with difficulty. */
export const r2: Claim = { statement, protocols: ["plain", "tuned"], judge };

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const grid = { datasets: paperDatasets, sparsities: [mainSparsity] };
  const missing = missingRuns(cellsOf(runs, ["rigl"]), [
    { ...grid, labels: ["ERK", ...Object.values(comparisons)], seeds: matchedSeeds },
    { ...grid, labels: ["dense"], seeds: gridSeeds },
  ]);
  const rows = trendRows(runs);
  const levels = difficultyRows(runs);
  const findings = [...levels.map(describeLevel), ...rows.map(describeTrend)];
  const estimates = rows.map(({ comparison, order, slope, low, high, n, p }) => ({
    quantity: `slope of the gain ${orderText[order]}, ${comparison}`,
    unit: "pp a data set",
    estimate: slope,
    low,
    high,
    n,
    p,
    sides: levels
      .filter((level) => level.comparison === comparison && isOrdered(level.dataset, order))
      .map(({ dataset, mean: gain }) => side(`gain on ${datasetLabel(dataset)}`, gain)),
  }));
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const rising = names.filter((comparison) => isRising(rows.filter((row) => row.comparison === comparison)));
  const verdict: Verdict =
    rising.length === names.length ? "reproduced" : rising.length > 0 ? "partly" : "not reproduced";
  return { protocol, verdict, headline: rows.map(trendText).join("; "), findings, estimates, missing };
}

const orderText: Readonly<Record<DifficultyOrder, string>> = {
  "dense error": "by dense error",
  "the paper's": "in the paper's order",
};

function isOrdered(dataset: string, order: DifficultyOrder): boolean {
  return order === "dense error" || paperOrder.includes(dataset);
}

/** Whether a gain rises over the dense error, and does not surely fall in the paper's order. */
function isRising(rows: readonly TrendRow[]): boolean {
  const has = (order: DifficultyOrder, sign: number): boolean =>
    rows.some((row) => row.order === order && sign * row.slope > 0 && row.p < alpha);
  return has("dense error", 1) && !has("the paper's", -1);
}

function describeLevel(row: DifficultyRow): string {
  return `${datasetLabel(row.dataset)}, ${row.comparison}: the dense network errs in ${plain(row.denseError)} %, ${comparisons[row.comparison]} gains ${estimateText(row)}.`;
}

function trendText({ comparison, order, slope, low, high, n, p }: TrendRow): string {
  return `${comparison}, ${orderText[order]} ${estimateText({ mean: slope, low, high, n, p }, "pp a data set")}`;
}

function describeTrend(row: TrendRow): string {
  return `Trend over ${row.datasets} data sets, ${trendText(row)}; with the data sets as the sample, ρ = ${signed(row.rho)}, ${pText(row.rhoP)}.`;
}
