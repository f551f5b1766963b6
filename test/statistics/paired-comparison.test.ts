import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "psn/dist/random";
import { pairedComparison, welch } from "psn/dist/statistics/paired-comparison";
import { signFlip } from "psn/dist/statistics/sign-flip";
import { fixture } from "../fixtures";

interface Pair {
  a: number[];
  b: number[];
  pairedT: { t: number; df: number; p: number; interval: [number, number] };
  welch: { t: number; df: number; p: number };
  signFlipP: number;
}
const { pairs } = JSON.parse(readFileSync(fixture("statistics.json"), "utf8")) as { pairs: Pair[] };

const A = [90.1, 90.3, 90.2, 90.4, 90.0];
const B = [90.3, 90.35, 90.45, 90.5, 90.1];
const printed = (value: number, digits = 6) => value.toFixed(digits);
const near = (actual: number, expected: number, relative: number) =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);

test("every statistic is the method's, to its printed digits", () => {
  const c = pairedComparison(A, B);
  assert.equal(c.n, 5);
  assert.equal(printed(c.meanDifference), "0.140000");
  assert.deepEqual(
    [c.welch.t, c.welch.df, c.welch.p].map((x) => printed(x)),
    ["1.410620", "7.998145", "0.196045"],
  );
  assert.deepEqual(
    [c.pairedT.t, c.pairedT.p].map((x) => printed(x)),
    ["3.810317", "0.018935"],
  );
  assert.equal(c.pairedT.df, 4);
  assert.equal(printed(c.dav), "0.892154");
  assert.equal(printed(c.dPopulation), "0.997459");
  assert.equal(printed(c.hedgesG), "0.805817");
  assert.equal(printed(c.dz), "1.704026");
  assert.equal(printed(c.r), "0.863044");
  assert.equal(c.signFlipP, 0.0625);
});

test("the tests are scipy's", () => {
  for (const { a, b, ...expected } of pairs) {
    const found = pairedComparison(a, b);
    for (const key of ["t", "df", "p"] as const) {
      near(found.pairedT[key], expected.pairedT[key], 1e-8);
      near(found.welch[key], expected.welch[key], 1e-8);
    }
    near(found.pairedT.interval.low, expected.pairedT.interval[0], 1e-6);
    near(found.pairedT.interval.high, expected.pairedT.interval[1], 1e-6);
    near(found.signFlipP, expected.signFlipP, 1e-12);
  }
});

test("the bootstrap interval holds the mean difference, repeats, and follows its options", () => {
  const { interval, meanDifference } = pairedComparison(A, B);
  assert.ok(interval.low < meanDifference && meanDifference < interval.high);
  assert.ok(interval.low >= 0.05 - 1e-9 && interval.high <= 0.25 + 1e-9);
  assert.deepEqual(pairedComparison(A, B), pairedComparison(A, B));
  assert.deepEqual(pairedComparison(A, B, { random: createRandom(0) }), pairedComparison(A, B));
  const wider = pairedComparison(A, B, { level: 0.99 });
  assert.ok(wider.interval.low < interval.low && wider.interval.high > interval.high);
  assert.ok(wider.pairedT.interval.low < pairedComparison(A, B).pairedT.interval.low);
});

const values = fc.integer({ min: 8000, max: 10_000 }).map((hundredths) => hundredths / 100);
const arms = fc
  .integer({ min: 2, max: 8 })
  .chain((n) => fc.array(fc.tuple(values, values), { minLength: n, maxLength: n }));

test("swapping the arms turns signs and nothing else; the order of pairs does not matter", () => {
  const options = { resamples: 20 };
  fc.assert(
    fc.property(arms, (drawn) => {
      const a = drawn.map(([x]) => x);
      const b = drawn.map(([, y]) => y);
      const forth = pairedComparison(a, b, options);
      const same = (x: number, y: number) => assert.ok(Object.is(x, y) || Math.abs(x - y) <= 1e-6 * (1 + Math.abs(x)));
      const back = pairedComparison(b, a, options);
      const turned = pairedComparison([...a].reverse(), [...b].reverse(), options);
      for (const key of ["meanDifference", "dz", "dav", "dPopulation", "hedgesG"] as const) {
        same(forth[key], -back[key]);
        same(forth[key], turned[key]);
      }
      for (const test of ["pairedT", "welch"] as const) {
        same(forth[test].t, -back[test].t);
        same(forth[test].p, back[test].p);
        same(forth[test].p, turned[test].p);
      }
      assert.equal(forth.signFlipP, back.signFlipP);
      assert.equal(forth.signFlipP, turned.signFlipP);
      same(forth.r, back.r);
    }),
  );
});

test("the exact sign-flip p is a count of assignments: at least 2/2^n, equal sums as far out as each other", () => {
  assert.equal(signFlip([0, 0, 0], [0.1, 0.2, 0.3]), 2 / 8);
  assert.equal(signFlip([0, 0, 0, 0], [0.1, 0.2, -0.3, 0.001]), 1); // .1 + .2 is not .3 in floating point
  assert.equal(signFlip([0, 0], [0, 0]), 1);
  assert.equal(signFlip([0, 0, 0], [0, 0, 1]), 1);
  assert.equal(signFlip([1], [2]), 1);
  assert.equal(signFlip([2, 2], [2, 2]), 1);
  assert.ok(Number.isNaN(signFlip([], [])));
  assert.equal(signFlip(new Array(20).fill(0), new Array(20).fill(1)), 2 ** -19);
});

test("above 20 pairs the sign-flip p is drawn, seeded, and close to the exact one", () => {
  const random = createRandom(1);
  const a = Array.from({ length: 21 }, () => random.normal());
  const b = a.map((value) => value + 0.3 + random.normal());
  const p = signFlip(a, b);
  assert.equal(signFlip(a, b), p);
  assert.notEqual(signFlip(a, b, { random: createRandom(7) }), p);
  near(p, pairedComparison(a, b).pairedT.p, 0.15);
  assert.equal(signFlip(new Array(21).fill(0), new Array(21).fill(1)), 1 / 100_000);
});

test("what variance cannot carry is NaN, not an infinite effect", () => {
  const shifted = pairedComparison([90.1, 90.2, 90.3], [90.2, 90.3, 90.4]); // differences equal but for rounding
  for (const value of [shifted.pairedT.t, shifted.pairedT.p, shifted.pairedT.interval.low, shifted.dz]) {
    assert.ok(Number.isNaN(value), `${value}`);
  }
  assert.ok(Number.isFinite(shifted.welch.t) && Number.isFinite(shifted.dav));
  const constant = pairedComparison([0.1, 0.1, 0.1], [0.7, 0.7, 0.7]);
  for (const value of [
    constant.welch.t,
    constant.welch.p,
    constant.welch.df,
    constant.dav,
    constant.hedgesG,
    constant.r,
  ]) {
    assert.ok(Number.isNaN(value), `${value}`);
  }
  assert.equal(constant.signFlipP, 0.25);
  const identical = pairedComparison(A, A);
  assert.deepEqual([identical.meanDifference, identical.signFlipP, identical.welch.t], [0, 1, 0]);
  near(identical.welch.p, 1, 1e-9);
  assert.ok(Number.isNaN(identical.pairedT.p) && Math.abs(identical.r - 1) < 1e-12);
});

test("Welch stands alone for arms of unequal size", () => {
  const { t, df } = welch([1, 2, 3], [2, 4, 6, 8]);
  near(t, 3 / Math.sqrt(1 / 3 + 5 / 3), 1e-12);
  near(df, 2 ** 2 / ((1 / 3) ** 2 / 2 + (5 / 3) ** 2 / 3), 1e-6);
  assert.ok(Number.isNaN(welch([1], [2, 3]).p) && Number.isNaN(welch([], [2, 3]).p));
  assert.throws(() => welch([Number.NaN, 1], [2, 3]), /value NaN at 0/);
});

test("arms of unequal length, fewer than two pairs, and failed runs are refused", () => {
  assert.throws(() => pairedComparison([1, 2], [1, 2, 3]), /2 values against 3/);
  assert.throws(() => pairedComparison([], []), /0 pairs; at least 2/);
  assert.throws(() => pairedComparison([1], [2]), /1 pairs; at least 2/);
  assert.throws(() => pairedComparison([1, Number.NaN], [1, 2]), /value NaN at 1/);
  assert.throws(() => pairedComparison([1, 2], [1, Number.POSITIVE_INFINITY]), /Infinity at 1/);
  assert.throws(() => pairedComparison([1, 2], [2, 3], { level: 95 }), /level 95/);
  assert.throws(() => signFlip([1], [1, 2]), /1 values against 2/);
  assert.throws(() => signFlip([Number.NaN], [1]), /NaN/);
});
