import { type Correlation, correlationCoefficient } from "./correlation";
import { normalCritical } from "./distributions";
import { checkLevel, checkPairs, isConstant, mean } from "./samples";

/**
 * Correlation of x and y that a third quantity does not account for: Pearson's r of what linear regressions on it leave
 * of both, with Fisher's interval of one pair less. Where the third all but determines one of them, what is left is
 * mostly noise, and r with it.
 *
 * @param x one value per item
 * @param y of the same items
 * @param given of the same items, such as what a mechanical null predicts for y
 * @param options `level`: coverage of the interval, in (0, 1); 0.95 when not given
 * @returns r NaN below three items and when `given` determines x or y exactly; interval NaN below five
 * @throws RangeError when lengths differ, a value is not finite, or the level is out of range
 */
export function partialCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  given: ArrayLike<number>,
  options: { readonly level?: number } = {},
): Correlation {
  const { level = 0.95 } = options;
  checkPairs("partialCorrelation", x, y);
  checkPairs("partialCorrelation", x, given);
  checkLevel("partialCorrelation", level);
  const n = x.length;
  const r = correlationCoefficient(residuals(x, given), residuals(y, given));
  const half = n < 5 ? Number.NaN : normalCritical(level) / Math.sqrt(n - 4);
  const z = Math.atanh(r);
  return { n, r, interval: { low: Math.tanh(z - half), high: Math.tanh(z + half) }, level };
}

/** What the least-squares line on `given` leaves of values, with nothing left where that is mere rounding. */
function residuals(values: ArrayLike<number>, given: ArrayLike<number>): Float64Array {
  const centre = mean(values);
  const middle = mean(given);
  let rises = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    rises += (given[i] - middle) * (values[i] - centre);
    squares += (given[i] - middle) ** 2;
  }
  const slope = isConstant(given) ? 0 : rises / squares;
  const left = Float64Array.from(values, (value, i) => value - centre - slope * (given[i] - middle));
  const rounding = 1e-12 * Math.max(...Array.from(values, (value) => Math.abs(value - centre)));
  return isConstant(left, rounding) ? left.fill(0) : left;
}
