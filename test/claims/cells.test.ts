import assert from "node:assert/strict";
import { test } from "node:test";
import { besides, cellsOf, differenceOf, missingRuns, pairedDifference, pairsOf } from "psn/dist/claims/cells";
import { pairedComparison } from "psn/dist/statistics/paired-comparison";
import { paperRuns } from "./paper-runs";

const runsOf = (experiment: string, labels: readonly string[], seeds: number) =>
  paperRuns({ experiment, datasets: ["mnist"], sparsities: [0.9, 0.95], labels, seeds, percent: () => 80 });

test("cells are by data set, sparsity and label, in the order of seeds, of the experiments asked for", () => {
  const runs = [...runsOf("static", ["random", "dense"], 3).reverse(), ...runsOf("rigl", ["random"], 3)];
  const cells = cellsOf(runs, ["static"]);
  assert.deepEqual(cells.map(({ label, sparsity }) => [label, sparsity]).sort(), [
    ["dense", 0],
    ["random", 0.9],
    ["random", 0.95],
  ]);
  for (const { runs: own } of cells) {
    assert.deepEqual(
      own.map(({ record }) => record.config.seed),
      [0, 1, 2],
    );
    assert.ok(own.every(({ experiment }) => experiment === "static"));
  }
});

test("a run that two experiments share counts once", () => {
  const runs = [...runsOf("static", ["constant"], 2), ...runsOf("cv", ["constant"], 3)];
  const cells = cellsOf(runs, ["static", "cv"]);
  assert.deepEqual(
    cells.map(({ runs: own }) => own.length),
    [3, 3],
  );
});

test("protocols never mix", () => {
  const percent = (): number => 80;
  const made = { experiment: "static", datasets: ["mnist"], seeds: 2, percent };
  const tuned = paperRuns({ ...made, labels: ["random"], protocol: "tuned" });
  const cells = cellsOf([...paperRuns({ ...made, labels: ["dense", "ERK"] }), ...tuned], ["static"]);
  const [random] = cells.filter(({ protocol }) => protocol === "tuned");
  assert.equal(besides(cells, random, "dense"), undefined);
  assert.equal(differenceOf(random, besides(cells, random, "ERK")), null);
});

test("only shared seeds are paired", () => {
  const [a] = cellsOf(runsOf("static", ["ERK"], 5), ["static"]);
  const [b] = cellsOf(
    runsOf("static", ["random"], 9).filter(({ record }) => record.config.seed > 2),
    ["static"],
  );
  assert.deepEqual(pairsOf(a, b).seeds, [3, 4]);
  assert.equal(differenceOf(a, b)?.n, 2);
});

test("the paired difference is that of the paired t test, and its one-sided p is of no gain", () => {
  const [a, b] = [
    [90.1, 90.3, 90.2, 90.4, 90.0],
    [90.3, 90.35, 90.45, 90.5, 90.1],
  ];
  const { meanDifference, pairedT } = pairedComparison(a, b);
  const gain = pairedDifference(a, b);
  assert.ok(Math.abs(gain.mean - meanDifference) < 1e-12);
  assert.ok(Math.abs(gain.low - pairedT.interval.low) < 1e-9 && Math.abs(gain.high - pairedT.interval.high) < 1e-9);
  assert.ok(Math.abs(gain.p - pairedT.p) < 1e-9 && Math.abs(gain.gainP - pairedT.p / 2) < 1e-9);
  const loss = pairedDifference(b, a);
  assert.ok(Math.abs(loss.p - gain.p) < 1e-12 && Math.abs(loss.gainP - (1 - gain.p / 2)) < 1e-12);
});

test("differences that are all equal are a point, and one pair has neither interval nor p", () => {
  const { low, high, p, gainP } = pairedDifference([90.1, 90.2, 90.3], [90.2, 90.3, 90.4]);
  assert.ok(Math.abs(low - 0.1) < 1e-9 && low === high && p === 0 && gainP === 0);
  assert.equal(pairedDifference([2, 3], [1, 2]).gainP, 1);
  const one = pairedDifference([1], [2]);
  assert.deepEqual([one.mean, one.low, one.p, one.gainP], [1, Number.NaN, Number.NaN, Number.NaN]);
});

test("what is missing is counted by data set, dense networks once, seeds beyond those wanted not at all", () => {
  const cells = cellsOf(runsOf("static", ["dense", "random"], 7), ["static"]);
  const wanted = { datasets: ["mnist", "covtype"], sparsities: [0.9, 0.99], labels: ["dense", "random"], seeds: 5 };
  assert.deepEqual(missingRuns(cells, [wanted]), ["MNIST: 5 of 15 runs", "Forest Cover: 15 of 15 runs"]);
  assert.deepEqual(missingRuns(cells, [{ ...wanted, datasets: ["mnist"], sparsities: [0.95] }]), []);
});
