import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { pearson, spearman } from "psn/dist/statistics/correlation";
import { fixture } from "../fixtures";

interface Case {
  x: number[];
  y: number[];
  r: number;
  interval: [number, number];
  spearman: number;
}
const { correlations } = JSON.parse(readFileSync(fixture("statistics.json"), "utf8")) as { correlations: Case[] };
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual}, ${expected}`);
const points = fc.array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })), {
  minLength: 4,
});

test("Pearson's r, its interval and Spearman's rho, with ties, are scipy's", () => {
  for (const { x, y, ...expected } of correlations) {
    const { r, interval, n } = pearson(x, y);
    assert.equal(n, x.length);
    near(r, expected.r);
    near(interval.low, expected.interval[0]);
    near(interval.high, expected.interval[1]);
    near(spearman(x, y), expected.spearman);
  }
});

test("Spearman gives ties their average rank", () => {
  near(spearman([1, 1, 2], [1, 2, 3]), Math.sqrt(3) / 2);
  near(spearman([1, 2, 3, 4], [1, 8, 27, 64]), 1);
});

test("both are symmetric, blind to the order of pairs, and rho to any rising transformation", () => {
  fc.assert(
    fc.property(points, (drawn) => {
      const x = drawn.map(([v]) => v);
      const y = drawn.map(([, v]) => v);
      const same = (p: number, q: number) => assert.ok(Object.is(p, q) || Math.abs(p - q) < 1e-9);
      const { r, interval } = pearson(x, y);
      same(r, pearson(y, x).r);
      same(r, pearson([...x].reverse(), [...y].reverse()).r);
      same(spearman(x, y), spearman(y, x));
      same(
        spearman(x, y),
        spearman(
          x.map((v) => v ** 3),
          y,
        ),
      );
      if (!Number.isNaN(r)) assert.ok(Math.abs(r) <= 1 && interval.low <= r && r <= interval.high);
    }),
  );
});

test("a wider level gives a wider interval; a perfect correlation an interval of no width", () => {
  const [{ x, y }] = correlations.slice(1);
  assert.ok(pearson(x, y, { level: 0.99 }).interval.low < pearson(x, y).interval.low);
  const perfect = pearson([1, 2, 3, 4], [-1, -2, -3, -4]).interval;
  near(perfect.low, -1);
  near(perfect.high, -1);
});

test("constants and too few pairs have no correlation, below four pairs no interval", () => {
  for (const [x, y] of [
    [[], []],
    [[1], [2]],
    [
      [1, 2, 3],
      [0.1, 0.1, 0.1],
    ],
  ]) {
    assert.ok(Number.isNaN(pearson(x, y).r) && Number.isNaN(spearman(x, y)));
  }
  const { r, interval } = pearson([1, 2, 3], [1, 2, 4]);
  assert.ok(Number.isFinite(r) && Number.isNaN(interval.low) && Number.isNaN(interval.high));
});

test("unequal lengths, NaN and levels out of range are refused", () => {
  for (const correlate of [pearson, spearman]) {
    assert.throws(() => correlate([1], [1, 2]), /1 values against 2/);
    assert.throws(() => correlate([1, Number.NaN], [1, 2]), /value NaN at 1/);
  }
  assert.throws(() => pearson([1, 2], [1, 2], { level: 1 }), /level 1/);
});
