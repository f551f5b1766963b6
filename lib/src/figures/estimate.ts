import { grey } from "./theme";

/** A mean over runs with its interval, all in the unit of the column; `low` and `high` are NaN where n = 1. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Number of runs (seeds). */
  readonly n: number;
}

/** How the intervals of a table were made, for the caption. */
export const defaultInterval = "95 % t intervals of the mean";

/**
 * Refuses a table that would be drawn wrong without anyone noticing.
 *
 * @param where named in the error: "figure2"
 * @param bound the largest magnitude a mean may have: 1 for accuracies and their differences
 */
export function checkEstimates(where: string, rows: readonly Estimate[], bound: number): void {
  if (rows.length === 0) throw new RangeError(`${where}: the table has no rows; pass at least one`);
  for (const row of rows) {
    const { mean, low, high, n } = row;
    const described = `${where}: row ${JSON.stringify(row)}`;
    if (!(Math.abs(mean) <= bound)) {
      throw new RangeError(`${described} has mean ${mean}; allowed is −${bound} … ${bound} (a share, not per cent)`);
    }
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`${described} has n = ${n}; it must be an integer ≥ 1`);
    if (n > 1 && !(low <= mean && mean <= high)) {
      throw new RangeError(`${described} has an interval ${low} … ${high} that does not hold its mean`);
    }
  }
}

/** "n = 3 seeds", or "n = 2 to 5 seeds" where rows differ. */
export function seedCount(rows: readonly Estimate[]): string {
  const counts = rows.map((row) => row.n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (least === most) return `n = ${most} ${most === 1 ? "seed" : "seeds"}`;
  return `n = ${least} to ${most} seeds`;
}

/** The sentence of a caption that says what the bars are, what they are over, and what varies between seeds. */
export function describeBars(rows: readonly Estimate[], interval: string): string {
  const varies = "a seed fixes the order of the batches, the wiring and the initial weights";
  const alone = rows.some((row) => row.n === 1);
  if (rows.every((row) => row.n === 1)) return `One run each (n = 1 seed), so no interval can be given; ${varies}.`;
  return `Bars and bands: ${interval} over ${seedCount(rows)}${alone ? " (no bar where n = 1)" : ""}; ${varies}.`;
}

/** Plotly's error bars for estimates multiplied by `scale`: asymmetric, none where the interval is NaN. */
export function errorBars(rows: readonly Estimate[], scale: number, color: string): Record<string, unknown> {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value * scale : null);
  return {
    type: "data",
    symmetric: false,
    array: rows.map((row) => finite(row.high - row.mean)),
    arrayminus: rows.map((row) => finite(row.mean - row.low)),
    color: color || grey.text,
    thickness: 1.2,
    width: 0,
  };
}

/** The lowest and highest value that any row reaches, interval included. */
export function extent(rows: readonly Estimate[]): readonly [number, number] {
  const values = rows.flatMap((row) => [row.mean, row.low, row.high]).filter(Number.isFinite);
  return [Math.min(...values), Math.max(...values)];
}

/** The distinct values in order of first appearance. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Sparsities as an axis shows them, in per cent: 0.999 → "99.9". */
export function percentTick(share: number): string {
  return String(Number((share * 100).toFixed(3)));
}

/** A share as per cent without needless digits: 0.9 → "90 %", 0.999 → "99.9 %". */
export function percent(share: number): string {
  return `${percentTick(share)} %`;
}

/** A difference (0.0012) in percentage points, with its sign: "+0.12", "−1.30", "+12.3". */
export function signedPoints(difference: number): string {
  const points = Math.abs(100 * difference);
  const text = points.toFixed(points < 9.995 ? 2 : 1);
  return Number(text) === 0 ? text : `${difference < 0 ? "−" : "+"}${text}`;
}

/** "a, b and c" */
export function enumerate(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

/** The tables' short name of a data set as a reader knows it; a name not listed stands as it is. */
export function datasetLabel(name: string): string {
  const labels: Readonly<Record<string, string>> = {
    mnist: "MNIST",
    "fashion-mnist": "Fashion-MNIST",
    "emnist-balanced": "EMNIST Balanced",
    "emnist-letters": "EMNIST Letters",
    covtype: "Forest Cover",
  };
  return labels[name] ?? name;
}
