import assert from "node:assert/strict";
import { test } from "node:test";
import { createTfjsEngine } from "psn/dist/engines/tfjs";
import { testAgainstPyTorch } from "./against-pytorch";
import { cases } from "./gradient-fixtures";

testAgainstPyTorch("the tfjs engine", createTfjsEngine);

test("the cases are those that the kernel is held against", () => {
  const all = [...cases()];
  const distinct = (values: readonly unknown[]): unknown[] => [...new Set(values)];
  assert.equal(all.length, 62);
  assert.deepEqual(distinct(all.map(({ sparsity }) => sparsity)), [0, 0.8, 0.9, 0.95, 0.99, 0.999]);
  assert.deepEqual(distinct(all.map(({ batch }) => batch.rows)), [1, 32, 100, 128, 512]);
  assert.deepEqual(distinct(all.map(({ spec }) => spec.layerNorm)), [false, true]);
});
