import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { churn, createExploration, hubs, jaccard } from "psn/dist/measures/hubs";
import { createRandom } from "psn/dist/random";

const masks = fc.integer({ min: 1, max: 40 }).chain((length) => {
  const mask = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length });
  return fc.tuple(mask, mask);
});

test("hubs are the top decile, largest first, ties to the lower index", () => {
  assert.deepEqual([...hubs([1, 9, 3, 9, 2, 1, 1, 1, 1, 1])], [1]);
  assert.deepEqual([...hubs([1, 8, 3, 9, 2, 9, 1, 1, 1, 1, 1])], [3, 5]);
  assert.deepEqual([...hubs(new Uint32Array(21).fill(4))], [0, 1, 2]);
  assert.deepEqual([...hubs([5])], [0]);
});

test("a neuron without input is no hub", () => {
  assert.deepEqual([...hubs([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2])], [11]);
  assert.equal(hubs([0, 0]).length, 0);
  assert.equal(hubs([]).length, 0);
});

test("no neuron outside has more inputs than a hub", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(30), { minLength: 1, maxLength: 50 }), (fanIn) => {
      const chosen = new Set(hubs(fanIn));
      assert.equal(chosen.size, Math.min(Math.ceil(fanIn.length / 10), fanIn.filter((k) => k > 0).length));
      const least = Math.min(...[...chosen].map((i) => fanIn[i]));
      fanIn.forEach((k, i) => {
        if (!chosen.has(i)) assert.ok(k <= least);
      });
    }),
  );
});

test("hubs of what is not a count are refused", () => {
  assert.throws(() => hubs([1, Number.NaN]), /neuron 1 is NaN/);
});

test("Jaccard is shared over all, symmetric, 1 of a set with itself", () => {
  assert.equal(jaccard([1, 2, 3], [2, 3, 4]), 0.5);
  assert.equal(jaccard([1], [2]), 0);
  assert.equal(jaccard([1, 1, 2], [2, 1]), 1);
  assert.equal(jaccard(Uint32Array.of(4), []), 0);
  assert.ok(Number.isNaN(jaccard([], [])));
});

test("churn is the share of connections that are gone", () => {
  assert.equal(churn([1, 1, 1, 1, 0], [1, 1, 1, 0, 1]), 0.25);
  assert.equal(churn([1, 0], [0, 1]), 1);
  assert.ok(Number.isNaN(churn([0], [1])) && Number.isNaN(churn([], [])));
  assert.throws(() => churn([1], [1, 0]), /1 and 2 positions/);
});

test("churn between masks of one size is symmetric, and nothing churns in place", () => {
  fc.assert(
    fc.property(masks, ([before, after]) => {
      const size = (mask: number[]) => mask.reduce((a, b) => a + b, 0);
      fc.pre(size(before) > 0);
      assert.equal(churn(before, before), 0);
      if (size(before) === size(after)) assert.equal(churn(before, after), churn(after, before));
    }),
  );
});

test("the ITOP rate is the share of positions ever connected, and never falls", () => {
  const exploration = createExploration(4);
  assert.equal(exploration.rate(), 0);
  exploration.add([1, 0, 0, 0]);
  exploration.add([1, 0, 0, 0]);
  assert.equal(exploration.rate(), 0.25);
  exploration.add(Uint8Array.of(0, 0, 1, 1));
  assert.equal(exploration.rate(), 0.75);
});

test("random masks of density d explore 1 − (1 − d)^t", () => {
  const random = createRandom(0);
  const positions = 50_000;
  const exploration = createExploration(positions);
  for (let t = 0; t < 8; t++) {
    const mask = new Uint8Array(positions);
    for (const i of random.sample(positions, positions / 10)) mask[i] = 1;
    exploration.add(mask);
  }
  assert.ok(Math.abs(exploration.rate() - (1 - 0.9 ** 8)) < 0.01);
});

test("masks of another layer and layers without positions are refused", () => {
  assert.throws(() => createExploration(4).add([1]), /1 positions for a layer of 4/);
  for (const positions of [0, 1.5, Number.NaN]) assert.throws(() => createExploration(positions), RangeError);
});
