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

test("data sets that stay open hold nowhere and fail nowhere: without any other S1 is not testable, and says so", () => {
  const open = claimResult(
    s1,
    staticRuns(() => 0.6),
  ).results[0];
  assert.equal(open.verdict, "not testable");
  assert.deepEqual(open.missing, []);
  assert.match(
    open.headline,
    /^holds on none \(0 of 4\), open on MNIST, Fashion-MNIST, emnist-bymerge-116k and Forest Cover; dense − structure/,
  );
  const failing = claimResult(
    s1,
    staticRuns((dataset) => (dataset === "covtype" ? 3 : 0.6)),
  ).results[0];
  assert.equal(failing.verdict, "not reproduced");
  assert.match(failing.headline, /open on MNIST, Fashion-MNIST and emnist-bymerge-116k; /);
});

test("how far the dense network falls from its best epoch is said by data set, under each protocol", () => {
  const { findings } = claimResult(
    s1,
    staticRuns(() => 0.4, { protocol: "tuned" }),
  ).results[1];
  // the made-up best epoch is at 100 %
  assert.ok(findings.some((text) => /^Forest Cover: best − last epoch of the dense network \+(9\.9|10\.0)/.test(text)));
  assert.equal(findings.filter((text) => text.includes("best − last")).length, 4);
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
  assert.match(
    finding,
    /within 0\.6 pp, with its whole interval, under plain \(.*n = 3\); beyond, likewise, under cosine decay \(.*n = 3\); open under none\.$/,
  );
});

/** A calibration of one data set in which dense − random is so many pp under each change. */
function calibrationRuns(gaps: Readonly<Record<string, number>>): PaperRun[] {
  const made = { experiment: "calibration", datasets: ["mnist"], seeds: 3 };
  const of = (who: string): string[] => Object.keys(gaps).map((change) => `${who}, ${change}`);
  return [
    ...paperRuns({ ...made, labels: of("random"), percent: (label) => 90 - gaps[label.slice("random, ".length)] }),
    ...paperRuns({ ...made, labels: of("dense"), sparsities: [0], percent: () => 90 }),
  ];
}

test("a change of the calibration under which the interval holds the margin is open, whatever its mean", () => {
  const runs = calibrationRuns({ plain: 0.57, "cosine decay": 0.61, LayerNorm: 3 });
  assert.deepEqual(
    calibrationRows(runs).map(({ verdict }) => verdict),
    ["inconclusive", "inconclusive", "apart"],
  );
  const [finding] = claimResult(s1, runs).results[0].findings;
  assert.match(
    finding,
    /under none; beyond, likewise, under LayerNorm \(.*\); open under plain \(.*and cosine decay \(/,
  );
});

test("what overfitting has to do with the gap is a correlation with its interval, and only of enough changes", () => {
  const gaps = { plain: 0.1, "cosine decay": 1, LayerNorm: 2, "half as wide": 1.5, "twice the epochs": 0.2 };
  const runs = calibrationRuns(gaps).map((run): PaperRun => {
    const [, who, change] = /^(\w+), (.+)$/.exec(run.label) ?? [];
    const lost = who === "dense" ? 0.05 - gaps[change as keyof typeof gaps] / 100 : 0;
    const { result } = run.record;
    return { ...run, record: { ...run.record, result: { ...result, bestAccuracy: result.accuracy + lost } } };
  });
  const said = (all: readonly PaperRun[]) =>
    claimResult(s1, all).results[0].findings.filter((text) => text.includes("correlate"));
  assert.match(
    said(runs)[0],
    /dense network loses 3\.00 to 4\.90 pp; over the 5 changes, that and the gap correlate with r = −(1\.00|0\.9\d) \[/,
  );
  assert.deepEqual(said(runs.filter(({ label }) => /plain|cosine|LayerNorm/.test(label))), []);
});
