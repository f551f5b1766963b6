import { createRandom, type Random } from "../random";
import { normalTwoSided, studentCritical } from "./distributions";
import { checkLevel, type Interval } from "./samples";

/** How an interval is resampled: the definition of an error bar as data. */
export interface BootstrapOptions {
  /** Number of resamples, at least 1; 10 000 when not given. */
  readonly resamples?: number;
  /** Coverage, in (0, 1); 0.95 when not given. */
  readonly level?: number;
  /** Source of randomness; a fresh `createRandom(0)` when not given, so that the same data give the same interval. */
  readonly random?: Random;
}

/** A statistic with its bootstrap interval. */
export interface BootstrapInterval extends Interval {
  /** The statistic of the samples themselves. */
  readonly estimate: number;
  readonly level: number;
  readonly resamples: number;
}

/**
 * Percentile bootstrap interval of any statistic of exchangeable samples (Efron & Tibshirani 1993, chapter 13).
 *
 * A sample is whatever varies: a number, or all that one seed gave. Percentile rather than BCa, because the
 * acceleration that BCa takes from five or ten jackknife values is mostly noise. With so few samples the interval is
 * too short: of normal data it covers the mean 82 times in 100 at n = 5, 89 at n = 10 (simulated). So show n with it.
 *
 * @param statistic of a resample as long as `samples`; it may be infinite but must not be NaN
 * @throws RangeError on no samples, options out of range, or a statistic that is NaN
 */
export function bootstrap<T>(
  statistic: (samples: readonly T[]) => number,
  samples: readonly T[],
  options: BootstrapOptions = {},
): BootstrapInterval {
  const { resamples = 10_000, level = 0.95, random = createRandom(0) } = options;
  checkLevel("bootstrap", level);
  if (samples.length === 0) throw new RangeError("bootstrap: no samples; pass at least one");
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new RangeError(`bootstrap: resamples ${resamples} is not a positive integer; pass for example 10000`);
  }
  const estimate = statistic(samples);
  const replicates = Float64Array.from({ length: resamples }, () =>
    statistic(samples.map(() => samples[random.integer(samples.length)])),
  ).sort();
  if (Number.isNaN(estimate) || Number.isNaN(replicates[resamples - 1])) {
    throw new RangeError(
      "bootstrap: the statistic is NaN for the samples or a resample; let it answer every resample, such as one that repeats a single sample",
    );
  }
  const tail = (1 - level) / 2;
  return { estimate, low: quantile(replicates, tail), high: quantile(replicates, 1 - tail), level, resamples };
}

/**
 * The level to ask {@link bootstrap} for so that a percentile interval of so few samples covers as it should: that of
 * the expanded percentile interval (Hesterberg, The American Statistician 69, 2015), which makes up for resamples that
 * vary by √((n − 1)/n) too little and for normal tails where Student's are due. Of normal data, what it asks for 95
 * covers the mean 91 times in 100 at n = 5, 95 at n = 10 (simulated): five values have no resamples far enough out.
 *
 * @param level wanted, in (0, 1)
 * @param n number of samples, at least 2
 * @returns in (level, 1): 0.95 asks for 0.998 at n = 5, 0.983 at n = 10
 * @throws RangeError on other values
 */
export function expandedLevel(level: number, n: number): number {
  checkLevel("expandedLevel", level);
  if (!Number.isInteger(n) || n < 2) throw new RangeError(`expandedLevel: n ${n} is not an integer of at least 2`);
  return 1 - normalTwoSided(Math.sqrt(n / (n - 1)) * studentCritical(level, n - 1));
}

/** Linear between order statistics (Hyndman & Fan 1996, type 7), as numpy has it. */
function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low === high ? low : low + (at - Math.floor(at)) * (high - low);
}
