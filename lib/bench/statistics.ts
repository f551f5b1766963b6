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

/** @throws RangeError below two different x */
export function lineFit(x: readonly number[], y: readonly number[]): Line {
  const n = x.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [centreX, centreY] = [mean(x), mean(y)];
  const moment = (a: readonly number[], ca: number, b: readonly number[], cb: number): number =>
    a.reduce((sum, value, i) => sum + (value - ca) * (b[i] - cb), 0);
  const spread = moment(x, centreX, x, centreX);
  if (x.length !== y.length || !(spread > 0)) {
    throw new RangeError(`lineFit: ${x.length} x and ${y.length} y; give as many of both, and two different x`);
  }
  const slope = moment(x, centreX, y, centreY) / spread;
  const intercept = centreY - slope * centreX;
  const left = y.reduce((sum, value, i) => sum + (value - intercept - slope * x[i]) ** 2, 0);
  return { slope, intercept, r2: 1 - left / moment(y, centreY, y, centreY) };
}
