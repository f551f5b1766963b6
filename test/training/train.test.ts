import assert from "node:assert/strict";
import { test } from "node:test";
import { rigl, type TrainConfig } from "psn/dist/training/config";
import { learningRate, type TrainProgress } from "psn/dist/training/loop";
import { type TrainResult, train } from "psn/dist/training/train";
import { blobs } from "./blobs";

const small: TrainConfig = { dataset: blobs(), hidden: [16, 8], sparsity: 0.5, batch: 32, epochs: 4 };
const withRigl: TrainConfig = { ...small, update: { ...rigl, interval: 3 } };

const bytes = ({ layers, ...rest }: TrainResult): string =>
  JSON.stringify([rest, layers.map(({ topology, weights, bias }) => [topology, [...weights], [...bias]])]);

test("a sparse network learns far beyond chance, and its loss falls", async () => {
  const { epochs, accuracy } = await train({ ...small, learningRate: 0.01, epochs: 20 });
  assert.ok(accuracy > 0.8, `accuracy ${accuracy}`);
  assert.ok(epochs[19].trainLoss < epochs[0].trainLoss / 2);
});

test("same seed, same bytes; seed 0 is a seed; another seed gives another run", async () => {
  const [first, again, other] = [
    await train(withRigl),
    await train({ ...withRigl, seed: 0 }),
    await train({ ...withRigl, seed: 1 }),
  ];
  assert.equal(bytes(again), bytes(first));
  assert.notEqual(bytes(other), bytes(first));
});

test("RigL updates every third of 40 steps before three quarters, and conserves the connections of each layer", async () => {
  const { updates, nonzeros, layers } = await train(withRigl);
  assert.deepEqual([...new Set(updates.map(({ step }) => step))], [3, 6, 9, 12, 15, 18, 21, 24, 27]);
  assert.deepEqual(
    updates.slice(0, 2).map(({ layer }) => layer),
    [0, 1],
  );
  for (const { layer, fanIn, dropped, regrown, grown } of updates) {
    assert.equal(
      fanIn.reduce((sum, k) => sum + k, 0),
      nonzeros[layer],
    );
    assert.equal(dropped, regrown + grown);
  }
  assert.ok(updates.some(({ grown }) => grown > 0));
  assert.deepEqual(
    layers.map(({ weights }) => weights.length),
    [...nonzeros],
  );
});

test("a static network keeps its topology, and its fan-ins are those it started with", async () => {
  const { updates, layers, initialFanIn } = await train(small);
  assert.deepEqual(updates, []);
  layers.forEach(({ topology }, layer) => {
    const fanIn = topology && Array.from(topology.rowPointers.subarray(1), (end, i) => end - topology.rowPointers[i]);
    assert.deepEqual(fanIn, initialFanIn[layer]);
  });
});

test("RigL whose growth is row-wise never changes a fan-in", async () => {
  const { updates, initialFanIn } = await train({ ...withRigl, update: { ...rigl, interval: 3, growth: "row-wise" } });
  assert.ok(updates.some(({ grown }) => grown > 0));
  for (const { layer, fanIn } of updates) assert.deepEqual(fanIn, initialFanIn[layer]);
});

test("sparsity 0 is the dense network, whatever the start", async () => {
  const dense = await train({ ...small, sparsity: 0, start: { kind: "dense" } });
  const random = await train({ ...small, sparsity: 0, start: { kind: "random" } });
  assert.equal(random.accuracy, dense.accuracy);
  assert.equal(dense.overallSparsity, 0);
  assert.deepEqual(dense.nonzeros, [12 * 16, 16 * 8, 8 * 3]);
});

test("hidden-only and overall sparsity are both told", async () => {
  const { nonzeros, hiddenSparsity, overallSparsity } = await train({ ...small, epochs: 1 });
  assert.deepEqual(nonzeros, [96, 64, 24]);
  assert.equal(hiddenSparsity, 0.5);
  assert.equal(overallSparsity, 1 - 184 / 344);
});

test("progress counts to the last step, with loss and accuracy", async () => {
  const seen: TrainProgress[] = [];
  await train(small, { onProgress: (progress) => seen.push(progress) });
  const last = seen[seen.length - 1];
  assert.deepEqual([last.step, last.steps, last.epoch], [40, 40, 4]);
  assert.ok(last.loss !== null && last.loss > 0 && last.accuracy !== null);
});

test("an abort stops a long run at once, with the signal's reason", async () => {
  const controller = new AbortController();
  const running = train(
    { ...small, epochs: 100_000 },
    { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) },
  );
  await assert.rejects(running, /enough/);
});

test("a diverging run says at which step, and what to change", async () => {
  const diverging = train({ ...small, learningRate: 1e30, epochs: 50 });
  await assert.rejects(diverging, /loss is (NaN|Infinity) at step \d+; lower the learning rate \(now 1e\+30\)/);
});

test("an impossible config is refused with the field, its value and what is allowed", async () => {
  await assert.rejects(train({ ...small, sparsity: 1 }), /sparsity is 1; it must be in \[0, 1\)/);
  await assert.rejects(train({ ...small, epochs: 0 }), /epochs is 0; it must be an integer ≥ 1/);
  await assert.rejects(train({ ...small, seed: -1 }), /seed is -1/);
  await assert.rejects(train({ ...small, dataset: "imagenet" }), /imagenet/);
});

test("the cosine learning rate starts at its initial value and ends near 0; the constant one stays", () => {
  const cosine = { learningRate: 0.5, schedule: "cosine" } as const;
  assert.equal(learningRate(cosine, 1, 100), 0.5);
  assert.equal(learningRate(cosine, 51, 100), 0.25);
  assert.ok(learningRate(cosine, 100, 100) < 1e-3);
  assert.equal(learningRate({ learningRate: 0.5, schedule: "constant" }, 99, 100), 0.5);
});
