import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { pearson } from "psn/dist/statistics/correlation";
import { partialCorrelation } from "psn/dist/statistics/partial-correlation";
import { fixture } from "../fixtures";

interface Case {
  x: number[];
  y: number[];
  given: number[];
  r: number;
  interval: [number, number];
}
const { partials } = JSON.parse(readFileSync(fixture("statistics.json"), "utf8")) as { partials: Case[] };
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, ${expected}`);

test("r and its interval are those of scipy's residuals", () => {
  for (const { x, y, given, ...expected } of partials) {
    const { n, r, interval } = partialCorrelation(x, y, given);
    assert.equal(n, x.length);
    near(r, expected.r);
    near(interval.low, expected.interval[0]);
    near(interval.high, expected.interval[1]);
  }
});

test("r is that of the three correlations, (xy − xz·yz)/√((1 − xz²)(1 − yz²))", () => {
  const point = fc.tuple(
    fc.integer({ min: -9, max: 9 }),
    fc.integer({ min: -9, max: 9 }),
    fc.integer({ min: -9, max: 9 }),
  );
  fc.assert(
    fc.property(fc.array(point, { minLength: 4, maxLength: 12 }), (points) => {
      const [x, y, z] = [0, 1, 2].map((axis) => points.map((p) => p[axis]));
      const [xy, xz, yz] = [pearson(x, y).r, pearson(x, z).r, pearson(y, z).r];
      fc.pre([xy, xz, yz].every((r) => Math.abs(r) < 0.999));
      const { r } = partialCorrelation(x, y, z);
      near(r, (xy - xz * yz) / Math.sqrt((1 - xz ** 2) * (1 - yz ** 2)));
      near(partialCorrelation(y, x, z).r, r);
    }),
  );
});

test("what the third accounts for is gone, a constant third accounts for nothing", () => {
  const given = [1, 2, 3, 4, 5, 7];
  const x = [3, 5.1, 7, 9.2, 11, 15];
  assert.ok(
    Number.isNaN(
      partialCorrelation(
        x,
        given.map((z) => 0.3 * z + 0.1),
        given,
      ).r,
    ),
  );
  near(partialCorrelation(x, [1, 4, 2, 0, 7, 3], [5, 5, 5, 5, 5, 5]).r, pearson(x, [1, 4, 2, 0, 7, 3]).r);
  assert.ok(
    Number.isNaN(partialCorrelation([1, 2], [2, 1], [0, 5]).r) && Number.isNaN(partialCorrelation([], [], []).r),
  );
  assert.ok(Number.isNaN(partialCorrelation([1, 2, 4, 3], [2, 1, 7, 0], [0, 5, 1, 1]).interval.low));
});

test("unequal lengths, NaN and levels out of range are refused", () => {
  assert.throws(() => partialCorrelation([1, 2], [1, 2], [1]), /2 values against 1/);
  assert.throws(() => partialCorrelation([1, 2], [1, 2, 3], [1, 2]), /2 values against 3/);
  assert.throws(() => partialCorrelation([1, 2], [1, 2], [1, Number.NaN]), /value NaN at 1/);
  assert.throws(() => partialCorrelation([1, 2], [1, 2], [1, 2], { level: 1 }), /level 1/);
});
