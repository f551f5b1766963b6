import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gather, maskOf, scatter } from "psn/dist/topology/dense-layout";
import { fromMask } from "psn/dist/topology/masks";

const masks = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([inputs, neurons]) =>
  fc.record({
    inputs: fc.constant(inputs),
    neurons: fc.constant(neurons),
    mask: fc.array(fc.constantFrom(0, 1), { minLength: inputs * neurons, maxLength: inputs * neurons }),
  }),
);

test("scatter puts neuron i's weight for input c at c × neurons + i", () => {
  const topology = { inputs: 3, neurons: 2, rowPointers: Uint32Array.of(0, 2, 3), columns: Uint32Array.of(0, 2, 1) };
  assert.deepEqual([...scatter(topology, Float32Array.of(5, 6, 7))], [5, 0, 0, 7, 6, 0]);
});

test("a mask becomes a topology and comes back", () => {
  fc.assert(
    fc.property(masks, ({ mask, inputs, neurons }) => {
      assert.deepEqual([...maskOf(fromMask(mask, inputs, neurons))], mask);
    }),
  );
});

test("what is scattered is gathered again", () => {
  fc.assert(
    fc.property(masks, ({ mask, inputs, neurons }) => {
      const topology = fromMask(mask, inputs, neurons);
      const values = Float32Array.from(topology.columns, (_, position) => position + 1);
      assert.deepEqual(gather(topology, scatter(topology, values)), values);
    }),
  );
});
