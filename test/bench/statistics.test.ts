import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { estimate, lineFit, quantile, ratio } from "psn/bench/.build/statistics";

const close = (actual: number, expected: number, tolerance = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual}, not ${expected}`);

test("quantiles lie between order statistics, as numpy's do", () => {
  const values = [7, 1, 3, 10];
  assert.equal(quantile(values, 0), 1);
  assert.equal(quantile(values, 0.5), 5);
  assert.equal(quantile(values, 0.25), 2.5);
  assert.equal(quantile(values, 1), 10);
  assert.equal(quantile([4], 0.75), 4);
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.deepEqual(values, [7, 1, 3, 10], "the sample is not sorted in place");
});

test("a ratio is the median of per-round ratios, not the ratio of medians", () => {
  // The machine halves its pace in the last two rounds; the ratio of medians would be 12 / 3 = 4.
  const found = ratio([6, 6, 12, 30, 12], [2, 2, 4, 3, 4]);
  assert.equal(found.median, 3);
  assert.deepEqual(found, estimate([3, 3, 3, 10, 3]));
});

test("a pace common to both sides of a round leaves ratios as they are", () => {
  const cost = fc.double({ min: 1, max: 100, noNaN: true });
  const rounds = fc.array(fc.tuple(cost, cost, cost), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(rounds, (each) => {
      const [a, b] = [each.map(([x]) => x), each.map(([, y]) => y)];
      const slowed = ratio(
        each.map(([x, , pace]) => x * pace),
        each.map(([, y, pace]) => y * pace),
      );
      const plain = ratio(a, b);
      for (const key of ["median", "low", "high"] as const) close(slowed[key], plain[key], 1e-6);
      assert.ok(plain.low <= plain.median && plain.median <= plain.high);
    }),
  );
});

test("ratios of what cannot be are refused", () => {
  assert.throws(() => ratio([1, 2], [1]), /2 rounds against 1/);
  assert.throws(() => ratio([], []), RangeError);
  assert.throws(() => ratio([1, 0], [1, 1]), /a cost is 0/);
  assert.throws(() => ratio([1, 1], [1, Number.NaN]), /a cost is NaN/);
});

test("a line is found again, and R² says how much of the rest it explains", () => {
  const number = fc.double({ min: -100, max: 100, noNaN: true });
  fc.assert(
    fc.property(number, number, (slope, intercept) => {
      const x = [1, 2, 5, 9];
      const line = lineFit(
        x,
        x.map((value) => intercept + slope * value),
      );
      close(line.slope, slope);
      close(line.intercept, intercept);
    }),
  );
  // By hand: means 2 and 3; Σ(x − 2)(y − 3) = 3 of Σ(x − 2)² = 2; residuals 0.5, −1, 0.5; Σ(y − 3)² = 6.
  const line = lineFit([1, 2, 3], [2, 2, 5]);
  close(line.slope, 1.5);
  close(line.intercept, 0);
  close(line.r2, 1 - 1.5 / 6);
  // A point of weight 2 is a point twice.
  assert.deepEqual(lineFit([1, 2, 3, 3], [2, 2, 5, 5]), lineFit([1, 2, 3], [2, 2, 5], [1, 1, 2]));
  assert.throws(() => lineFit([2, 2], [1, 3]), /two different x/);
  assert.throws(() => lineFit([1, 2, 3], [1, 3]), /3 x and 2 y/);
});
