import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rewired, weightChange } from "psn/dist/measures/change";
import { churn } from "psn/dist/measures/hubs";
import { fromMask, toMask } from "psn/dist/topology/masks";

const sizes = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }));
const twoMasks = sizes.chain(([inputs, neurons]) => {
  const mask = fc.array(fc.constantFrom(0, 1), { minLength: inputs * neurons, maxLength: inputs * neurons });
  const topology = mask.map((bits) => fromMask(bits, inputs, neurons));
  return fc.tuple(topology, topology);
});
// 3 inputs × 2 neurons; shared: input 0 → neuron 0, input 2 → neuron 1
const start = fromMask([1, 0, 1, 1, 0, 1], 3, 2);
const end = fromMask([1, 1, 0, 0, 0, 1], 3, 2);

test("rewired is the share of the final connections that were not there before", () => {
  assert.equal(rewired(start, end), 1 / 3);
  assert.equal(rewired(end, start), 1 / 2);
  assert.equal(rewired(start, start), 0);
  assert.ok(Number.isNaN(rewired(start, fromMask([0, 0, 0, 0, 0, 0], 3, 2))));
});

test("rewired is the churn seen backwards", () => {
  fc.assert(
    fc.property(twoMasks, ([a, b]) => {
      assert.ok(Object.is(rewired(a, b), churn(toMask(b), toMask(a))));
    }),
  );
});

test("weights are compared where a connection is there at both times", () => {
  // rows: start neuron 0 [0: 3, 1: 9], neuron 1 [1: 9, 2: 4]; end neuron 0 [0: 3.6], neuron 1 [0: 7, 2: 4.8]
  const before = { topology: start, weights: [3, 9, 9, 4] };
  const after = { topology: end, weights: [3.6, 7, 4.8] };
  assert.ok(Math.abs((weightChange(before, after) as number) - 0.2) < 1e-12);
  assert.equal(weightChange(before, before), 0);
});

test("weights turned by a factor c change by |c − 1|", () => {
  fc.assert(
    fc.property(twoMasks, fc.double({ min: -3, max: 3, noNaN: true }), ([topology], c) => {
      fc.pre(topology.columns.length > 0);
      const weights = Float64Array.from(topology.columns, (column) => column + 1);
      const found = weightChange({ topology, weights }, { topology, weights: weights.map((w) => c * w) });
      assert.ok(found !== null && Math.abs(found - Math.abs(c - 1)) < 1e-12);
    }),
  );
});

test("where nothing stayed, or everything that did was 0, there is no change to speak of", () => {
  const other = fromMask([0, 1, 0, 0, 1, 0], 3, 2);
  assert.equal(weightChange({ topology: start, weights: [1, 1, 1, 1] }, { topology: other, weights: [1, 1] }), null);
  const zeros = { topology: start, weights: [0, 0, 0, 0] };
  assert.equal(weightChange(zeros, { topology: start, weights: [1, 1, 1, 1] }), null);
});

test("layers of different size, and weights that do not fit, are refused", () => {
  assert.throws(() => rewired(start, fromMask([1, 0, 1, 1], 2, 2)), /3 inputs × 2 neurons at the start and 2 × 2/);
  assert.throws(
    () => weightChange({ topology: start, weights: [1] }, { topology: end, weights: [1, 1, 1] }),
    /1 weights for 4 connections/,
  );
});
