import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { loadDataset } from "psn/dist/datasets/load";
import { shareSplit } from "psn/dist/datasets/shared";

test("a loaded data set is read by worker threads in place, not copied", async () => {
  const { train } = await loadDataset("mnist");
  const program = `const { parentPort } = require("node:worker_threads");
    parentPort.once("message", (split) => { split.features[0] = 77; parentPort.postMessage(split.labels[0]); });`;
  const worker = new Worker(program, { eval: true });
  const answer = new Promise((resolve) => worker.once("message", resolve));
  worker.postMessage(train);
  assert.equal(await answer, train.labels[0]);
  assert.equal(train.features[0], 77);
  await worker.terminate();
});

test("sharing changes no value and no type", () => {
  const split = { rows: 2, features: Float32Array.of(1.5, -2, 3, 4), labels: Uint8Array.of(0, 1) };
  const shared = shareSplit(split);
  assert.ok(shared.features instanceof Float32Array && shared.features.buffer instanceof SharedArrayBuffer);
  assert.deepEqual([...shared.features], [...split.features]);
  assert.deepEqual([...shared.labels], [...split.labels]);
  assert.equal(shared.rows, 2);
});
