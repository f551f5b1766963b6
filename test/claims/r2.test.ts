import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import { difficultyRows, r2, trendRows } from "psn/dist/claims/r2";
import type { PaperRun } from "psn/dist/experiments/part";
import { paperRuns } from "./paper-runs";

/** Data sets from the easiest for the dense network to the hardest: in the order of the paper's gains, and against it. */
const asThePaper = ["mnist", "fashion-mnist", "emnist-bymerge-116k", "covtype"];
const againstIt = ["mnist", "covtype", "emnist-bymerge-116k", "fashion-mnist"];

/** Accuracy of the dense network (per cent) by difficulty. */
const dense = [98, 94, 89, 85];

/** RigL runs in which starts gain so many pp on data sets of rising difficulty. */
function riglRuns(
  order: readonly string[],
  gains: { readonly matched: readonly number[]; readonly scattered: readonly number[] },
): PaperRun[] {
  const percent = (label: string, dataset: string): number => {
    const rank = order.indexOf(dataset);
    if (label === "dense") return dense[rank];
    return 80 + (label === "matched" ? gains.matched[rank] : label === "ERK" ? 0 : gains.scattered[rank]);
  };
  const grid = { experiment: "rigl", percent };
  return [
    ...paperRuns({ ...grid, labels: ["ERK", "matched", "matched, scattered"], seeds: 10 }),
    ...paperRuns({ ...grid, labels: ["dense"], seeds: 5 }),
  ];
}

const verdictOf = (runs: readonly PaperRun[]): string => claimResult(r2, runs).verdict;
const rising = [0, 0.2, 0.4, 0.6];
const flat = [0, 0, 0, 0];

test("R2 is reproduced where the gain rises with the dense network's error, like for like too", () => {
  assert.equal(verdictOf(riglRuns(asThePaper, { matched: rising, scattered: rising })), "reproduced");
});

test("R2 is partly reproduced where only the gain in windows rises", () => {
  assert.equal(verdictOf(riglRuns(asThePaper, { matched: rising, scattered: flat })), "partly");
});

test("R2 is not reproduced where the gain falls, however surely", () => {
  const runs = riglRuns(asThePaper, { matched: [0, -0.2, -0.4, -0.6], scattered: [0, -0.2, -0.4, -0.6] });
  assert.ok(trendRows(runs).every(({ p, slope }) => p < 0.05 && slope < 0));
  assert.equal(verdictOf(runs), "not reproduced");
});

test("R2 is not reproduced where the gain rises with dense error, but surely falls in the paper's own order", () => {
  const runs = riglRuns(againstIt, { matched: rising, scattered: rising });
  for (const { order, slope, p } of trendRows(runs)) assert.ok(p < 0.05 && slope > 0 === (order === "dense error"));
  const { verdict, results } = claimResult(r2, runs);
  assert.equal(verdict, "not reproduced");
  assert.match(
    results[0].headline,
    /^as stated, by dense error \+0\.\d\d pp .*; as stated, in the paper's order −0\.\d\d pp a data set/,
  );
  assert.ok(
    results[0].findings.some((text) => /^Trend over 3 data sets, like for like, in the paper's order −/.test(text)),
  );
});

test("a gain that is the same on the paper's three data sets does not stand against one that rises over all four", () => {
  const level = [-1, 0.5, 0.5, 0.5];
  assert.equal(verdictOf(riglRuns(againstIt, { matched: level, scattered: level })), "reproduced");
});

test("R2 is not testable without one of the dense networks or data sets", () => {
  const runs = riglRuns(asThePaper, { matched: rising, scattered: rising });
  assert.equal(
    verdictOf(runs.filter(({ label, record }) => label !== "dense" || record.config.seed < 4)),
    "not testable",
  );
  assert.equal(verdictOf(runs.filter(({ record }) => record.config.dataset === "covtype")), "not testable");
  assert.equal(verdictOf([]), "not testable");
});

test("data sets are ranked by the error of the dense network", () => {
  const runs = riglRuns(againstIt, { matched: rising, scattered: flat });
  const rows = difficultyRows(runs).filter((row) => row.comparison === "as stated");
  assert.deepEqual(
    rows.map(({ dataset, rank }) => [dataset, rank]),
    againstIt.map((dataset, i) => [dataset, i + 1]),
  );
  rows.forEach(({ denseError, mean }, i) => {
    assert.ok(Math.abs(denseError - (100 - dense[i])) < 0.2);
    assert.ok(Math.abs(mean - 0.2 * i) < 0.05);
  });
  const [trend] = trendRows(runs);
  assert.deepEqual([trend.order, trend.datasets, trend.n], ["dense error", 4, 40]);
  assert.ok(Math.abs(trend.slope - 0.2) < 0.02 && trend.rho > 0.999);
});

test("the paper's order has its three data sets, whatever the dense network's errors and the gain on the fourth", () => {
  const runs = riglRuns(againstIt, { matched: [9, 0.6, 0.4, 0.2], scattered: flat });
  const row = trendRows(runs).find(({ order, comparison }) => order === "the paper's" && comparison === "as stated");
  assert.deepEqual([row?.datasets, row?.n], [3, 30]);
  assert.ok(row !== undefined && Math.abs(row.slope - 0.2) < 0.02 && row.rho > 0.999);
});
