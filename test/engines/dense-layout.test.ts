import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { gather, maskOf, scatter } from "psn/dist/engines/dense-layout";
import { topologyOf } from "./networks";

const masks = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })).chain(([inputs, neurons]) =>
  fc.record({
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
    fc.property(masks, ({ mask, neurons }) => {
      assert.deepEqual([...maskOf(topologyOf(mask, neurons))], mask);
    }),
  );
});

test("what is scattered is gathered again", () => {
  fc.assert(
    fc.property(masks, ({ mask, neurons }) => {
      const topology = topologyOf(mask, neurons);
      const values = Float32Array.from(topology.columns, (_, position) => position + 1);
      assert.deepEqual(gather(topology, scatter(topology, values)), values);
    }),
  );
});
