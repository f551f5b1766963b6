import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import { cvCorrelationRows, g2 } from "psn/dist/claims/g2";
import { cvProfiles, staticStructures } from "psn/dist/claims/structures";
import type { PaperRun } from "psn/dist/experiments/part";
import { pearson } from "psn/dist/statistics/correlation";
import { gradientLayer, withLayers } from "./layers";
import { paperRuns } from "./paper-runs";

const cvOf = (label: string): number => Number(/CV ([\d.]+)/.exec(label)?.[1] ?? 0);
const labels = [...new Set([...staticStructures, ...cvProfiles])];
/** Something of each structure that has nothing to do with its CV. */
const whim = (label: string): number => 1 + 0.1 * Math.sin(37 * labels.indexOf(label));

/** Runs of both grids whose null is 1 + CV, and whose raw ratio is so much more. */
function runsWith(
  over: (label: string, dataset: string) => number,
  nullOf = (cv: number): number => 1 + cv,
): PaperRun[] {
  const made = { seeds: 5, percent: () => 89 };
  const runs = [
    ...paperRuns({ ...made, experiment: "static", labels: staticStructures }),
    ...paperRuns({ ...made, experiment: "cv", labels: ["constant", ...cvProfiles] }),
  ];
  return withLayers(runs, ({ label, dataset }) => {
    const none = nullOf(cvOf(label));
    const factor = over(label, dataset);
    return [
      gradientLayer(cvOf(label), {
        mean: factor,
        l2: none * factor,
        l2Null: none,
        sum: none ** 2 * factor,
        sumNull: none ** 2,
      }),
    ];
  });
}

test("G2 is reproduced where CV predicts more than the null", () => {
  const { verdict, results } = claimResult(
    g2,
    runsWith((label) => (1 + cvOf(label)) * whim(label)),
  );
  assert.equal(verdict, "reproduced");
  const [{ headline, findings }] = results;
  assert.match(
    headline,
    /^all data sets together: r = 0\.9.* raw\/null 0\.\d\d \[.*\] \(L2\), 0\.\d\d \[.*\] \(sum\); mean/,
  );
  assert.match(headline, /; n = 25 structures on 4 data sets$/);
  assert.match(findings[4], /^All data sets: .*; 25 structures on 4 data sets\.$/);
  assert.match(findings[0], /^MNIST: .*; 25 structures\.$/);
});

test("G2 is partly reproduced where the null explains all, and where the rest holds on some data sets only", () => {
  assert.equal(claimResult(g2, runsWith(whim)).verdict, "partly");
  const some = runsWith((label, dataset) => (dataset === "mnist" ? whim(label) : (1 + cvOf(label)) * whim(label)));
  assert.equal(claimResult(g2, some).verdict, "partly");
});

test("G2 is not reproduced where CV does not predict the raw ratio", () => {
  const runs = runsWith(
    (label) => 5 * whim(label) - 4,
    () => 1.2,
  );
  assert.equal(claimResult(g2, runs).verdict, "not reproduced");
});

test("G2 is not testable while runs are missing; under tuned it needs the static grid alone", () => {
  const runs = runsWith(whim);
  const { verdict, results } = claimResult(g2, runs.slice(5));
  assert.equal(verdict, "not testable");
  assert.deepEqual(results[0].missing, [`MNIST: 5 of ${5 * labels.length} runs`]);
  const tuned = runs
    .filter(({ experiment }) => experiment === "static")
    .map((run) => ({ ...run, protocol: "tuned" as const }));
  const [, under] = claimResult(g2, tuned).results;
  assert.deepEqual([under.protocol, under.verdict], ["tuned", "partly"]);
});

test("where r with raw/null and r given the null have opposite signs, it is said, with both", () => {
  // raw/null grows with CV, but raw less than in proportion to the null
  const found = (over: (label: string) => number): readonly string[] =>
    claimResult(g2, runsWith(over)).results[0].findings.filter((text) => /^Two readings/.test(text));
  assert.deepEqual(found(whim), []);
  const [disagreeing] = found((label) => (label === "constant" ? 1 : 1 + Math.sqrt(cvOf(label))));
  assert.match(
    disagreeing ?? "",
    /surely have opposite signs for the sum on MNIST \(0\.\d\d and −0\.\d\d\), .* and Forest Cover \(0\.\d\d and −0\.\d\d\)\. The verdict rests on raw\/null\.$/,
  );
});

test("each structure is one point, whatever grids it is in, and r is Pearson's over them", () => {
  const rows = cvCorrelationRows(runsWith(whim));
  const row = rows.find((each) => each.dataset === "mnist" && each.with === "raw" && each.statistic === "l2")!;
  assert.equal(row.n, labels.length);
  const expected = pearson(
    labels.map(cvOf),
    labels.map((label) => (1 + cvOf(label)) * whim(label)),
  );
  assert.ok(Math.abs(row.r - expected.r) < 1e-3 && Math.abs(row.low - expected.interval.low) < 1e-3);
  const pooled = rows.filter(({ dataset }) => dataset === null);
  assert.equal(pooled.length, 9);
  assert.ok(pooled.every(({ n, datasets }) => n === labels.length && datasets === 4));
});

test("over all data sets every interval is over structures, r given the null as well; of too few there is none", () => {
  const runs = runsWith((label) => (1 + cvOf(label)) * whim(label));
  const [given, own] = [null, "mnist"].map(
    (dataset) =>
      cvCorrelationRows(runs).find(
        (row) => row.dataset === dataset && row.with === "raw given null" && row.statistic === "l2",
      )!,
  );
  // four data sets that repeat each other tell no more than one of them
  assert.ok(Math.abs(given.r - own.r) < 1e-3);
  assert.ok(given.high - given.low > 0.6 * (own.high - own.low), `${given.low} ${given.high}, ${own.low} ${own.high}`);
  const few = cvCorrelationRows(runs, labels.slice(0, 4)).filter(({ dataset }) => dataset === null);
  assert.ok(few.length === 9 && few.every(({ n, low }) => n === 4 && Number.isNaN(low)));
});
