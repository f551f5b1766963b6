import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResults, claims, ledger } from "psn/dist/claims/ledger";
import { cvProfiles, staticStructures } from "psn/dist/claims/structures";
import { experimentParts } from "psn/dist/experiments/experiments";
import { gridSeeds } from "psn/dist/experiments/protocol";
import { frame } from "psn/dist/notebook/frames";
import { paperRuns } from "./paper-runs";

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
