import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkTopology, fanIn, fanOut, fromMask, toMask } from "psn/dist/topology/masks";

const masks = fc
  .record({ inputs: fc.integer({ min: 1, max: 12 }), neurons: fc.integer({ min: 1, max: 12 }) })
  .chain(({ inputs, neurons }) =>
    fc.record({
      inputs: fc.constant(inputs),
      neurons: fc.constant(neurons),
      mask: fc.array(fc.constantFrom(0, 1), { minLength: inputs * neurons, maxLength: inputs * neurons }),
    }),
  );

test("a mask becomes a valid topology and the same mask again", () => {
  fc.assert(
    fc.property(masks, ({ inputs, neurons, mask }) => {
      const topology = fromMask(mask, inputs, neurons);
      checkTopology(topology);
      assert.deepEqual(Array.from(toMask(topology)), mask);
      assert.deepEqual(fromMask(toMask(topology), inputs, neurons), topology);
    }),
  );
});

test("rows of a topology are neurons, and flat indices run along inputs first", () => {
  // 3 inputs × 2 neurons: neuron 0 reads inputs 0 and 2, neuron 1 reads input 2
  const topology = fromMask([1, 0, 0, 0, 1, 1], 3, 2);
  assert.deepEqual(Array.from(topology.rowPointers), [0, 2, 3]);
  assert.deepEqual(Array.from(topology.columns), [0, 2, 2]);
  assert.deepEqual(Array.from(fanIn(topology)), [2, 1]);
  assert.deepEqual(Array.from(fanOut(topology)), [1, 0, 2]);
});

test("a mask that does not fit or has other values is refused", () => {
  assert.throws(() => fromMask([1, 0, 1], 2, 2), { name: "RangeError", message: /3 values; .* need 4/ });
  assert.throws(() => fromMask([1, 0, 2, 0], 2, 2), { name: "RangeError", message: /mask\[2\] is 2/ });
  assert.throws(() => fromMask([], 0, 2), { name: "RangeError", message: /0 inputs × 2 neurons/ });
});

test("a topology that breaks a rule is refused by that rule", () => {
  const topology = { inputs: 4, neurons: 2, rowPointers: Uint32Array.of(0, 2, 3), columns: Uint32Array.of(0, 3, 1) };
  checkTopology(topology);
  const broken = (change: object, message: RegExp): void =>
    assert.throws(() => checkTopology({ ...topology, ...change }), { name: "RangeError", message });
  broken({ neurons: 0 }, /4 inputs × 0 neurons/);
  broken({ rowPointers: Uint32Array.of(0, 3) }, /length 2; it must be 3/);
  broken({ rowPointers: Uint32Array.of(1, 2, 3) }, /begins with 1/);
  broken({ rowPointers: Uint32Array.of(0, 2, 2) }, /ends with 2; .* 3/);
  broken({ rowPointers: Uint32Array.of(0, 4, 3) }, /falls from 4 to 3 at 1/);
  broken({ columns: Uint32Array.of(0, 4, 1) }, /neuron 0 reads input 4; inputs are 0 … 3/);
  broken({ columns: Uint32Array.of(3, 0, 1) }, /input 0 after 3/);
  broken({ columns: Uint32Array.of(3, 3, 1) }, /input 3 after 3/);
});
