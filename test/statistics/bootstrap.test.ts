import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "psn/dist/random";
import { bootstrap, expandedLevel } from "psn/dist/statistics/bootstrap";
import { mean } from "psn/dist/statistics/samples";
import { summary } from "psn/dist/statistics/summary";

const random = createRandom(0);
const normals = (n: number) => Array.from({ length: n }, () => random.normal());

test("of a large sample, the interval of the mean is the normal one", () => {
  const sample = normals(400);
  const { estimate, low, high, level, resamples } = bootstrap(mean, sample, { resamples: 4000 });
  const half = 1.96 * summary(sample).standardError;
  assert.equal(estimate, mean(sample));
  assert.ok(Math.abs(high - estimate - half) < 0.008 && Math.abs(estimate - low - half) < 0.008, `${low} … ${high}`);
  assert.deepEqual([level, resamples], [0.95, 4000]);
});

test("intervals cover as often as their docstring says", () => {
  const trials = 400;
  for (const [n, coverage] of [
    [5, 0.82],
    [10, 0.89],
  ]) {
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = bootstrap(mean, normals(n), { resamples: 300, random });
      if (low <= 0 && high >= 0) covered++;
    }
    assert.ok(Math.abs(covered / trials - coverage) < 0.06, `${covered / trials} at n = ${n}`);
  }
});

test("an expanded level makes up for few samples", () => {
  const trials = 400;
  for (const [n, coverage] of [
    [5, 0.88],
    [10, 0.9],
  ]) {
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = bootstrap(mean, normals(n), { resamples: 600, level: expandedLevel(0.9, n), random });
      if (low <= 0 && high >= 0) covered++;
    }
    assert.ok(Math.abs(covered / trials - coverage) < 0.045, `${covered / trials} at n = ${n}`);
  }
  assert.deepEqual(
    [expandedLevel(0.95, 5), expandedLevel(0.95, 10), expandedLevel(0.95, 1000)].map((x) => x.toFixed(3)),
    ["0.998", "0.983", "0.950"],
  );
  assert.throws(() => expandedLevel(0.95, 1), /n 1 is not/);
  assert.throws(() => expandedLevel(95, 5), /level 95/);
});

test("ends lie between replicates, as numpy's quantiles do", () => {
  let count = 0;
  const { estimate, low, high } = bootstrap(() => count++, [0], { resamples: 5, level: 0.9 });
  assert.equal(estimate, 0);
  assert.ok(Math.abs(low - 1.2) < 1e-12 && Math.abs(high - 4.8) < 1e-12, `${low} … ${high} of 1 … 5`);
});

test("samples are whatever varies, resampled whole", () => {
  const seeds = [
    { a: 1, b: 2 },
    { a: 3, b: 6 },
    { a: 2, b: 4 },
  ];
  const ratio = (drawn: readonly { a: number; b: number }[]) =>
    mean(drawn.map((s) => s.b)) / mean(drawn.map((s) => s.a));
  const { estimate, low, high } = bootstrap(ratio, seeds);
  assert.deepEqual([estimate, low, high], [2, 2, 2]);
});

test("the same generator gives the same interval, another another, and the default is seed 0", () => {
  const sample = normals(8);
  const reference = bootstrap(mean, sample);
  assert.deepEqual(bootstrap(mean, sample), reference);
  assert.deepEqual(bootstrap(mean, sample, { random: createRandom(0) }), reference);
  assert.notDeepEqual(bootstrap(mean, sample, { random: createRandom(1) }), reference);
});

test("one sample, and one resample, give an interval of no width", () => {
  assert.deepEqual(bootstrap(mean, [4]), { estimate: 4, low: 4, high: 4, level: 0.95, resamples: 10_000 });
  const { low, high } = bootstrap(mean, [1, 2, 3], { resamples: 1 });
  assert.equal(low, high);
});

test("an infinite statistic widens the interval, a NaN one is refused", () => {
  const spread = (x: readonly number[]) => 1 / (Math.max(...x) - Math.min(...x));
  assert.equal(bootstrap(spread, [1, 2]).high, Number.POSITIVE_INFINITY);
  assert.throws(() => bootstrap((x) => 0 / (Math.max(...x) - Math.min(...x)), [1, 2]), /NaN/);
  assert.throws(() => bootstrap(mean, [1, Number.NaN]), /NaN/);
});

test("no samples and options out of range are refused", () => {
  assert.throws(() => bootstrap(mean, []), /no samples/);
  for (const level of [0, 1, 95, Number.NaN]) assert.throws(() => bootstrap(mean, [1], { level }), /level/);
  for (const resamples of [0, 1.5, Number.NaN]) {
    assert.throws(() => bootstrap(mean, [1], { resamples }), /resamples/);
  }
});
