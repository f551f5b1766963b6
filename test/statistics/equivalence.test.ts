import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { equivalence, equivalenceToZero } from "psn/dist/statistics/equivalence";
import { pairedComparison } from "psn/dist/statistics/paired-comparison";
import { fixture } from "../fixtures";

interface Case {
  a: number[];
  b: number[];
  margin: number;
  p: number;
  differenceP: number;
  interval: [number, number];
}
const { equivalences } = JSON.parse(readFileSync(fixture("statistics.json"), "utf8")) as { equivalences: Case[] };
const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-7 * (1e-6 + Math.abs(expected)), `${actual} is not ${expected}`);

test("both one-sided tests, the test for a difference and the interval are scipy's", () => {
  for (const { a, b, margin, ...expected } of equivalences) {
    const found = equivalence(a, b, { margin });
    assert.deepEqual([found.n, found.margin], [a.length, margin]);
    near(found.p, expected.p);
    near(found.differenceP, expected.differenceP);
    near(found.interval.low, expected.interval[0]);
    near(found.interval.high, expected.interval[1]);
    near(found.differenceP, pairedComparison(a, b, { resamples: 1 }).pairedT.p);
  }
});

test("a verdict is equivalent within the margin, else different where 0 is out of question, else inconclusive", () => {
  const verdict = (differences: number[], margin: number) => equivalenceToZero(differences, { margin }).verdict;
  const small = [0.09, 0.1, 0.11, 0.1, 0.1];
  assert.equal(verdict(small, 0.2), "equivalent"); // though surely not 0
  assert.equal(verdict(small, 0.05), "different");
  assert.equal(verdict(small, 0.1), "different");
  assert.equal(verdict([-0.3, 0.4, 0.1, -0.2, 0.3], 0.2), "inconclusive");
  assert.equal(verdict([-0.3, 0.4, 0.1, -0.2, 0.3], 2), "equivalent");
  const strict = equivalenceToZero([-0.3, 0.4, 0.1, -0.2, 0.3], { margin: 0.5, level: 0.99 });
  assert.equal(strict.verdict, "inconclusive");
  assert.ok(strict.p > 0.01 && strict.p < 0.05);
});

const differences = fc.array(
  fc.integer({ min: -50, max: 50 }).map((tenths) => tenths / 10),
  { minLength: 2, maxLength: 9 },
);
const margins = fc.integer({ min: 1, max: 40 }).map((tenths) => tenths / 10);

test("equivalence is the interval within the margin, and the same with arms swapped", () => {
  fc.assert(
    fc.property(differences, margins, (values, margin) => {
      const found = equivalenceToZero(values, { margin });
      const within = found.interval.low > -margin && found.interval.high < margin;
      // Where an end of the interval falls on the margin, rounding decides.
      fc.pre(Math.abs(Math.max(-found.interval.low, found.interval.high) - margin) > 1e-6);
      assert.equal(found.verdict === "equivalent", within);
      const swapped = equivalenceToZero(
        values.map((v) => -v),
        { margin },
      );
      assert.equal(swapped.verdict, found.verdict);
      near(swapped.p, found.p);
      near(swapped.interval.low, -found.interval.high);
    }),
  );
});

test("a wider margin is never harder to keep, a stricter level never easier", () => {
  fc.assert(
    fc.property(differences, margins, (values, margin) => {
      const { p, verdict } = equivalenceToZero(values, { margin });
      assert.ok(equivalenceToZero(values, { margin: margin + 1 }).p <= p + 1e-12);
      const strict = equivalenceToZero(values, { margin, level: 0.99 });
      assert.equal(strict.p, p);
      if (strict.verdict === "equivalent") assert.equal(verdict, "equivalent");
    }),
  );
});

test("equal differences have no variance: p is 0 or 1, and rounding is no variance", () => {
  const zero = equivalenceToZero([0, 0, 0], { margin: 0.1 });
  assert.deepEqual(zero, {
    n: 3,
    meanDifference: 0,
    margin: 0.1,
    interval: { low: 0, high: 0 },
    p: 0,
    differenceP: 1,
    verdict: "equivalent",
  });
  const far = equivalence([90.2, 90.3, 90.4], [90.3, 90.4, 90.5], { margin: 0.05 });
  assert.deepEqual([far.p, far.differenceP, far.verdict], [1, 0, "different"]);
  assert.equal(far.interval.low, far.interval.high);
});

test("too few pairs, unequal arms, failed runs and options out of range are refused", () => {
  assert.throws(() => equivalence([1], [2], { margin: 1 }), /1 pairs; at least 2/);
  assert.throws(() => equivalence([1, 2], [1], { margin: 1 }), /2 values against 1/);
  assert.throws(() => equivalenceToZero([1, Number.NaN], { margin: 1 }), /value NaN at 1/);
  for (const margin of [0, -1, Number.NaN]) assert.throws(() => equivalenceToZero([1, 2], { margin }), /margin/);
  for (const level of [0.5, 1, Number.NaN])
    assert.throws(() => equivalenceToZero([1, 2], { margin: 1, level }), /level/);
});
