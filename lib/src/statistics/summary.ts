import { studentCritical } from "./distributions";
import { checkFinite, checkLevel, type Interval, mean, variance } from "./samples";

/** What stands behind one error bar. NaN where a value does not exist. */
export interface Summary {
  readonly n: number;
  /** NaN of no values. */
  readonly mean: number;
  /** Standard deviation, ddof 1; NaN below two values. */
  readonly sd: number;
  /** sd/√n; NaN below two values. */
  readonly standardError: number;
  /** Of the mean, by Student's t; NaN below two values. */
  readonly interval: Interval;
  /** Coverage of the interval. */
  readonly level: number;
}

/**
 * Mean, spread and t interval of a sample.
 *
 * @param options `level`: coverage of the interval, in (0, 1); 0.95 when not given
 * @throws RangeError when a value is not finite or the level is out of range
 */
export function summary(values: ArrayLike<number>, options: { readonly level?: number } = {}): Summary {
  const { level = 0.95 } = options;
  checkFinite("summary", values);
  checkLevel("summary", level);
  const n = values.length;
  const centre = mean(values);
  const sd = Math.sqrt(variance(values));
  const standardError = sd / Math.sqrt(n);
  const half = n < 2 ? Number.NaN : studentCritical(level, n - 1) * standardError;
  return { n, mean: centre, sd, standardError, interval: { low: centre - half, high: centre + half }, level };
}
