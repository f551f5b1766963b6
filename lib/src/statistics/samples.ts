/** Two ends of an interval; both NaN where none exists. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total / values.length;
}

/**
 * Unbiased variance (ddof 1); NaN below two values, and exactly 0 for equal ones, whatever their mean rounds to.
 * Values no further apart than `rounding` count as equal.
 */
export function variance(values: ArrayLike<number>, rounding: number = 0): number {
  if (values.length < 2) return Number.NaN;
  if (isConstant(values, rounding)) return 0;
  const centre = mean(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - centre) ** 2;
  return squares / (values.length - 1);
}

/** Whether no two values are further apart than `rounding`. */
export function isConstant(values: ArrayLike<number>, rounding: number = 0): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return high - low <= rounding;
}

/** @throws RangeError when a value is NaN or infinite, naming it */
export function checkFinite(caller: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new RangeError(
        `${caller}: value ${values[i]} at ${i} is not a finite number; leave failed runs out, in pairs where paired`,
      );
    }
  }
}

/** @throws RangeError unless both arms are finite and of one length */
export function checkPairs(caller: string, a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) {
    throw new RangeError(
      `${caller}: ${a.length} values against ${b.length}; pairs need one of each, in the same order`,
    );
  }
  checkFinite(caller, a);
  checkFinite(caller, b);
}

/** @throws RangeError unless 0 < level < 1 */
export function checkLevel(caller: string, level: number): void {
  if (!(level > 0 && level < 1)) {
    throw new RangeError(`${caller}: level ${level} is not in (0, 1); pass for example 0.95`);
  }
}

/**
 * How far rounding alone can move the sum of the differences b − a. Equal differences of decimal numbers (90.3 − 90.2
 * and 90.4 − 90.3) come out apart by it, so nothing below it may count as a difference.
 */
export function differenceRounding(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let magnitude = 0;
  for (let i = 0; i < a.length; i++) magnitude += Math.abs(a[i]) + Math.abs(b[i]);
  return 4 * Number.EPSILON * magnitude;
}
