import assert from "node:assert/strict";
import { test } from "node:test";
import { type ArraysInput, datasetFromArrays, subset } from "psn/dist/datasets/arrays";
import { createRandom } from "psn/dist/random";

const rows = 40;
const input = (change: Partial<ArraysInput> = {}): ArraysInput => ({
  name: "mine",
  features: Float64Array.from({ length: rows * 3 }, (_, i) => i / 2),
  labels: Array.from({ length: rows }, (_, row) => row % 4),
  inputs: 3,
  testFraction: 0.25,
  random: createRandom(0),
  ...change,
});

test("one's own arrays become a data set in which every row keeps its features and label", () => {
  const { train, test: rest, ...about } = datasetFromArrays(input());
  assert.deepEqual([about.name, about.inputs, about.classes, about.scale], ["mine", 3, 4, 1]);
  assert.deepEqual([train.rows, rest.rows], [30, 10]);
  const seen = new Set<number>();
  for (const part of [train, rest]) {
    for (let i = 0; i < part.rows; i++) {
      const row = (part.features[3 * i] * 2) / 3;
      assert.deepEqual([...part.features.slice(3 * i, 3 * i + 3)], [1.5 * row, 1.5 * row + 0.5, 1.5 * row + 1]);
      assert.equal(part.labels[i], row % 4);
      seen.add(row);
    }
  }
  assert.equal(seen.size, rows);
});

test("bytes are kept as pixels", () => {
  const { train, scale } = datasetFromArrays(input({ features: new Uint8Array(rows * 3).fill(255) }));
  assert(train.features instanceof Uint8Array);
  assert.equal(scale * train.features[0], 1);
});

test("checksums tell other features, other labels and another split apart", () => {
  const { checksums } = datasetFromArrays(input());
  assert.deepEqual(datasetFromArrays(input()).checksums, checksums);
  const other = (change: Partial<ArraysInput>) => datasetFromArrays(input(change)).checksums;
  assert.notEqual(other({ features: new Float32Array(rows * 3) }).features, checksums.features);
  assert.notEqual(other({ labels: new Uint8Array(rows) }).labels, checksums.labels);
  assert.notEqual(other({ random: createRandom(1) }).test, checksums.test);
});

test("what does not fit is refused with the value and what is allowed", () => {
  const refuse = (change: Partial<ArraysInput>, message: RegExp) =>
    assert.throws(() => datasetFromArrays(input(change)), { name: "RangeError", message });
  refuse({ inputs: 2 }, /120 features and 40 labels do not fit 2 inputs; need 80/);
  refuse({ inputs: 0 }, /inputs 0/);
  refuse({ classes: 3 }, /label 3 of row 3; need an integer in 0 … 2/);
  refuse({ classes: 257 }, /classes 257; need an integer in 2 … 256/);
  refuse({ labels: Array.from({ length: rows }, () => 0.5) }, /label 0.5 of row 0/);
  refuse({ features: new Float32Array(rows * 3).fill(Number.NaN, 7, 8) }, /feature NaN at index 7/);
  refuse({ features: new Float64Array(rows * 3).fill(1e39, 5) }, /feature 1e\+39 at index 5; need finite numbers/);
  refuse({ testFraction: 1.5 }, /testFraction 1.5/);
  refuse({ testFraction: 0.001 }, /leaves 40 to train and 0 to test/);
});

test("a subset keeps the test part and the shares of the classes, and says that it is one", () => {
  const whole = datasetFromArrays(input());
  const small = subset(whole, 12, createRandom(0));
  assert.equal(small.test, whole.test);
  assert.equal(small.train.rows, 12);
  assert.equal(small.train.features.length, 36);
  const counts = [0, 0, 0, 0];
  for (const label of small.train.labels) counts[label]++;
  assert(
    counts.every((n) => n >= 2 && n <= 4),
    counts.join(),
  );
  assert.equal(small.checksums.features, whole.checksums.features);
  assert.notEqual(small.checksums.subset, subset(whole, 12, createRandom(1)).checksums.subset);
  for (const count of [0, 31, 1.5]) assert.throws(() => subset(whole, count, createRandom(0)), /integer in 1 … 30/);
});
