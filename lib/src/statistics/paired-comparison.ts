import { createRandom } from "../random";
import { type BootstrapOptions, bootstrap } from "./bootstrap";
import { correlationCoefficient } from "./correlation";
import { studentCritical, studentTwoSided } from "./distributions";
import { checkFinite, checkPairs, differenceRounding, type Interval, mean, variance } from "./samples";
import { signFlip } from "./sign-flip";

/** A t test, two-sided. All NaN where the variance it divides by is zero. */
export interface TTest {
  readonly t: number;
  readonly df: number;
  readonly p: number;
}

/**
 * Two arms compared, paired by seed: every statistic of the paper's tables. Differences are b − a: positive favours b.
 * A value that does not exist, for want of variance, is NaN.
 */
export interface PairedComparison {
  /** Number of pairs. */
  readonly n: number;
  readonly meanDifference: number;
  /** Percentile bootstrap interval of the mean difference; see `bootstrap` on how short it is for few pairs. */
  readonly interval: Interval;
  /** Paired t test of the differences, with the t interval of their mean. */
  readonly pairedT: TTest & { readonly interval: Interval };
  /** p of the sign-flip test: exact up to 20 pairs. */
  readonly signFlipP: number;
  /** Unpaired test that does not assume equal variances (Welch–Satterthwaite df). */
  readonly welch: TTest;
  /** Mean difference over the standard deviation of the differences (ddof 1). */
  readonly dz: number;
  /** Mean difference over √((sd_a² + sd_b²)/2), ddof 1: Cohen's d with the pooled standard deviation. */
  readonly dav: number;
  /** The same with population standard deviations (ddof 0): larger by √(n/(n − 1)). */
  readonly dPopulation: number;
  /** Hedges' g: dav · (1 − 3/(4·df − 1)) with df = 2n − 2. */
  readonly hedgesG: number;
  /** Pearson's r between the arms: what pairing gains. */
  readonly r: number;
}

/**
 * Compares two arms whose values are paired, a[i] with b[i] of the same seed (method, statistics).
 * Primary are the paired t and the sign-flip test; Welch stands beside them.
 *
 * @param a one value per seed, such as accuracy in percentage points
 * @param b the other arm, seeds in the same order
 * @param options `resamples`, `level` (of both intervals) and `random` of the bootstrap; `random` also draws the
 *   signs above 20 pairs
 * @throws RangeError when lengths differ, there are fewer than two pairs, or a value is not finite
 */
export function pairedComparison(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions = {},
): PairedComparison {
  checkPairs("pairedComparison", a, b);
  const n = a.length;
  if (n < 2) throw new RangeError(`pairedComparison: ${n} pairs; at least 2 are needed, one value per seed and arm`);
  const { level = 0.95, random = createRandom(0) } = options;
  const differences = Array.from(b, (value, i) => value - a[i]);
  const { low, high } = bootstrap(mean, differences, { ...options, random: random.fork("bootstrap") });
  const meanDifference = mean(differences);
  const sd = Math.sqrt(variance(differences, differenceRounding(a, b)));
  const dav = ratio(meanDifference, Math.sqrt((variance(a) + variance(b)) / 2));
  return {
    n,
    meanDifference,
    interval: { low, high },
    pairedT: pairedT(meanDifference, sd, n, level),
    signFlipP: signFlip(a, b, { random: random.fork("signs") }),
    welch: welch(a, b),
    dz: ratio(meanDifference, sd),
    dav,
    dPopulation: dav * Math.sqrt(n / (n - 1)),
    hedgesG: dav * (1 - 3 / (4 * (2 * n - 2) - 1)),
    r: correlationCoefficient(a, b),
  };
}

function pairedT(meanDifference: number, sd: number, n: number, level: number): PairedComparison["pairedT"] {
  const standardError = sd / Math.sqrt(n);
  const half = standardError > 0 ? studentCritical(level, n - 1) * standardError : Number.NaN;
  const t = ratio(meanDifference, standardError);
  return {
    t,
    df: n - 1,
    p: studentTwoSided(t, n - 1),
    interval: { low: meanDifference - half, high: meanDifference + half },
  };
}

/**
 * Welch's unpaired t test of mean(b) − mean(a), two-sided.
 *
 * @returns all NaN when both arms are constant or either has fewer than two values
 * @throws RangeError when a value is not finite
 */
export function welch(a: ArrayLike<number>, b: ArrayLike<number>): TTest {
  checkFinite("welch", a);
  checkFinite("welch", b);
  const partA = variance(a) / a.length;
  const partB = variance(b) / b.length;
  const t = ratio(mean(b) - mean(a), Math.sqrt(partA + partB));
  const df = (partA + partB) ** 2 / (partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1));
  return { t, df, p: studentTwoSided(t, df) };
}

/** x/y, but NaN (not ±Infinity) for y = 0: an effect in units of no variance is not defined. */
function ratio(x: number, y: number): number {
  return y > 0 ? x / y : Number.NaN;
}
