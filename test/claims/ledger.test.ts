import assert from "node:assert/strict";
import { test } from "node:test";
import { cvCorrelationRows } from "psn/dist/claims/g2";
import { claimResults, claims, ledger } from "psn/dist/claims/ledger";
import { cvProfiles, staticStructures } from "psn/dist/claims/structures";
import { experimentParts } from "psn/dist/experiments/experiments";
import type { PaperRun } from "psn/dist/experiments/part";
import { gridSeeds } from "psn/dist/experiments/protocol";
import { frame } from "psn/dist/notebook/frames";
import { createRandom } from "psn/dist/random";
import { transplantKeeps } from "psn/dist/topology/transplant";
import { paperRuns } from "./paper-runs";
import { early, late, under } from "./worlds";

test("without runs every claim is not testable, and the ledger is a table all the same", () => {
  const rows = ledger([]);
  assert.deepEqual(
    rows.map(({ claim }) => claim),
    claims.map(({ statement }) => statement.id),
  );
  assert.ok(rows.every(({ verdict }) => verdict === "not testable"));
  assert.equal(frame(rows).shape[0], claims.length);
});

test("every claim says its test, its margin, its limits, and what would change it", () => {
  for (const { results: _, changes: __, ...texts } of claimResults([])) {
    for (const [name, text] of Object.entries(texts)) assert.ok(text.length > 0, `${texts.id} has no ${name}`);
    assert.doesNotMatch(JSON.stringify(texts), /undefined|NaN|\bInfinity/);
  }
});

test("one run of anything stops no claim, and gives none a verdict", () => {
  for (const experiment of ["static", "cv", "rigl", "equilibrium", "hubs", "calibration", "anchors"]) {
    const labels = ["dense", "random", "ERK", "constant", "matched", "matched, scattered", "random, plain"];
    const runs = paperRuns({ experiment, datasets: ["covtype"], labels, seeds: 1, percent: () => 80 });
    for (const { verdict, claim } of ledger(runs)) assert.equal(verdict, "not testable", `${claim} of ${experiment}`);
  }
});

test("claims ask for the structures that the grids have", () => {
  const labelsOf = (experiment: string): string[] => {
    const [part] = experimentParts({ experiments: [experiment], protocol: "plain", dataset: "covtype", quick: true });
    return [...new Set(part.runs.map(({ label }) => label))];
  };
  assert.deepEqual(labelsOf("static"), ["dense", ...staticStructures]);
  assert.deepEqual(labelsOf("cv"), ["constant", ...cvProfiles]);
});

test("the calibration's grid has as many seeds as claims ask for, or fewer", () => {
  const [part] = experimentParts({ experiments: ["calibration"], protocol: "plain", dataset: "covtype" });
  assert.ok(part.runs.every(({ config }) => config.seed < gridSeeds));
});

test("what claims say does not depend on the order of the records", () => {
  const hubs = { experiment: "hubs", labels: ["RigL", "ERK", ...transplantKeeps], seeds: 10 };
  const changes = ["plain", "cosine decay", "LayerNorm", "half as wide"];
  const calibration = { experiment: "calibration", datasets: ["covtype"], seeds: 3 };
  const runs = [
    ...under("plain", early),
    ...under("tuned", late),
    ...paperRuns({ ...hubs, percent: (label) => 88 + label.length / 20 }),
    ...paperRuns({ ...calibration, labels: changes.map((change) => `random, ${change}`), percent: () => 88 }),
    ...paperRuns({
      ...{ ...calibration, sparsities: [0], labels: changes.map((change) => `dense, ${change}`) },
      percent: (label) => 88 + label.length / 10,
    }),
  ];
  const order = createRandom(7).permutation(runs.length);
  const results = claimResults(runs);
  for (const { id, verdict } of results) assert.notEqual(verdict, "not testable", id);
  const shuffled = claimResults(Array.from(order, (i) => runs[i]));
  for (const [i, result] of results.entries()) assert.deepEqual(shuffled[i], result, result.id);
});

test("r over all data sets has the same interval in whatever order a table is made of records", () => {
  const runs = under("plain", early);
  const order = createRandom(7).permutation(runs.length);
  const pooled = (all: readonly PaperRun[]) =>
    cvCorrelationRows(all)
      .filter(({ dataset }) => dataset === null)
      .map(
        ({ with: predicted, statistic, low, high }) => `${predicted} ${statistic} ${low.toFixed(9)} ${high.toFixed(9)}`,
      )
      .sort();
  assert.deepEqual(pooled(Array.from(order, (i) => runs[i])), pooled(runs));
});
