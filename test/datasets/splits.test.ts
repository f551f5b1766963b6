import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { splitRandom, stratifiedSample, stratifiedSplit } from "psn/dist/datasets/splits";
import { createRandom } from "psn/dist/random";

const labelled = fc.uint8Array({ minLength: 1, maxLength: 300, max: 6 });
const seed = fc.nat();

function counts(labels: Uint8Array, rows: Iterable<number>): number[] {
  const found = new Array(256).fill(0);
  for (const row of rows) found[labels[row]]++;
  return found;
}

test("the parts of a split are disjoint, ascending, and together all rows", () => {
  fc.assert(
    fc.property(labelled, fc.double({ min: 0.01, max: 0.99, noNaN: true }), seed, (labels, fraction, s) => {
      const { train, test: rest } = stratifiedSplit(labels, fraction, createRandom(s));
      const all = Uint32Array.of(...train, ...rest).sort();
      assert.deepEqual([...all], Array.from(labels.keys()));
      for (const part of [train, rest]) assert(part.every((row, i) => i === 0 || part[i - 1] < row));
      assert.equal(rest.length, Math.round(labels.length * fraction));
    }),
  );
});

test("each class is within one row of its exact share, and the counts do not depend on the seed", () => {
  fc.assert(
    fc.property(labelled, fc.double({ min: 0, max: 1, noNaN: true }), seed, (labels, share, s) => {
      const count = Math.floor(share * labels.length);
      const taken = counts(labels, stratifiedSample(labels, count, createRandom(s)));
      const sizes = counts(labels, labels.keys());
      taken.forEach((n, label) => {
        assert(Math.abs(n - (sizes[label] * count) / labels.length) < 1, `class ${label}: ${n} of ${sizes[label]}`);
      });
      assert.deepEqual(taken, counts(labels, stratifiedSample(labels, count, createRandom(s + 1))));
    }),
  );
});

test("rows that remain go to the largest remainders, of equal ones the lower class", () => {
  const labels = Uint8Array.of(0, 0, 0, 1, 1, 1, 2, 2, 2, 2); // shares of 5: 1.5, 1.5, 2
  assert.deepEqual(counts(labels, stratifiedSample(labels, 5, createRandom(0))).slice(0, 3), [2, 1, 2]);
});

test("the same seed gives the same split, seed 0 included, and another seed another", () => {
  const labels = Uint8Array.from({ length: 200 }, (_, i) => i % 5);
  assert.deepEqual(stratifiedSplit(labels, 0.2, createRandom(0)), stratifiedSplit(labels, 0.2, createRandom(0)));
  assert.notDeepEqual(
    stratifiedSplit(labels, 0.2, createRandom(0)).test,
    stratifiedSplit(labels, 0.2, createRandom(1)).test,
  );
});

test("every row is as likely as the others of its class", () => {
  const labels = Uint8Array.from({ length: 20 }, (_, i) => (i < 15 ? 0 : 1));
  const random = createRandom(4);
  const drawn = new Array(20).fill(0);
  for (let i = 0; i < 4000; i++) for (const row of stratifiedSample(labels, 8, random)) drawn[row]++;
  // 6 of 15 and 2 of 5: 1600 times each, with standard deviation 31.
  for (const [row, n] of drawn.entries()) assert(Math.abs(n - 1600) < 160, `row ${row} drawn ${n} times`);
});

test("data sets have split streams of their own", () => {
  assert.notDeepEqual(splitRandom("covtype").permutation(50), splitRandom("emnist-bymerge-116k").permutation(50));
  assert.deepEqual(splitRandom("covtype").permutation(50), splitRandom("covtype").permutation(50));
});

test("a fraction outside (0, 1) and a count beyond the rows are refused", () => {
  const labels = Uint8Array.of(0, 1);
  for (const fraction of [0, 1, -0.1, 2, Number.NaN]) {
    assert.throws(() => stratifiedSplit(labels, fraction, createRandom(0)), RangeError);
  }
  for (const count of [-1, 3, 0.5, Number.NaN]) {
    assert.throws(() => stratifiedSample(labels, count, createRandom(0)), /need an integer in 0 … 2/);
  }
});
