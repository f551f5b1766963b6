import assert from "node:assert/strict";
import { test } from "node:test";
import { fanIn } from "psn/dist/topology/masks";
import type { TransplantKeep } from "psn/dist/topology/transplant";
import { rigl, type TrainConfig } from "psn/dist/training/config";
import { type TrainResult, train } from "psn/dist/training/train";
import { blobs } from "./blobs";

const dataset = blobs();
const small: TrainConfig = { dataset, hidden: [16, 8], sparsity: 0.5, batch: 32, epochs: 2 };
const from = { start: { kind: "random" }, update: { ...rigl, interval: 3 } } as const;
const heirOf = (keep: TransplantKeep, seed = 0): Promise<TrainResult> =>
  train({ ...small, seed, start: { kind: "transplant", from, keep } });
const masks = ({ layers }: TrainResult): unknown[] =>
  layers.map(({ topology }) => topology && [[...topology.rowPointers], [...topology.columns]]);
const fanIns = ({ layers }: TrainResult): unknown[] => layers.map(({ topology }) => topology && [...fanIn(topology)]);

test("a static network takes over the masks that its donor ended with, with weights of its own", async () => {
  const donor = await train({ ...small, ...from });
  const heir = await heirOf("masks");
  assert.deepEqual(masks(heir), masks(donor));
  assert.notDeepEqual(heir.initialFanIn, donor.initialFanIn);
  assert.notDeepEqual([...heir.layers[0].weights], [...donor.layers[0].weights]);
  assert.deepEqual(heir.updates, []);
});

test("fan-ins alone leave other inputs, and each seed has its own donor", async () => {
  const [whole, sizes, other] = [await heirOf("masks"), await heirOf("fan-ins"), await heirOf("masks", 1)];
  assert.deepEqual(fanIns(sizes), fanIns(whole));
  assert.notDeepEqual(masks(sizes), masks(whole));
  assert.notDeepEqual(masks(other), masks(whole));
});

test("a donor is trained anew when another run, or other data, ask for it", async () => {
  const first = await heirOf("masks");
  await heirOf("masks", 1);
  assert.deepEqual(masks(await heirOf("masks")), masks(first));
  const elsewhere = await train({ ...small, dataset: blobs(), start: { kind: "transplant", from, keep: "masks" } });
  assert.deepEqual(masks(elsewhere), masks(first), "equal data, equal masks");
});

test("stopping a run stops the training of its donor", async () => {
  const start = { kind: "transplant", from, keep: "masks" } as const;
  await assert.rejects(train({ ...small, seed: 5, start }, { signal: AbortSignal.abort(new Error("stop")) }), /stop/);
});
