import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import { difficultyRows, r2, trendRows } from "psn/dist/claims/r2";
import type { PaperRun } from "psn/dist/experiments/part";
import { paperRuns } from "./paper-runs";

/** Accuracy of the dense network (per cent), so that the order of difficulty is not that of the catalogue. */
const dense: Readonly<Record<string, number>> = {
  mnist: 98,
  "fashion-mnist": 85,
  "emnist-bymerge-116k": 89,
  covtype: 94,
};
const byDifficulty = ["mnist", "covtype", "emnist-bymerge-116k", "fashion-mnist"];

/** RigL runs in which a start gains `step` pp more on every more difficult data set. */
function riglRuns(steps: { readonly matched: number; readonly scattered: number }): PaperRun[] {
  const percent = (label: string, dataset: string): number => {
    const rank = byDifficulty.indexOf(dataset);
    if (label === "dense") return dense[dataset];
    return 80 + (label === "matched" ? rank * steps.matched : label === "ERK" ? 0 : rank * steps.scattered);
  };
  const grid = { experiment: "rigl", percent };
  return [
    ...paperRuns({ ...grid, labels: ["ERK", "matched", "matched, scattered"], seeds: 10 }),
    ...paperRuns({ ...grid, labels: ["dense"], seeds: 5 }),
  ];
}

const verdictOf = (runs: readonly PaperRun[]): string => claimResult(r2, runs).verdict;

test("R2 is reproduced where the gain rises with the dense network's error, like for like too", () => {
  assert.equal(verdictOf(riglRuns({ matched: 0.2, scattered: 0.1 })), "reproduced");
});

test("R2 is partly reproduced where only the gain in windows rises", () => {
  assert.equal(verdictOf(riglRuns({ matched: 0.2, scattered: 0 })), "partly");
});

test("R2 is not reproduced where the gain falls, however surely", () => {
  const runs = riglRuns({ matched: -0.2, scattered: -0.2 });
  assert.ok(trendRows(runs).every(({ p, slope }) => p < 0.05 && slope < 0));
  assert.equal(verdictOf(runs), "not reproduced");
});

test("R2 is not testable without one of the dense networks or data sets", () => {
  const runs = riglRuns({ matched: 0.2, scattered: 0.2 });
  assert.equal(
    verdictOf(runs.filter(({ label, record }) => label !== "dense" || record.config.seed < 4)),
    "not testable",
  );
  assert.equal(verdictOf(runs.filter(({ record }) => record.config.dataset === "covtype")), "not testable");
  assert.equal(verdictOf([]), "not testable");
});

test("data sets are ranked by the error of the dense network", () => {
  const rows = difficultyRows(riglRuns({ matched: 0.2, scattered: 0.1 })).filter(
    (row) => row.comparison === "as stated",
  );
  assert.deepEqual(
    rows.map(({ dataset, rank }) => [dataset, rank]),
    byDifficulty.map((dataset, i) => [dataset, i + 1]),
  );
  rows.forEach(({ denseError, mean }, i) => {
    assert.ok(Math.abs(denseError - (100 - dense[byDifficulty[i]])) < 0.2);
    assert.ok(Math.abs(mean - 0.2 * i) < 0.05);
  });
  const [trend] = trendRows(riglRuns({ matched: 0.2, scattered: 0.1 }));
  assert.ok(Math.abs(trend.slope - 0.2) < 0.02 && trend.rho > 0.999 && trend.n === 40);
});
