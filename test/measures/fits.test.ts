import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { compareFits, fitTruncatedLognormal, fitTruncatedPowerLaw } from "psn/dist/measures/fits";
import { createRandom } from "psn/dist/random";
import { fixture } from "../fixtures";

interface Fit {
  fanIn: number[];
  inputs: number;
  lognormal: { mu: number; sigma: number; logLikelihood: number; ks: number };
  powerLaw: { exponent: number; logLikelihood: number; ks: number };
  z: number;
  p: number;
  nestedP: number;
}
const { fits } = JSON.parse(readFileSync(fixture("measures.json"), "utf8")) as { fits: Fit[] };

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} within ${tolerance}`);

/** `size` draws from P(k) ∝ weight(k), k = 1 … inputs, by inversion. */
function draw(size: number, inputs: number, weight: (k: number) => number): Uint32Array {
  const random = createRandom(0);
  const cumulative = new Float64Array(inputs);
  let total = 0;
  for (let k = 1; k <= inputs; k++) {
    total += weight(k);
    cumulative[k - 1] = total;
  }
  return Uint32Array.from({ length: size }, () => {
    const u = random.uniform() * total;
    return cumulative.findIndex((c) => u < c) + 1;
  });
}
const lognormalWeight = (mu: number, sigma: number) => (k: number) =>
  Math.exp(-((Math.log(k) - mu) ** 2) / (2 * sigma ** 2)) / k;

test("fits are those that scipy's general optimisers find", () => {
  for (const { fanIn, inputs, lognormal, powerLaw, z, p, nestedP } of fits) {
    const found = compareFits(fanIn, { inputs });
    near(found.lognormal.mu, lognormal.mu, 1e-4);
    near(found.lognormal.sigma, lognormal.sigma, 1e-4);
    near(found.lognormal.logLikelihood, lognormal.logLikelihood, 1e-8);
    near(found.lognormal.ks, lognormal.ks, 1e-6);
    near(found.powerLaw.ks, powerLaw.ks, 1e-6);
    near(found.powerLaw.exponent, powerLaw.exponent, 1e-6);
    near(found.powerLaw.logLikelihood, powerLaw.logLikelihood, 1e-8);
    near(found.logLikelihoodRatio, lognormal.logLikelihood - powerLaw.logLikelihood, 1e-8);
    near(found.z, z, 1e-4);
    near(found.p, p, 1e-5);
    near(found.nestedP, nestedP, 1e-5);
  }
});

test("a truncated lognormal is recovered at 784 and at 54 inputs, whatever share of neurons is silent", () => {
  const size = 20_000;
  for (const [inputs, mu, sigma] of [
    [784, 4, 0.5],
    [784, 5, 1.2],
    [54, 1.6, 0.5],
    [54, 3.5, 0.8],
  ]) {
    const active = draw(size, inputs, lognormalWeight(mu, sigma));
    const fanIn = new Uint32Array(size + size / 4);
    fanIn.set(active, size / 4);
    const fit = fitTruncatedLognormal(fanIn, { inputs });
    near(fit.mu, mu, 0.04);
    near(fit.sigma, sigma, 0.03);
    near(fit.zeroShare, 0.2, 1e-12);
    assert.equal(fit.active, size);
    assert.ok(fit.ks < 1.36 / Math.sqrt(size), `KS ${fit.ks}`);
  }
});

test("a truncated power law is recovered, and preferred to no lognormal", () => {
  for (const [inputs, exponent] of [
    [784, 1.5],
    [54, 2.2],
    [54, -0.5],
  ]) {
    const fanIn = draw(5000, inputs, (k) => k ** -exponent);
    const { powerLaw, logLikelihoodRatio, nestedP } = compareFits(fanIn, { inputs });
    near(powerLaw.exponent, exponent, 0.05);
    assert.ok(powerLaw.ks < 1.36 / Math.sqrt(5000));
    assert.ok(logLikelihoodRatio < 3 && nestedP > 0.005, `${logLikelihoodRatio}, ${nestedP}`);
  }
});

test("a lognormal sample is told from a power law by both tests", () => {
  const { z, p, nestedP, logLikelihoodRatio } = compareFits(draw(512, 784, lognormalWeight(4, 0.8)), { inputs: 784 });
  assert.ok(logLikelihoodRatio > 50 && z > 5 && p < 1e-6 && nestedP < 1e-6);
});

test("rounded lognormals are read with the sigma that the docstring says", () => {
  const random = createRandom(0);
  const sigma = 0.2;
  const median = 5;
  const fanIn = Array.from({ length: 50_000 }, () => Math.round(median * Math.exp(sigma * random.normal())));
  const fit = fitTruncatedLognormal(fanIn, { inputs: 54 });
  near(fit.sigma / sigma - 1, 1 / (24 * (sigma * median) ** 2), 0.012);
});

test("a constant fan-in is a lognormal of sigma 0, and two adjacent ones are reproduced exactly", () => {
  const constant = fitTruncatedLognormal(new Uint32Array(512).fill(78), { inputs: 784 });
  near(constant.mu, Math.log(78), 1e-12);
  assert.deepEqual([constant.sigma, constant.logLikelihood, constant.ks], [0, 0, 0]);
  const adjacent = fitTruncatedLognormal([5, 6, 6, 6, 0], { inputs: 784 });
  assert.equal(adjacent.sigma, 0);
  near(adjacent.logLikelihood, Math.log(0.25) + 3 * Math.log(0.75), 1e-12);
  near(Math.exp(adjacent.logProbability[5]), 0.75, 1e-12);
  assert.equal(fitTruncatedLognormal([54], { inputs: 54 }).sigma, 0);
  assert.ok(fitTruncatedLognormal([5, 6, 6, 7], { inputs: 784 }).sigma > 0.05);
});

test("data heavier than any lognormal are fitted by its limit, the power law", () => {
  const { lognormal, powerLaw, logLikelihoodRatio, z, p, nestedP } = compareFits([1, 1, 1, 1, 54, 54], { inputs: 54 });
  assert.equal(lognormal.sigma, Number.POSITIVE_INFINITY);
  assert.ok(Number.isNaN(lognormal.mu) && Number.isNaN(z) && Number.isNaN(p));
  assert.equal(lognormal.logLikelihood, powerLaw.logLikelihood);
  assert.deepEqual([logLikelihoodRatio, nestedP], [0, 1]);
});

test("power laws at the edge have infinite exponents, and one input has none", () => {
  assert.equal(fitTruncatedPowerLaw([1, 1, 0], { inputs: 9 }).exponent, Number.POSITIVE_INFINITY);
  assert.equal(fitTruncatedPowerLaw([9, 9], { inputs: 9 }).exponent, Number.NEGATIVE_INFINITY);
  assert.ok(Number.isNaN(fitTruncatedPowerLaw([1], { inputs: 1 }).exponent));
});

test("every fan-in equally often is the power law of exponent 0", () => {
  const uniform = Array.from({ length: 54 }, (_, i) => i + 1);
  const { lognormal, powerLaw } = compareFits(uniform, { inputs: 54 });
  near(powerLaw.exponent, 0, 1e-9);
  near(powerLaw.ks, 0, 1e-12);
  assert.equal(lognormal.sigma, Number.POSITIVE_INFINITY);
});

test("one hub far out among many equals does not break the fit", () => {
  const fanIn = new Uint32Array(512).fill(6);
  fanIn[0] = 784;
  const { lognormal, powerLaw } = compareFits(fanIn, { inputs: 784 });
  assert.ok(Number.isFinite(lognormal.logLikelihood) && lognormal.sigma > 0.1 && lognormal.sigma < 0.4);
  assert.ok(lognormal.logLikelihood > powerLaw.logLikelihood);
});

test("the fitted laws are normalised, match the moments of the data, and the lognormal is never the worse", () => {
  const layers = fc.constantFrom(3, 10, 54, 784).chain((inputs) =>
    fc.record({
      inputs: fc.constant(inputs),
      fanIn: fc.array(fc.integer({ min: 0, max: inputs }), { minLength: 1, maxLength: 40 }),
    }),
  );
  fc.assert(
    fc.property(layers, ({ inputs, fanIn }) => {
      const logs = Array.from(fanIn.filter((k) => k > 0)).map(Math.log);
      fc.pre(logs.length > 0);
      const { lognormal, powerLaw } = compareFits(fanIn, { inputs });
      assert.ok(lognormal.logLikelihood >= powerLaw.logLikelihood - 1e-9);
      const average = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      const expect = (of: (log: number) => number, law: Float64Array) =>
        law.reduce((total, logP, i) => total + Math.exp(logP) * of(Math.log(i + 1)), 0);
      for (const { logProbability } of [lognormal, powerLaw])
        near(
          expect(() => 1, logProbability),
          1,
          1e-9,
        );
      near(
        expect((log) => log, powerLaw.logProbability),
        average(logs),
        1e-5,
      );
      if (lognormal.sigma > 0 && lognormal.sigma < Number.POSITIVE_INFINITY) {
        near(
          expect((log) => log, lognormal.logProbability),
          average(logs),
          1e-5,
        );
        const squares = average(logs.map((log) => log ** 2));
        near(
          expect((log) => log ** 2, lognormal.logProbability),
          squares,
          1e-4,
        );
      }
    }),
    { numRuns: 500 },
  );
});

test("a few fan-ins of 1, 2 and 3 among many inputs are fitted: the first long step does not lose the law to one point", () => {
  const fanIn = [...Array<number>(66).fill(1), ...Array<number>(9).fill(2), 3];
  const { mu, sigma, logProbability } = fitTruncatedLognormal(fanIn, { inputs: 512 });
  assert.ok(Number.isFinite(mu) && sigma > 0);
  const mean = logProbability.reduce((total, log, i) => total + Math.exp(log) * Math.log(i + 1), 0);
  near(mean, (9 * Math.log(2) + Math.log(3)) / 76, 1e-8);
});

test("fits do not depend on the order of neurons", () => {
  const [{ fanIn, inputs }] = fits;
  assert.deepEqual(compareFits([...fanIn].reverse(), { inputs }), compareFits(fanIn, { inputs }));
});

test("layers without active neurons, counts out of range and NaN are refused", () => {
  for (const fit of [fitTruncatedLognormal, fitTruncatedPowerLaw, compareFits]) {
    assert.throws(() => fit([0, 0], { inputs: 9 }), /none of 2 neurons has an input/);
    assert.throws(() => fit([], { inputs: 9 }), /none of 0 neurons/);
    assert.throws(() => fit([10], { inputs: 9 }), /neuron 0 is 10/);
    assert.throws(() => fit([Number.NaN], { inputs: 9 }), /NaN/);
    assert.throws(() => fit([1], { inputs: Number.NaN }), /inputs NaN/);
  }
});
