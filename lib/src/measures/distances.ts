import { mean } from "../statistics/samples";

/**
 * Normalised 1-Wasserstein distance between two fan-in distributions:
 * ∫|Qa(u) − Qb(u)| du over the mean of the two means, Q the empirical quantile functions.
 *
 * For vectors of equal length this is mean |a₍ᵢ₎ − b₍ᵢ₎| / mean over the sorted values; vectors of unequal length
 * are matched by quantile, exactly, so that layers of different width compare. 0 means equal distributions
 * (which two vectors of zeros are), 2 is the largest value. With equal means it is a metric.
 *
 * @returns in 0 … 2; NaN when a vector is empty
 * @throws RangeError when a value is negative or not finite
 */
export function wasserstein(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = sortedValues("wasserstein", a);
  const y = sortedValues("wasserstein", b);
  if (x.length === 0 || y.length === 0) return Number.NaN;
  // Quantile steps end at multiples of 1/|x| and of 1/|y|: in units of 1/(|x|·|y|) all of them are integers.
  let distance = 0;
  let at = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const end = Math.min((i + 1) * y.length, (j + 1) * x.length);
    distance += (end - at) * Math.abs(x[i] - y[j]);
    at = end;
    if (at === (i + 1) * y.length) i++;
    if (at === (j + 1) * x.length) j++;
  }
  if (distance === 0) return 0;
  return distance / (x.length * y.length) / ((mean(x) + mean(y)) / 2);
}

/**
 * Two-sample Kolmogorov–Smirnov distance: the largest gap between the two cumulative distributions.
 *
 * @returns in 0 … 1; NaN when a vector is empty
 * @throws RangeError when a value is negative or not finite
 */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const x = sortedValues("kolmogorovSmirnov", a);
  const y = sortedValues("kolmogorovSmirnov", b);
  if (x.length === 0 || y.length === 0) return Number.NaN;
  let gap = 0;
  for (let i = 0, j = 0; i < x.length && j < y.length; ) {
    const value = Math.min(x[i], y[j]);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    gap = Math.max(gap, Math.abs(i * y.length - j * x.length));
  }
  return gap / (x.length * y.length);
}

function sortedValues(caller: string, values: ArrayLike<number>): Float64Array {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]) || values[i] < 0) {
      throw new RangeError(`${caller}: value ${values[i]} at ${i} is not a finite number of at least 0`);
    }
  }
  return Float64Array.from(values).sort();
}
