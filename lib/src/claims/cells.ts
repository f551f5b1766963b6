import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { accuracyRows } from "../experiments/tables";
import { datasetLabel } from "../figures/estimate";
import { studentCritical, studentTwoSided } from "../statistics/distributions";
import { differenceRounding, mean, variance } from "../statistics/samples";

/** Runs of one experiment family that differ in nothing but the seed, in the order of their seeds. */
export interface Cell {
  readonly protocol: Protocol;
  readonly dataset: string;
  /** 0 for dense networks. */
  readonly sparsity: number;
  readonly label: string;
  readonly runs: readonly PaperRun[];
}

/**
 * The cells of some experiments. Labels mean the same in `static` and `cv`, but not in `static` and `rigl`: a cell must
 * never mix those. A run that two experiments share counts once.
 */
export function cellsOf(runs: readonly PaperRun[], experiments: readonly string[]): Cell[] {
  const groups = new Map<string, Map<number, PaperRun>>();
  for (const run of runs) {
    if (!experiments.includes(run.experiment)) continue;
    const { dataset, sparsity, seed } = run.record.config;
    const key = JSON.stringify([run.protocol, dataset, sparsity, run.label]);
    const group = groups.get(key) ?? new Map<number, PaperRun>();
    groups.set(key, group);
    if (!group.has(seed)) group.set(seed, run);
  }
  return [...groups.values()].map((group) => {
    const bySeed = [...group].sort(([a], [b]) => a - b).map(([, run]) => run);
    const [{ protocol, label, record }] = bySeed;
    const { dataset, sparsity } = record.config;
    return { protocol, dataset, sparsity, label, runs: bySeed };
  });
}

/** The cell of another label beside a cell: same protocol, data set and sparsity (0 for `dense`). */
export function besides(
  cells: readonly Cell[],
  { protocol, dataset, sparsity }: Cell,
  label: string,
): Cell | undefined {
  const level = label === "dense" ? 0 : sparsity;
  return cells.find(
    (cell) => cell.protocol === protocol && cell.dataset === dataset && cell.sparsity === level && cell.label === label,
  );
}

/** Test accuracies after the last epoch of the seeds that two cells share, in per cent. */
export interface Pairs {
  readonly seeds: readonly number[];
  readonly a: readonly number[];
  readonly b: readonly number[];
}

export function pairsOf(a: Cell, b: Cell): Pairs {
  const others = new Map(accuracyRows(b.runs).map(({ seed, accuracy }) => [seed, 100 * accuracy]));
  const shared = accuracyRows(a.runs).filter(({ seed }) => others.has(seed));
  return {
    seeds: shared.map(({ seed }) => seed),
    a: shared.map(({ accuracy }) => 100 * accuracy),
    b: shared.map(({ seed }) => others.get(seed) as number),
  };
}

/** A mean difference b − a in percentage points, paired by seed. */
export interface Difference {
  /** Number of pairs. */
  readonly n: number;
  /** Means of the arms over the pairs, and of b − a. */
  readonly a: number;
  readonly b: number;
  readonly mean: number;
  /** 95 % t interval; NaN for one pair. */
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  /** Two-sided, of no difference; NaN for one pair. */
  readonly p: number;
  /** One-sided, of no gain. */
  readonly gainP: number;
}

/**
 * {@link pairedDifference} of two cells' accuracies, in percentage points.
 *
 * @returns null where the cells share no seed
 */
export function differenceOf(a: Cell | undefined, b: Cell | undefined): Difference | null {
  if (a === undefined || b === undefined) return null;
  const pairs = pairsOf(a, b);
  return pairs.seeds.length === 0 ? null : pairedDifference(pairs.a, pairs.b);
}

/**
 * Paired t test of b − a. Differences that are all equal have no variance: their interval is a point, and p is 0, or 1
 * where they are 0 (or, of the one-sided p, no gain).
 *
 * @param a one value per seed, at least one
 * @param b the other arm, seeds in the same order
 */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  const n = a.length;
  const differences = b.map((value, i) => value - a[i]);
  const rounding = differenceRounding(a, b);
  const centre = Math.abs(mean(differences)) <= rounding ? 0 : mean(differences);
  const standardError = Math.sqrt(variance(differences, rounding) / n);
  const half = standardError === 0 ? 0 : n < 2 ? Number.NaN : studentCritical(0.95, n - 1) * standardError;
  const p = twoSided(centre, standardError, n - 1);
  const gainP = centre > 0 ? p / 2 : 1 - p / 2;
  const arms = { a: mean(a), b: mean(b) };
  return { n, ...arms, mean: centre, low: centre - half, high: centre + half, standardError, p, gainP };
}

function twoSided(centre: number, standardError: number, df: number): number {
  if (standardError === 0) return centre === 0 ? 1 : 0;
  return studentTwoSided(centre / standardError, df);
}

/** Which runs a test needs. */
export interface Wanted {
  readonly datasets: readonly string[];
  readonly sparsities: readonly number[];
  /** `dense` is wanted once, whatever the sparsities. */
  readonly labels: readonly string[];
  /** Seeds 0 … seeds − 1. */
  readonly seeds: number;
}

/** What is not there of what is wanted: a line for each data set, "MNIST: 12 of 90 runs". */
export function missingRuns(cells: readonly Cell[], wanted: readonly Wanted[]): string[] {
  const totals = new Map<string, { missing: number; all: number }>();
  for (const { datasets, sparsities, labels, seeds } of wanted) {
    for (const dataset of datasets) {
      const total = totals.get(dataset) ?? { missing: 0, all: 0 };
      totals.set(dataset, total);
      for (const label of labels) {
        for (const sparsity of label === "dense" ? [0] : sparsities) {
          const cell = cells.find((one) => one.dataset === dataset && one.label === label && one.sparsity === sparsity);
          const there = (cell?.runs ?? []).filter(({ record }) => record.config.seed < seeds).length;
          total.all += seeds;
          total.missing += seeds - there;
        }
      }
    }
  }
  return [...totals].flatMap(([dataset, { missing, all }]) =>
    missing === 0 ? [] : [`${datasetLabel(dataset)}: ${missing} of ${all} runs`],
  );
}
