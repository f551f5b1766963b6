import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResults, claims, ledger } from "psn/dist/claims/ledger";
import { publishedComparison } from "psn/dist/claims/published";
import { cvProfiles, staticStructures } from "psn/dist/claims/structures";
import { experimentParts } from "psn/dist/experiments/experiments";
import { gridSeeds } from "psn/dist/experiments/protocol";
import { frame } from "psn/dist/notebook/frames";
import { layerRecord, recordedRun } from "../experiments/runs";
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
  for (const { results: _, ...texts } of claimResults([])) {
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

test("published numbers stand beside ours of the same epoch, with the difference and its interval", () => {
  const anchor = (label: string, seed: number, accuracy: number) => ({
    ...recordedRun(label, { dataset: "mnist", seed }, { accuracy, layers: [layerRecord(0, { 0: [2, 2], 5: [4, 0] })] }),
    experiment: "anchors",
    protocol: "plain" as const,
  });
  const rows = publishedComparison([
    anchor("RigL 1911.11134", 0, 0.984),
    anchor("RigL 1911.11134", 1, 0.986),
    anchor("RigL 2501.19107", 0, 0.986),
  ]);
  assert.deepEqual(
    rows.map(({ setting, epoch, quantity }) => [setting, epoch, quantity]),
    [
      ["RigL 2501.19107", "best", "test accuracy (%)"],
      ["RigL 1911.11134", "last", "test accuracy (%)"],
      ["RigL 2501.19107", "last", "hidden neurons with inputs (%)"],
    ],
  );
  const [best, last, active] = rows;
  assert.ok(Math.abs(best.ours - 100) < 1e-9 && best.within === false && Number.isNaN(best.low)); // made-up best epoch
  assert.ok(Math.abs((best.lastEpoch ?? 0) - 98.6) < 1e-9);
  assert.ok(Math.abs(last.difference + 0.02) < 1e-9 && last.within === true && last.n === 2);
  assert.ok(last.low < last.difference && last.difference < last.high);
  assert.deepEqual([active.ours, active.within, active.lastEpoch], [50, null, null]);
});
