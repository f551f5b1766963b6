import { normalCritical } from "./distributions";
import { checkLevel, checkPairs, type Interval, isConstant, mean } from "./samples";

/** A correlation with its interval. */
export interface Correlation {
  /** Number of pairs. */
  readonly n: number;
  /** Pearson's r, in −1 … 1; NaN below two pairs and when either side is constant. */
  readonly r: number;
  /** By Fisher's z (1921); NaN below four pairs, where it does not exist. */
  readonly interval: Interval;
  readonly level: number;
}

/**
 * Pearson's correlation with Fisher's interval.
 *
 * @param options `level`: coverage of the interval, in (0, 1); 0.95 when not given
 * @throws RangeError when lengths differ, a value is not finite, or the level is out of range
 */
export function pearson(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly level?: number } = {},
): Correlation {
  const { level = 0.95 } = options;
  checkPairs("pearson", x, y);
  checkLevel("pearson", level);
  const n = x.length;
  const r = correlationCoefficient(x, y);
  const half = n < 4 ? Number.NaN : normalCritical(level) / Math.sqrt(n - 3);
  const z = Math.atanh(r);
  return { n, r, interval: { low: Math.tanh(z - half), high: Math.tanh(z + half) }, level };
}

/**
 * Spearman's rank correlation ρ: Pearson's r of the ranks, ties given their average rank.
 *
 * @returns in −1 … 1; NaN below two pairs and when either side is constant
 * @throws RangeError when lengths differ or a value is not finite
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkPairs("spearman", x, y);
  return correlationCoefficient(averageRanks(x), averageRanks(y));
}

/** Pearson's r of values already checked; NaN when either side is constant. */
export function correlationCoefficient(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (isConstant(x) || isConstant(y)) return Number.NaN;
  const meanX = mean(x);
  const meanY = mean(y);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < x.length; i++) {
    xx += (x[i] - meanX) ** 2;
    yy += (y[i] - meanY) ** 2;
    xy += (x[i] - meanX) * (y[i] - meanY);
  }
  return Math.max(-1, Math.min(1, xy / (Math.sqrt(xx) * Math.sqrt(yy)))); // rounding may pass ±1 by one unit
}

function averageRanks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) ranks[order[at]] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}
