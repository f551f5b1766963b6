import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrationRows } from "psn/dist/claims/calibration";
import { claimResult } from "psn/dist/claims/claim";
import { datasetGapRows, denseGapRows, s1 } from "psn/dist/claims/s1";
import { staticStructures } from "psn/dist/claims/structures";
import type { PaperRun } from "psn/dist/experiments/part";
import type { Protocol } from "psn/dist/experiments/protocol";
import { type MadeUp, paperRuns } from "./paper-runs";

const labels = ["dense", ...staticStructures];

/** Static runs in which every structure is so far below dense (pp) on a data set. */
function staticRuns(gap: (dataset: string, label: string) => number, changes: Partial<MadeUp> = {}): PaperRun[] {
  const percent = (label: string, dataset: string): number => (label === "dense" ? 90 : 90 - gap(dataset, label));
  return paperRuns({ experiment: "static", labels, seeds: 5, percent, ...changes });
}

const verdictOf = (runs: readonly PaperRun[]): string => claimResult(s1, runs).verdict;

test("S1 is reproduced where every structure is close to dense on all four data sets", () => {
  const result = claimResult(
    s1,
    staticRuns(() => 0.4),
  );
  assert.equal(result.verdict, "reproduced");
  const [{ estimates, missing }] = result.results;
  assert.deepEqual(missing, []);
  assert.equal(estimates.length, 4 * staticStructures.length);
  for (const { estimate, low, high, n } of estimates) {
    assert.ok(low <= estimate && estimate <= high && Math.abs(estimate - 0.4) < 0.05, `${estimate}`);
    assert.equal(n, 5);
  }
});

test("S1 is partly reproduced where it holds on some data sets, and not where it holds on none", () => {
  assert.equal(verdictOf(staticRuns((dataset) => (dataset === "covtype" ? 4.4 : 0.3))), "partly");
  assert.equal(verdictOf(staticRuns(() => 1.4)), "not reproduced");
});

test("one structure that is apart is enough for S1 to fail on a data set", () => {
  const runs = staticRuns((_, label) => (label === "step CV 0.5" ? 2 : 0.1));
  assert.equal(verdictOf(runs), "not reproduced");
  const rows = datasetGapRows(runs);
  assert.equal(rows.length, 4);
  for (const row of rows) {
    assert.deepEqual(
      [row.verdict, row.apart, row.close, row.worst],
      ["fails", 1, staticStructures.length - 1, "step CV 0.5"],
    );
  }
});

test("a gap whose interval holds the margin is neither close nor apart", () => {
  const rows = denseGapRows(staticRuns(() => 0.6));
  assert.ok(rows.some(({ verdict, low, high }) => verdict === "inconclusive" && low <= 0.6 && high > 0.6));
  assert.ok(rows.every(({ verdict, high }) => (verdict === "close") === high <= 0.6));
});

test("without all its runs S1 is not testable, whatever those that are there say, and names the data sets", () => {
  const runs = staticRuns(() => 0.4);
  const withoutOne = runs.slice(1);
  const [plain] = claimResult(s1, withoutOne).results;
  assert.equal(plain.verdict, "not testable");
  assert.deepEqual(plain.missing, [`MNIST: 1 of ${5 * labels.length} runs`]);
  assert.ok(plain.findings.length > 0);
  const nothing = claimResult(s1, []);
  assert.equal(nothing.verdict, "not testable");
  assert.equal(nothing.results[0].missing.length, 4);
});

test("the verdict is that of plain, and what tuned changes is said", () => {
  const under = (protocol: Protocol, gap: number): PaperRun[] => staticRuns(() => gap, { protocol });
  const result = claimResult(s1, [...under("plain", 0.3), ...under("tuned", 3)]);
  assert.equal(result.verdict, "reproduced");
  assert.match(result.change, /^Under tuned not reproduced \(reproduced under plain\): .*(2\.9|3\.0)/);
  const same = claimResult(s1, [...under("plain", 0.3), ...under("tuned", 0.2)]);
  assert.match(same.change, /^Under tuned reproduced as well/);
});

test("other sparsities and experiments have no say in S1", () => {
  const runs = staticRuns(() => 0.4);
  const far = staticRuns(() => 9, { sparsities: [0.99], labels: staticStructures });
  const elsewhere = staticRuns(() => 9, { experiment: "rigl" });
  assert.equal(verdictOf([...elsewhere, ...far, ...runs]), "reproduced");
  assert.equal(denseGapRows([...runs, ...far]).length, 2 * 4 * staticStructures.length);
});

test("the calibration says under which change dense and random are close", () => {
  const runs = paperRuns({
    experiment: "calibration",
    datasets: ["covtype"],
    labels: ["random, plain", "random, cosine decay"],
    seeds: 3,
    percent: (label) => (label === "random, plain" ? 89.8 : 87),
  });
  const dense = paperRuns({
    experiment: "calibration",
    datasets: ["covtype"],
    sparsities: [0],
    labels: ["dense, plain", "dense, cosine decay"],
    seeds: 3,
    percent: () => 90,
  });
  const rows = calibrationRows([...runs, ...dense]);
  assert.deepEqual(
    rows.map(({ change, n }) => [change, n]),
    [
      ["plain", 3],
      ["cosine decay", 3],
    ],
  );
  assert.ok(Math.abs(rows[0].mean - 0.2) < 0.05 && Math.abs(rows[1].mean - 3) < 0.05);
  assert.ok(Math.abs(rows[0].denseLoses - 10) < 0.2); // the made-up best epoch is at 100 %
  const [finding] = claimResult(s1, [...runs, ...dense]).results[0].findings;
  assert.match(finding, /within 0\.6 pp under plain \(.*beyond under cosine decay/);
});
