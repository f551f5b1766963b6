import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "psn/dist/random";
import { checkTopology, fanIn, fanOut, toMask } from "psn/dist/topology/masks";
import type { Topology } from "psn/dist/topology/topology";
import { randomTopology } from "psn/dist/wiring/random-topology";
import { wire, wiringRules } from "psn/dist/wiring/wire";

const row = ({ rowPointers, columns }: Topology, i: number): number[] =>
  Array.from(columns.slice(rowPointers[i], rowPointers[i + 1]));

const fanIns = fc.integer({ min: 1, max: 40 }).chain((inputs) =>
  fc.record({
    inputs: fc.constant(inputs),
    fanIn: fc.array(fc.integer({ min: 0, max: inputs }), { minLength: 1, maxLength: 30 }),
  }),
);

test("every rule gives every neuron its fan-in, and a valid topology, unpermuted", () => {
  fc.assert(
    fc.property(fanIns, fc.constantFrom(...wiringRules), fc.nat(), (layer, rule, seed) => {
      const topology = wire(layer.fanIn, { inputs: layer.inputs, rule, random: createRandom(seed), permute: false });
      checkTopology(topology);
      assert.deepEqual(Array.from(fanIn(topology)), layer.fanIn);
    }),
  );
});

test("permuted, the same fan-ins go to other neurons", () => {
  fc.assert(
    fc.property(fanIns, fc.constantFrom(...wiringRules), fc.nat(), (layer, rule, seed) => {
      const topology = wire(layer.fanIn, { inputs: layer.inputs, rule, random: createRandom(seed) });
      checkTopology(topology);
      assert.deepEqual(fanIn(topology).sort(), Uint32Array.from(layer.fanIn).sort());
    }),
  );
  const ascending = Array.from({ length: 30 }, (_, i) => i);
  const permuted = wire(ascending, { inputs: 30, random: createRandom(0) });
  assert.notDeepEqual(Array.from(fanIn(permuted)), ascending);
  const again = wire(ascending, { inputs: 30, random: createRandom(0) });
  assert.deepEqual(permuted, again);
  assert.notDeepEqual(fanIn(wire(ascending, { inputs: 30, random: createRandom(1) })), fanIn(permuted));
});

test("window reads neighbours from the neuron's offset on, around the end", () => {
  const topology = wire([2, 3, 1, 4], { inputs: 54, rule: "window", permute: false });
  assert.deepEqual(
    [0, 1, 2].map((i) => row(topology, i)),
    [[0, 1], [33, 34, 35], [12]],
  );
  const wrapped = wire([0, 0, 0, 10], { inputs: 54, permute: false });
  assert.deepEqual(row(wrapped, 3), [0, 1, 46, 47, 48, 49, 50, 51, 52, 53]);
});

test("golden steps from the neuron's offset by the golden stride", () => {
  const topology = wire([3, 4], { inputs: 54, rule: "golden", permute: false });
  assert.deepEqual(row(topology, 0), [0, 16, 35]); // 0, 35, 70 mod 54
  assert.deepEqual(row(topology, 1), [14, 30, 33, 49]); // 33, 68, 103, 138 mod 54
});

test("stream deals one golden sequence out to the neurons in turn", () => {
  const topology = wire([2, 0, 3], { inputs: 54, rule: "stream", permute: false });
  assert.deepEqual(
    [0, 1, 2].map((i) => row(topology, i)),
    [[0, 35], [], [16, 32, 51]],
  );
});

test("stream gives every input the same fan-out, to within one", () => {
  fc.assert(
    fc.property(fanIns, fc.nat(), (layer, seed) => {
      const topology = wire(layer.fanIn, { inputs: layer.inputs, rule: "stream", random: createRandom(seed) });
      const even = topology.columns.length / layer.inputs;
      for (const count of fanOut(topology)) assert.ok(count === Math.floor(even) || count === Math.ceil(even));
    }),
  );
});

test("random draws inputs evenly", () => {
  const topology = wire(new Uint32Array(6000).fill(3), { inputs: 9, rule: "random", random: createRandom(2) });
  for (const count of fanOut(topology)) assert.ok(Math.abs(count - 2000) < 150, `fan-outs are ${fanOut(topology)}`);
});

test("a missing generator is named together with what it is for", () => {
  assert.throws(() => wire([1, 2], { inputs: 4 }), { name: "TypeError", message: /permute neurons/ });
  assert.throws(() => wire([1], { inputs: 4, rule: "random", permute: false }), {
    name: "TypeError",
    message: /"random"/,
  });
});

test("impossible fan-ins and unknown rules are refused", () => {
  assert.throws(() => wire([1, 5], { inputs: 4, permute: false }), /fan-in of neuron 1 is 5; .* 0 … 4/);
  assert.throws(() => wire([-1], { inputs: 4, permute: false }), RangeError);
  assert.throws(() => wire([1.5], { inputs: 4, permute: false }), RangeError);
  assert.throws(() => wire([1], { inputs: 0, permute: false }), /0 inputs/);
  assert.throws(() => wire([1], { inputs: 4, rule: "block" as "window", permute: false }), /"block".*stream/);
});

test("a random topology has exactly nnz connections, and a full one is dense", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), fc.nat(), (inputs, neurons, seed) => {
      const random = createRandom(seed);
      const nnz = 1 + random.integer(inputs * neurons);
      const topology = randomTopology({ inputs, neurons, nnz, random });
      checkTopology(topology);
      assert.equal(topology.columns.length, nnz);
      const full = randomTopology({ inputs, neurons, nnz: inputs * neurons, random });
      assert.ok(toMask(full).every((value) => value === 1));
    }),
  );
});

test("fan-in of a random topology varies as the hypergeometric law says", () => {
  for (const [sparsity, expected] of [
    [0.8, 0.072],
    [0.9, 0.107],
    [0.95, 0.156],
    [0.98, 0.25],
    [0.99, 0.351],
    [0.999, 1.125],
  ]) {
    const nnz = 784 * 512 - Math.floor(sparsity * 784 * 512);
    const counts = fanIn(randomTopology({ inputs: 784, neurons: 512, nnz, random: createRandom(3) }));
    const mean = nnz / 512;
    const variance = counts.reduce((sum, k) => sum + (k - mean) ** 2, 0) / 512;
    assert.ok(
      Math.abs(Math.sqrt(variance) / mean / expected - 1) < 0.13,
      `at ${sparsity}: ${Math.sqrt(variance) / mean}`,
    );
  }
});

test("every position of a random topology is equally likely", () => {
  const random = createRandom(4);
  const counts = new Uint32Array(12);
  for (let i = 0; i < 6000; i++) {
    toMask(randomTopology({ inputs: 4, neurons: 3, nnz: 5, random })).forEach((value, flat) => {
      counts[flat] += value;
    });
  }
  for (const count of counts) assert.ok(Math.abs(count - 2500) < 160, `counts are ${counts}`);
});
