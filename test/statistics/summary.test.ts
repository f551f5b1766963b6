import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { normalTwoSided, studentTwoSided } from "psn/dist/statistics/distributions";
import { summary } from "psn/dist/statistics/summary";
import { fixture } from "../fixtures";

interface Case {
  values: number[];
  level: number;
  mean: number;
  sd: number;
  standardError: number;
  interval: [number, number];
}
const { summaries } = JSON.parse(readFileSync(fixture("statistics.json"), "utf8")) as { summaries: Case[] };
const near = (actual: number, expected: number, relative = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= relative * (1 + Math.abs(expected)), `${actual} is not ${expected}`);

test("mean, sd, standard error and t interval are scipy's", () => {
  for (const { values, level, ...expected } of summaries) {
    const found = summary(values, { level });
    assert.deepEqual([found.n, found.level], [values.length, level]);
    near(found.mean, expected.mean);
    near(found.sd, expected.sd);
    near(found.standardError, expected.standardError);
    near(found.interval.low, expected.interval[0], 1e-7);
    near(found.interval.high, expected.interval[1], 1e-7);
  }
});

test("one value has a mean and no spread, no values have nothing", () => {
  const undefinedInterval = { low: Number.NaN, high: Number.NaN };
  const rest = { sd: Number.NaN, standardError: Number.NaN, interval: undefinedInterval, level: 0.95 };
  assert.deepEqual(summary([3]), { n: 1, mean: 3, ...rest });
  assert.deepEqual(summary([]), { n: 0, mean: Number.NaN, ...rest });
});

test("equal values have a spread of exactly zero", () => {
  const { sd, interval, mean } = summary([0.1, 0.1, 0.1]);
  assert.equal(sd, 0);
  assert.deepEqual(interval, { low: mean, high: mean });
});

test("summaries do not depend on order and move with the data", () => {
  const samples = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(samples, (values) => {
      const reference = summary(values);
      assert.deepEqual(summary([...values].reverse()).mean, reference.mean);
      near(summary([...values].reverse()).sd, reference.sd);
      const moved = summary(values.map((v) => 100 - v));
      near(moved.mean, 100 - reference.mean);
      near(moved.sd, reference.sd);
      near(moved.interval.low, 100 - reference.interval.high);
    }),
  );
});

test("NaN, infinity and levels out of range are refused", () => {
  assert.throws(() => summary([1, Number.NaN]), /value NaN at 1/);
  assert.throws(() => summary([Number.POSITIVE_INFINITY]), /value Infinity at 0/);
  for (const level of [0, 1, Number.NaN]) assert.throws(() => summary([1, 2], { level }), /level/);
});

test("two-sided p values are those of scipy, far out too, and NaN of NaN", () => {
  near(studentTwoSided(1.41062, 8), 0.19603605926184725, 1e-9);
  near(1e6 * studentTwoSided(-30, 4), 7.352856097661319, 1e-9);
  near(studentTwoSided(2, 3.3), 0.1309588644394494, 1e-9);
  near(normalTwoSided(-1.96), 0.04999579029644087, 1e-9);
  near(1e9 * normalTwoSided(6), 1.973175290075396, 1e-8);
  assert.deepEqual([studentTwoSided(0, 5), normalTwoSided(0)], [1, 1]);
  assert.ok(Number.isNaN(studentTwoSided(Number.NaN, 4)) && Number.isNaN(normalTwoSided(Number.NaN)));
});
