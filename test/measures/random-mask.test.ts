import assert from "node:assert/strict";
import { test } from "node:test";
import { fanInStatistics } from "psn/dist/measures/fan-in";
import { randomMaskCv } from "psn/dist/measures/random-mask";
import { createRandom } from "psn/dist/random";

// The method's values are of drawn masks, so they scatter around the formula by CV/√(2·512).
const ORACLE = [
  [0.8, 0.072],
  [0.9, 0.107],
  [0.95, 0.156],
  [0.98, 0.25],
  [0.99, 0.351],
  [0.999, 1.125],
];

test("the null is the method's for 784 inputs, to the scatter of 512 neurons", () => {
  for (const [sparsity, expected] of ORACLE) {
    const cv = randomMaskCv(784, 1 - sparsity);
    assert.ok(Math.abs(cv - expected) < 0.0005 + cv / Math.sqrt(2 * 512) / 2, `${sparsity}: ${cv} against ${expected}`);
  }
});

test("random masks of 784 → 512 have the CV of the null", () => {
  const random = createRandom(0);
  for (const [sparsity] of ORACLE) {
    const masks = 8;
    let total = 0;
    for (let mask = 0; mask < masks; mask++) {
      const fanIn = new Uint32Array(512);
      for (const position of random.sample(784 * 512, Math.round(784 * 512 * (1 - sparsity)))) fanIn[position % 512]++;
      total += fanInStatistics(fanIn).cv / masks;
    }
    const cv = randomMaskCv(784, 1 - sparsity);
    assert.ok(Math.abs(total - cv) < (4 * cv) / Math.sqrt(2 * 512 * masks), `${sparsity}: ${total} against ${cv}`);
  }
});

test("a dense layer has no spread", () => {
  assert.equal(randomMaskCv(54, 1), 0);
});

test("densities and inputs out of range are refused", () => {
  for (const density of [0, -0.1, 1.1, Number.NaN]) assert.throws(() => randomMaskCv(784, density), /density/);
  for (const inputs of [0, 1.5, Number.NaN]) assert.throws(() => randomMaskCv(inputs, 0.1), /inputs/);
});
