import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import { r1 } from "psn/dist/claims/r1";
import { matchedGainRows, readingRows } from "psn/dist/claims/r1-gains";
import type { PaperRun } from "psn/dist/experiments/part";
import { holm } from "psn/dist/statistics/holm";
import { pairedComparison } from "psn/dist/statistics/paired-comparison";
import { paperRuns } from "./paper-runs";

type Gains = Readonly<Record<string, number>>;

/** RigL runs in which each start gains so much (pp) over ERK, on every data set or as it is told for one. */
function riglRuns(gains: Gains, on: Readonly<Record<string, Gains>> = {}): PaperRun[] {
  const percent = (label: string, dataset: string): number => 85 + ((on[dataset] ?? gains)[label] ?? 0);
  const grid = { experiment: "rigl", percent };
  return [
    ...paperRuns({ ...grid, labels: ["ERK", "matched", "matched, scattered"], seeds: 10 }),
    ...paperRuns({ ...grid, labels: ["constant"], seeds: 5 }),
  ];
}

const verdictOf = (runs: readonly PaperRun[]): string => claimResult(r1, runs).verdict;
const both = { matched: 0.5, "matched, scattered": 0.4 };

test("R1 is reproduced where matched gains on all three data sets, scattered as well", () => {
  const result = claimResult(r1, riglRuns(both));
  assert.equal(result.verdict, "reproduced");
  assert.match(result.results[0].headline, /^Fashion-MNIST \+0\.\d\d pp \[0\.\d\d, 0\.\d\d\], n = 10, Holm p < \.001/);
  assert.match(result.change, /not testable/);
});

test("R1 is partly reproduced where the gain is that of the windows, and says so", () => {
  const [plain] = claimResult(r1, riglRuns({ matched: 0.5, "matched, scattered": -0.1, constant: 0.6 })).results;
  assert.equal(plain.verdict, "partly");
  assert.match(
    plain.headline,
    /like for like above 0 on none, below 0 on Fashion-MNIST, emnist-bymerge-116k and Forest Cover$/,
  );
});

test("R1 is partly reproduced where matched gains on one data set, and not where it gains on none", () => {
  assert.equal(verdictOf(riglRuns({}, { covtype: both })), "partly");
  assert.equal(verdictOf(riglRuns({ matched: -0.2, "matched, scattered": -0.2 })), "not reproduced");
});

test("MNIST, of which the paper claims nothing, has no say in R1", () => {
  assert.equal(verdictOf(riglRuns(both, { mnist: { matched: -3, "matched, scattered": -3 } })), "reproduced");
  assert.equal(verdictOf(riglRuns({ matched: -0.2 }, { mnist: both })), "not reproduced");
});

test("R1 says where the gain is surely below 0, and where the paper's values lie against our intervals", () => {
  const on = { covtype: { matched: -0.3 }, "emnist-bymerge-116k": { matched: 0.43 } };
  const [{ headline, findings, verdict }] = claimResult(r1, riglRuns({ matched: 0.5 }, on)).results;
  assert.equal(verdict, "partly");
  assert.match(
    headline,
    /; as stated above 0 on Fashion-MNIST and emnist-bymerge-116k, below 0 on Forest Cover; like for like above 0 on none$/,
  );
  assert.ok(
    findings.includes(
      "As stated, the paper's value lies in our interval on 1 of 3 data sets: +0.16 is below ours on Fashion-MNIST, +0.43 is in ours on emnist-bymerge-116k, +0.49 is above ours on Forest Cover.",
    ),
    findings.join("\n"),
  );
});

test("R1 waits for all ten seeds", () => {
  const runs = riglRuns(both).filter(({ record }) => record.config.seed < 9);
  const [plain] = claimResult(r1, runs).results;
  assert.equal(plain.verdict, "not testable");
  assert.deepEqual(plain.missing, [
    "Fashion-MNIST: 3 of 30 runs",
    "emnist-bymerge-116k: 3 of 30 runs",
    "Forest Cover: 3 of 30 runs",
  ]);
});

test("a row holds the paired statistics of its cell, adjusted over the paper's three data sets", () => {
  const runs = riglRuns({ matched: 0.01 });
  const rows = matchedGainRows(runs).filter(({ contrast }) => contrast === "as stated");
  const accuracies = (label: string, dataset: string): number[] =>
    runs
      .filter(({ label: other, record }) => other === label && record.config.dataset === dataset)
      .map(({ record }) => 100 * record.result.accuracy);
  const near = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not ${expected}`);
  assert.equal(rows.length, 4);
  for (const row of rows) {
    const expected = pairedComparison(accuracies("ERK", row.dataset), accuracies("matched", row.dataset));
    near(row.mean, expected.meanDifference);
    near(row.low, expected.pairedT.interval.low);
    near(row.p, expected.pairedT.p);
    near(row.dz, expected.dz);
  }
  const family = rows.filter(({ dataset }) => dataset !== "mnist");
  assert.equal(rows.find(({ dataset }) => dataset === "mnist")?.adjustedP, null);
  assert.deepEqual(
    family.map(({ adjustedP }) => adjustedP),
    holm(family.map(({ p }) => p)),
  );
});

test("the paper's d is read both ways: five seeds paired, ten unpaired", () => {
  const rows = readingRows(riglRuns({ matched: 0.05 })).filter(({ dataset }) => dataset === "fashion-mnist");
  assert.deepEqual(
    rows.map(({ n, paperD }) => [n, paperD]),
    [
      [5, 1.07],
      [10, 1.07],
    ],
  );
  assert.ok(rows[0].p < rows[1].p); // made-up seeds move both arms together
});

test("windows are the difference between matched in windows and matched, scattered", () => {
  const rows = matchedGainRows(riglRuns({ matched: 1, "matched, scattered": 0.2, constant: 0.7 }));
  const mean = (contrast: string): number =>
    rows.find((row) => row.contrast === contrast && row.dataset === "covtype")?.mean ?? Number.NaN;
  assert.ok(Math.abs(mean("windows") - 0.8) < 0.03);
  assert.ok(Math.abs(mean("like for like, windows") - 0.3) < 0.03);
});
