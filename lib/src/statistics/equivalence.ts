import { studentCritical, studentTwoSided } from "./distributions";
import { checkFinite, checkLevel, checkPairs, differenceRounding, type Interval, mean, variance } from "./samples";

/** Whether two arms differ by less than a margin. */
export interface Equivalence {
  /** Number of pairs. */
  readonly n: number;
  readonly meanDifference: number;
  /** Largest difference, either way, that counts as none. */
  readonly margin: number;
  /** Of the mean difference, by Student's t, of coverage 2 · level − 1: 90 % for two one-sided tests of 5 %. */
  readonly interval: Interval;
  /** Of the hypothesis that the difference is at least the margin: the larger p of the two one-sided t tests. */
  readonly p: number;
  /** Of the hypothesis that there is no difference: two-sided paired t test. */
  readonly differenceP: number;
  /**
   * `equivalent`: the interval lies within ±margin, even where it leaves 0 out: a difference too small to count.
   * `different`: it does not, and the two-sided test finds a difference, though not that it exceeds the margin.
   * `inconclusive`: neither, for want of pairs.
   */
  readonly verdict: "equivalent" | "different" | "inconclusive";
}

export interface EquivalenceOptions {
  /** In the unit of the values; above 0, to be fixed before they are seen. */
  readonly margin: number;
  /** 1 − the error of each test, in (0.5, 1); 0.95 when not given. */
  readonly level?: number;
}

/**
 * Paired equivalence test of mean(b) − mean(a): two one-sided t tests (Schuirmann 1987; Lakens 2017), for claims of no
 * difference, which a large p of a test for a difference does not support.
 *
 * Differences that are all equal have no variance: their interval is a point, and p is 0 or 1.
 *
 * @param a one value per seed
 * @param b the other arm, seeds in the same order
 * @throws RangeError when lengths differ, there are fewer than two pairs, a value is not finite, or options are out of
 *   range
 */
export function equivalence(a: ArrayLike<number>, b: ArrayLike<number>, options: EquivalenceOptions): Equivalence {
  checkPairs("equivalence", a, b);
  const differences = Array.from(b, (value, i) => value - a[i]);
  return equivalenceToZero(differences, options, differenceRounding(a, b));
}

/**
 * {@link equivalence} of differences already taken, or of anything that should be about 0.
 *
 * @param rounding values no further apart count as equal
 */
export function equivalenceToZero(
  differences: ArrayLike<number>,
  { margin, level = 0.95 }: EquivalenceOptions,
  rounding: number = 0,
): Equivalence {
  checkFinite("equivalence", differences);
  checkLevel("equivalence", level);
  const n = differences.length;
  if (n < 2) throw new RangeError(`equivalence: ${n} pairs; at least 2 are needed, one value per seed and arm`);
  if (!(margin > 0)) throw new RangeError(`equivalence: margin ${margin} is not above 0; pass what counts as none`);
  if (level <= 0.5) throw new RangeError(`equivalence: level ${level} is not above 0.5; pass for example 0.95`);
  const meanDifference = mean(differences);
  const standardError = Math.sqrt(variance(differences, rounding) / n);
  const half = standardError === 0 ? 0 : studentCritical(2 * level - 1, n - 1) * standardError;
  const interval = { low: meanDifference - half, high: meanDifference + half };
  const p = upperTail(margin - Math.abs(meanDifference), standardError, n - 1);
  const differenceP = 2 * Math.min(0.5, upperTail(Math.abs(meanDifference), standardError, n - 1));
  const verdict = p < 1 - level ? "equivalent" : differenceP < 1 - level ? "different" : "inconclusive";
  return { n, meanDifference, margin, interval, p, differenceP, verdict };
}

/** P(T ≥ x/standardError); without error, whether x is at most 0. */
function upperTail(x: number, standardError: number, df: number): number {
  if (standardError === 0) return x > 0 ? 0 : 1;
  const half = studentTwoSided(x / standardError, df) / 2;
  return x > 0 ? half : 1 - half;
}
