import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracyEstimates, differencesTo } from "psn/dist/claims/estimates";
import { inputRuleRows } from "psn/dist/claims/input-rule";
import { matchedCvRows } from "psn/dist/claims/matched-cvs";
import { staticStructures } from "psn/dist/claims/structures";
import type { PaperRun } from "psn/dist/experiments/part";
import { layerRecord, recordedRun } from "../experiments/runs";
import { paperRuns } from "./paper-runs";

const near = (found: number, wanted: number): void => assert.ok(Math.abs(found - wanted) < 0.05, `${found}, ${wanted}`);

test("accuracies of protocols are not mixed, and neither are those of experiments left out", () => {
  const made = { experiment: "static", datasets: ["mnist"], labels: ["dense", "random"], seeds: 3 };
  const runs = [
    ...paperRuns({ ...made, percent: () => 90 }),
    ...paperRuns({ ...made, percent: () => 80, protocol: "tuned" }),
    ...paperRuns({ ...made, percent: () => 10, experiment: "rigl" }),
  ];
  const rows = accuracyEstimates(runs, ["static"]);
  assert.deepEqual(
    rows.map(({ protocol, label, sparsity, n }) => [protocol, label, sparsity, n]),
    [
      ["plain", "dense", 0, 3],
      ["plain", "random", 0.9, 3],
      ["tuned", "dense", 0, 3],
      ["tuned", "random", 0.9, 3],
    ],
  );
  for (const { protocol, mean, low, high } of rows) {
    assert.equal(Math.round(100 * mean), protocol === "plain" ? 90 : 80);
    assert.ok(low < mean && mean < high);
  }
});

test("differences are to the same sparsity's baseline, and only where both are recorded", () => {
  const runs = paperRuns({
    experiment: "rigl",
    datasets: ["covtype"],
    sparsities: [0.9, 0.98],
    labels: ["dense", "ERK", "random", "matched"],
    seeds: 4,
    percent: (label, _, sparsity) => (label === "matched" ? 1 : 0) + (sparsity === 0.9 ? 80 : 60),
  }).filter(({ label, record }) => !(label === "ERK" && record.config.sparsity === 0.98 && record.config.seed > 0));
  const rows = differencesTo("ERK", runs, ["rigl"]);
  assert.deepEqual(
    rows.map(({ label, sparsity, n }) => [label, sparsity, n]),
    [
      ["random", 0.9, 4],
      ["random", 0.98, 1],
      ["matched", 0.9, 4],
      ["matched", 0.98, 1],
    ],
  );
  for (const { label, mean } of rows) near(mean, label === "matched" ? 1 : 0);
});

test("a gain over the random mask is taken apart into windows and profile", () => {
  const scattered = ["random", "ERK", "constant, scattered"];
  const percent = (label: string): number =>
    scattered.includes(label) ? 80 : label === "constant" ? 81 : label.endsWith("scattered") ? 80.2 : 81.3;
  const rows = inputRuleRows(
    paperRuns({ experiment: "static", datasets: ["mnist"], labels: staticStructures, seeds: 5, percent }),
  );
  const found = Object.fromEntries(rows.map(({ contrast, mean }) => [contrast, mean]));
  assert.deepEqual(Object.keys(found), [
    "profiles in windows − random",
    "windows alone (constant − random)",
    "profiles alone, in windows (− constant)",
    "profile alone, scattered (lognormal CV 1 − random)",
  ]);
  for (const [i, mean] of Object.values(found).entries()) near(mean, [1.3, 1, 0.3, 0.2][i]);
});

test("matched CVs stand beside the CVs at which RigL from ERK ends, layer by layer", () => {
  const run = (label: string, seed: number, start: number[], end: number[]): PaperRun => {
    const layers = [layerRecord(0, { 0: start, 100: end })];
    return { ...recordedRun(label, { seed }, { layers }), experiment: "rigl", protocol: "plain" };
  };
  const runs = [run("ERK", 0, [2, 2], [1, 3]), run("ERK", 1, [2, 2], [2, 2]), run("matched", 0, [1, 3], [1, 3])];
  const [row, ...rest] = matchedCvRows(runs);
  assert.deepEqual(rest, []);
  assert.deepEqual([row.layer, row.erkStart, row.erkEnd, row.matchedStart, row.matchedEnd], [0, 0, 0.25, 0.5, 0.5]);
  const [alone] = matchedCvRows(runs.filter(({ label }) => label === "ERK"));
  assert.ok(Number.isNaN(alone.matchedStart) && Number.isNaN(alone.matchedEnd) && alone.erkEnd === 0.25);
});
