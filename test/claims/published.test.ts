import assert from "node:assert/strict";
import { test } from "node:test";
import { describePublished, type PublishedRow, publishedComparison, publishedMargin } from "psn/dist/claims/published";
import type { PaperRun } from "psn/dist/experiments/part";
import { layerRecord, recordedRun } from "../experiments/runs";

interface Made {
  readonly experiment?: string;
  readonly protocol?: PaperRun["protocol"];
  readonly dataset?: string;
}

function run(label: string, seed: number, accuracy: number, made: Made = {}): PaperRun {
  const { experiment = "anchors", protocol = "plain", dataset = "mnist" } = made;
  const layers = [layerRecord(0, { 0: [2, 2], 5: [4, 0] }), layerRecord(1, { 0: [1, 1], 5: [1, 1] })];
  return { ...recordedRun(label, { dataset, seed }, { accuracy, layers }), experiment, protocol };
}

const rows = publishedComparison([
  run("RigL 1911.11134", 0, 0.984),
  run("RigL 1911.11134", 1, 0.986),
  run("RigL 2501.19107", 0, 0.986),
  run("dense", 0, 0.98, { experiment: "static" }),
  run("dense", 0, 0.99, { experiment: "static", protocol: "tuned" }),
]);
const find = (setting: string, quantity: RegExp, dataset = "mnist"): PublishedRow[] =>
  rows.filter((row) => row.setting === setting && quantity.test(row.quantity) && row.dataset === dataset);
const near = (a: number | null, b: number): boolean => a !== null && Math.abs(a - b) < 1e-9;

test("a setting that we repeat is judged at the published epoch, with the difference and its interval", () => {
  const [best] = find("RigL 2501.19107", /accuracy/);
  const [last] = find("RigL 1911.11134", /accuracy/);
  assert.deepEqual([best.epoch, last.epoch], ["best", "last"]);
  assert.ok(near(best.ours, 100) && Number.isNaN(best.low)); // made-up best epoch
  assert.equal(best.within, "open", "one run has no interval");
  assert.ok(near(best.lastEpoch, 98.6) && best.comparison === "same setting");
  assert.match(best.remark, /pixels stay in \[0, 1\].*first 90 % of epochs/);
  assert.ok(near(last.difference, -0.02) && last.n === 2);
  assert.equal(last.within, "open", "two runs, whose interval reaches beyond");
  assert.ok(last.low < last.difference && last.difference < last.high);
});

/** The last-epoch accuracy of LeNet-300-100, published as 98.52 %, of some runs. */
const lenet = (...accuracies: readonly number[]): PublishedRow[] =>
  publishedComparison(accuracies.map((accuracy, seed) => run("RigL 1911.11134", seed, accuracy)));
const withinOf = (...accuracies: readonly number[]): unknown =>
  lenet(...accuracies).find(({ setting, within }) => setting === "RigL 1911.11134" && within !== null)?.within;

test("a setting is within, outside or open by all of its interval, not by its mean", () => {
  assert.equal(withinOf(0.985, 0.9851, 0.9852), "yes");
  assert.equal(withinOf(0.981, 0.9852, 0.989), "open");
  assert.equal(withinOf(0.98, 0.9801, 0.9802), "no");
  assert.equal(withinOf(0.99, 0.9901, 0.9902), "no");
});

test("whether it is the same RigL is said with what is open, and with the cause of what is outside", () => {
  assert.equal(describePublished(publishedComparison([])), "No accuracy of a repeated setting is recorded yet.");
  assert.equal(
    describePublished(lenet(0.985, 0.9851, 0.9852)),
    "Is it the same RigL? Yes: 1 of 1 accuracy surely within 0.3 pp of what is published, 0 open and 0 outside.",
  );
  assert.match(
    describePublished(rows),
    /^Is it the same RigL\? None is surely more than 0\.3 pp off, nor are all surely within: 0 of 2 accuracies .*, 2 open \(RigL 2501\.19107 on MNIST \+1\.39 pp, n = 1; .*\) and 0 outside\.$/,
  );
  const off = lenet(0.982, 0.9823, 0.9826);
  const { low, high } = off.find(({ within }) => within === "open") ?? assert.fail();
  assert.ok(-publishedMargin > low && high < 0, "open, and yet surely off");
  assert.match(describePublished(off), /same RigL\? None is surely more than 0\.3 pp off, nor are all surely within: /);
  assert.match(
    describePublished(lenet(0.98, 0.9801, 0.9802)),
    /Not in all settings: 0 of 1 .* 1 outside \(RigL 1911\.11134 on MNIST −0\.51 pp \[.*\. RigL 1911\.11134 on MNIST: the learning rate falls along a cosine/,
  );
});

test("every repeated setting that could be outside has an explanation", () => {
  const labels = ["RigL 1911.11134", "RigL 2501.19107", "SET 2501.19107"];
  const far = ["mnist", "fashion-mnist"].flatMap((dataset) =>
    labels.flatMap((label) => [0, 1, 2].map((seed) => run(label, seed, 0.5, { dataset }))),
  );
  for (const made of far) Object.assign(made.record.result, { bestAccuracy: 0.5 });
  const outside = publishedComparison(far).filter(({ within }) => within === "no");
  assert.equal(outside.length, 5);
  for (const { remark } of outside) assert.ok(remark.length > 0);
});

test("units that are active are counted otherwise than in the published table, and not judged", () => {
  const [row] = find("RigL 2501.19107", /active units/);
  assert.deepEqual([row.comparison, row.within], ["other setting", null]);
  assert.match(row.remark, /^another quantity: .*run\.py, --record_anp/);
});

test("neurons with inputs are counted at the end, in all layers or in one", () => {
  const [share] = find("RigL 2501.19107", /active units/);
  assert.deepEqual([share.ours, share.published, share.within, share.lastEpoch], [75, 29, null, null]);
  const ours = [1, 2].map((layer) => find("RigL 1911.11134", new RegExp(`layer ${layer}`))[0]);
  assert.deepEqual(
    ours.map((row) => [row.ours, row.published, row.comparison]),
    [
      [1, 100, "other setting"],
      [2, 69, "other setting"],
    ],
  );
});

test("networks of another setting stand beside with what differs, are not judged, and keep to their protocol", () => {
  const [plain, tuned] = find("dense 2501.19107", /accuracy/);
  assert.ok(near(plain.ours, 100) && near(plain.lastEpoch, 98) && near(tuned.lastEpoch, 99));
  assert.deepEqual([plain.within, plain.comparison], [null, "other setting"]);
  assert.match(plain.remark, /^hidden layers 512-256, adam, 20 epochs, protocol plain$/);
  assert.match(tuned.remark, /protocol tuned$/);
  const [momentum] = find("Sparse Momentum, 2 % of weights", /accuracy/);
  assert.equal(momentum.published, 98.01);
  assert.equal(momentum.remark, "RigL with 50 % of all weights");
  assert.ok(near(momentum.ours, 98.5), "the last epoch's, where the published one is not stated");
});

test("every published number has its row, and says why where nothing of ours is beside it", () => {
  for (const row of rows.filter(({ n }) => n === 0)) {
    assert.deepEqual([row.comparison, row.ours, row.difference], ["not run", null, Number.NaN]);
    assert.match(row.remark, /^(not run here: .{20}|not yet run: npm run psn -- run (anchors|static))/);
  }
  assert.equal(rows.filter(({ n }) => n > 0).length, 8);
  const [balanced] = find("RigL 2501.19107", /accuracy/, "emnist-balanced");
  assert.match(balanced.remark, /run anchors --dataset emnist-balanced/);
  assert.match(find("CHTs 2501.19107", /accuracy/)[0].remark, /^not run here: CHTs/);
  assert.deepEqual(
    find("dense MLP", /accuracy/, "covtype").map(({ published }) => published),
    [96.25, 96.25],
  );
});
