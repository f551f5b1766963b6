import assert from "node:assert/strict";
import { test } from "node:test";
import { equilibriumCv } from "psn/dist/experiments/equilibrium";
import { accuracyRows, fanInCvRows, lastOfEachRun } from "psn/dist/experiments/tables";
import { layerRecord, recordedRun } from "./runs";

test("an accuracy row is the last epoch's, not the best", () => {
  const [row] = accuracyRows([recordedRun("ERK", { sparsity: 0.9, seed: 3 }, { accuracy: 0.25 })]);
  assert.deepEqual(row, { dataset: "mnist", sparsity: 0.9, label: "ERK", seed: 3, accuracy: 0.25 });
});

const moving = recordedRun(
  "ERK",
  {},
  {
    layers: [
      layerRecord(0, { 0: [2, 2], 10: [1, 3], 20: [0, 4] }),
      layerRecord(1, { 0: [1, 1], 10: [0, 2], 20: [1, 1] }),
    ],
  },
);

test("fan-in CVs start at step 0, and follow every update, layer by layer", () => {
  const rows = fanInCvRows([moving]).map(({ layer, step, cv }) => [layer, step, cv]);
  assert.deepEqual(rows, [
    [0, 0, 0],
    [0, 10, 0.5],
    [0, 20, 1],
    [1, 0, 0],
    [1, 10, 1],
    [1, 20, 0],
  ]);
});

test("the last row of each run and layer is kept, in whatever order rows come", () => {
  const last = lastOfEachRun(fanInCvRows([moving]).reverse());
  assert.deepEqual(last.map(({ layer, step, cv }) => [layer, step, cv]).sort(), [
    [0, 20, 1],
    [1, 20, 0],
  ]);
});

test("the equilibrium is the mean of the last CVs over runs, per layer, to 0.01", () => {
  const other = recordedRun(
    "ERK",
    { seed: 1 },
    {
      layers: [layerRecord(0, { 0: [2, 2], 20: [1, 3] }), layerRecord(1, { 0: [1, 1], 20: [1, 1] })],
    },
  );
  assert.deepEqual(equilibriumCv([moving, other]), [0.75, 0]);
  assert.throws(() => equilibriumCv([]), /pass RigL runs/);
});
