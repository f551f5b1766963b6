import assert from "node:assert/strict";
import { test } from "node:test";
import { initialWeights } from "psn/dist/network/weights";
import { createRandom } from "psn/dist/random";
import { randomTopology } from "psn/dist/wiring/random-topology";
import { wire } from "psn/dist/wiring/wire";

const rms = (values: Float32Array): number => Math.sqrt(values.reduce((sum, w) => sum + w * w, 0) / values.length);
const near = (value: number, expected: number): void =>
  assert.ok(Math.abs(value / expected - 1) < 0.03, `${value} instead of ${expected}`);

/** 400 inputs; the first half of the neurons reads 40, the second 160: density 1/4. */
const uneven = wire(
  Array.from({ length: 100 }, (_, i) => (i < 50 ? 40 : 160)),
  { inputs: 400, permute: false },
);
const firstHalf = (weights: Float32Array): Float32Array => weights.subarray(0, 50 * 40);
const secondHalf = (weights: Float32Array): Float32Array => weights.subarray(50 * 40);

test("unit scales with the fan-in of each neuron", () => {
  const weights = initialWeights(uneven, "unit", createRandom(0));
  assert.equal(weights.length, uneven.columns.length);
  near(rms(firstHalf(weights)), Math.sqrt(2 / 40));
  near(rms(secondHalf(weights)), Math.sqrt(2 / 160));
});

test("layer scales with the density of the layer, dense as if nothing were missing", () => {
  const layer = initialWeights(uneven, "layer", createRandom(0));
  for (const half of [firstHalf(layer), secondHalf(layer)]) near(rms(half), Math.sqrt(2 / 400) / Math.sqrt(1 / 4));
  const dense = initialWeights(uneven, "dense", createRandom(0));
  for (const half of [firstHalf(dense), secondHalf(dense)]) near(rms(half), Math.sqrt(2 / 400));
});

test("a topology with every connection gets the weights of the dense layer, in every mode", () => {
  const full = randomTopology({ inputs: 7, neurons: 5, nnz: 35, random: createRandom(1) });
  const dense = initialWeights({ inputs: 7, neurons: 5 }, "dense", createRandom(2));
  for (const mode of ["unit", "layer", "dense"] as const) {
    const sparse = initialWeights(full, mode, createRandom(2));
    assert.deepEqual(initialWeights({ inputs: 7, neurons: 5 }, mode, createRandom(2)), dense);
    for (let neuron = 0; neuron < 5; neuron++) {
      for (let input = 0; input < 7; input++) assert.equal(sparse[neuron * 7 + input], dense[input * 5 + neuron]);
    }
  }
});

test("neurons without inputs are no trouble", () => {
  const topology = wire([0, 2, 0], { inputs: 3, permute: false });
  for (const mode of ["unit", "layer", "dense"] as const) {
    const weights = initialWeights(topology, mode, createRandom(0));
    assert.equal(weights.length, 2);
    assert.ok(weights.every(Number.isFinite));
  }
});

test("weights are normal, and the same seed gives the same bytes", () => {
  const weights = initialWeights({ inputs: 200, neurons: 200 }, "dense", createRandom(3));
  assert.deepEqual(weights, initialWeights({ inputs: 200, neurons: 200 }, "dense", createRandom(3)));
  const beyond = weights.filter((w) => Math.abs(w) > 1.96 * Math.sqrt(2 / 200)).length / weights.length;
  assert.ok(Math.abs(beyond - 0.05) < 0.005);
});

test("an unknown mode is refused, for sparse and dense layers", () => {
  for (const layer of [uneven, { inputs: 2, neurons: 2 }]) {
    assert.throws(() => initialWeights(layer, "he" as "unit", createRandom(0)), {
      name: "RangeError",
      message: /"he"/,
    });
  }
});
