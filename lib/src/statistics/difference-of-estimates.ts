import type { Interval } from "./samples";

/** An estimate with its interval. */
export interface IntervalEstimate extends Interval {
  readonly estimate: number;
}

/**
 * b − a, with an interval recovered from those of both: √ of the sum of squares of the distances from estimate to end
 * on the sides that matter (Zou and Donner 2008, Statistics in Medicine 27: 1693, "MOVER"). Made for independent
 * estimates; where both share what varies and move together, it is too wide. Its level is that of the two intervals.
 *
 * @returns NaN ends where an interval has none
 */
export function differenceOfEstimates(a: IntervalEstimate, b: IntervalEstimate): IntervalEstimate {
  const estimate = b.estimate - a.estimate;
  return {
    estimate,
    low: estimate - Math.hypot(b.estimate - b.low, a.high - a.estimate),
    high: estimate + Math.hypot(b.high - b.estimate, a.estimate - a.low),
  };
}
