import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gradientConcentration, mechanicalNull } from "psn/dist/measures/gradient-concentration";
import { fanInProfile } from "psn/dist/profiles/fan-in-profile";
import { createRandom } from "psn/dist/random";
import { normalCritical } from "psn/dist/statistics/distributions";

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} within ${tolerance}`);

/** Normal quantile at u, of which the library has the two-sided form. */
const quantile = (u: number) => (u < 0.5 ? -normalCritical(1 - 2 * u) : normalCritical(2 * u - 1));

test("under the null, the L2 ratio of a lognormal is the method's at CV .5 to 2.5", () => {
  const neurons = 20_000;
  for (const [cv, expected] of [
    [0.5, 1.56],
    [1, 2.16],
    [1.5, 2.69],
    [2, 3.14],
    [2.5, 3.53],
  ]) {
    const sigma = Math.sqrt(Math.log(1 + cv ** 2));
    const fanIn = Float64Array.from({ length: neurons }, (_, i) =>
      Math.round(1e6 * Math.exp(sigma * quantile((i + 0.5) / neurons))),
    );
    const { mean, l2 } = mechanicalNull(fanIn);
    near(l2, expected, 0.006);
    assert.equal(mean, 1);
  }
});

test("in a real layer no fan-in exceeds the inputs, and the same CVs then need larger ratios", () => {
  const layer = { inputs: 784, neurons: 512, nnz: 40_141 };
  for (const [cv, expected] of [
    [0.5, 1.56],
    [1, 2.18],
    [1.5, 3.01],
    [2, 4.53],
    [2.5, 8.56],
  ]) {
    near(mechanicalNull(fanInProfile({ family: "lognormal", cv }, layer)).l2, expected, 0.02);
  }
});

test("under the null, the L2 ratio of a random mask at 90 % is 1.10", () => {
  const random = createRandom(0);
  const fanIn = new Uint32Array(512);
  for (const position of random.sample(784 * 512, 40_141)) fanIn[position % 512]++;
  near(mechanicalNull(fanIn).l2, 1.1, 0.015);
});

test("neuron by neuron: mean, L2 and sum of the gradients, and hubs over the rest", () => {
  const { perNeuron, ratio, null: expected, overNull } = gradientConcentration([1, 4, 0], [-6, 3, -3, 3, 3]);
  assert.deepEqual([...perNeuron.mean], [6, 3, Number.NaN]);
  assert.deepEqual([...perNeuron.l2], [6, 6, 0]);
  assert.deepEqual([...perNeuron.sum], [6, 12, 0]);
  assert.deepEqual(ratio, { mean: 0.5, l2: 1, sum: 2 });
  assert.deepEqual(expected, { mean: 1, l2: 2, sum: 4 });
  assert.deepEqual(overNull, { mean: 0.5, l2: 0.5, sum: 0.5 });
});

test("gradients that ignore fan-in are the null, in all three statistics", () => {
  const random = createRandom(0);
  const fanIn = fanInProfile({ family: "lognormal", cv: 1 }, { inputs: 784, neurons: 512, nnz: 40_141 });
  const { overNull } = gradientConcentration(
    fanIn,
    Float64Array.from({ length: 40_141 }, () => random.normal()),
  );
  for (const excess of [overNull.mean, overNull.l2, overNull.sum]) near(excess, 1, 0.03);
});

test("silent neurons take no part, the scale of gradients neither", () => {
  const layer = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 25 });
  fc.assert(
    fc.property(layer, fc.integer({ min: 0, max: 1000 }), fc.nat(24), (fanIn, seed, at) => {
      const random = createRandom(seed);
      const total = fanIn.reduce((a, b) => a + b, 0);
      const gradients = Float64Array.from({ length: total }, () => random.normal());
      const reference = gradientConcentration(fanIn, gradients);
      const silenced = [...fanIn.slice(0, at), 0, ...fanIn.slice(at)];
      assert.deepEqual(gradientConcentration(silenced, gradients).ratio, reference.ratio);
      assert.deepEqual(mechanicalNull(silenced), reference.null);
      const scaled = gradientConcentration(
        fanIn,
        gradients.map((g) => -8 * g),
      );
      assert.deepEqual(scaled.ratio, reference.ratio);
    }),
  );
});

test("a constant fan-in has no mechanical concentration", () => {
  const { mean, l2, sum } = mechanicalNull(new Uint32Array(50).fill(7));
  for (const ratio of [mean, l2, sum]) near(ratio, 1, 1e-12);
});

test("with nothing to compare with, ratios are NaN", () => {
  for (const fanIn of [[], [3], [0, 0], [0, 3]]) {
    const gradients = new Float64Array(fanIn.length === 0 ? 0 : fanIn[fanIn.length - 1]).fill(1);
    assert.deepEqual(gradientConcentration(fanIn, gradients).ratio, {
      mean: Number.NaN,
      l2: Number.NaN,
      sum: Number.NaN,
    });
    assert.ok(Number.isNaN(mechanicalNull(fanIn).sum));
  }
  assert.ok(Number.isNaN(gradientConcentration([2, 1], [0, 0, 0]).ratio.mean));
  assert.equal(gradientConcentration([2, 1], [1, 1, 0]).ratio.mean, Number.POSITIVE_INFINITY);
});

test("gradients that do not fit or are not finite are refused", () => {
  assert.throws(() => gradientConcentration([2, 1], [1, 1]), /2 gradients for 3 connections/);
  assert.throws(() => gradientConcentration([2, 1], [1, Number.NaN, 1]), /gradient NaN at 1/);
  assert.throws(() => gradientConcentration([Number.NaN], []), /neuron 0 is NaN/);
  assert.throws(() => mechanicalNull([-1]), /neuron 0 is -1/);
});
