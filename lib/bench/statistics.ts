/** A value with the quartiles of the rounds it comes from. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** y = intercept + slope · x by least squares. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Share of the variance of y that the line explains; NaN where y does not vary. */
  readonly r2: number;
}

/** The quantile of a sample, between order statistics by linear interpolation; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

export function estimate(values: readonly number[]): Estimate {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/**
 * The ratio of two costs measured in turn: of each round first, so that what slows a whole round down cancels.
 *
 * @param costs of one round each
 * @param base of the same rounds
 * @throws RangeError when the rounds differ in number or a cost is not above 0
 */
export function ratio(costs: readonly number[], base: readonly number[]): Estimate {
  if (costs.length !== base.length || costs.length === 0) {
    throw new RangeError(`ratio: ${costs.length} rounds against ${base.length}; both must have the same, at least one`);
  }
  const wrong = [...costs, ...base].find((cost) => !(cost > 0 && Number.isFinite(cost)));
  if (wrong !== undefined) throw new RangeError(`ratio: a cost is ${wrong}; it must be above 0`);
  return estimate(costs.map((cost, round) => cost / base[round]));
}

/**
 * The line of least squares, each point with its weight: 1 for all when not given. Points of very different size want
 * 1/y², by which it is relative errors that are least.
 *
 * @throws RangeError below two different x
 */
export function lineFit(x: readonly number[], y: readonly number[], weights: readonly number[] = x.map(() => 1)): Line {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value, i) => sum + weights[i] * value, 0) / total;
  const [centreX, centreY] = [mean(x), mean(y)];
  const spread = mean(x.map((value) => (value - centreX) ** 2));
  if (x.length !== y.length || x.length !== weights.length || !(spread > 0)) {
    throw new RangeError(`lineFit: ${x.length} x and ${y.length} y; give as many of both, and two different x`);
  }
  const slope = mean(x.map((value, i) => (value - centreX) * (y[i] - centreY))) / spread;
  const intercept = centreY - slope * centreX;
  const left = mean(y.map((value, i) => (value - intercept - slope * x[i]) ** 2));
  return { slope, intercept, r2: 1 - left / mean(y.map((value) => (value - centreY) ** 2)) };
}
