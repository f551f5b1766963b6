import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import { h1, stepRows, transplantRows } from "psn/dist/claims/h1";
import { experimentParts } from "psn/dist/experiments/experiments";
import type { PaperRun } from "psn/dist/experiments/part";
import { transplantKeeps } from "psn/dist/topology/transplant";
import { paperRuns } from "./paper-runs";

const labels = ["RigL", "ERK", ...transplantKeeps];

/** Hubs runs with so much over ERK, in percentage points. */
function hubRuns(gains: (dataset: string) => Readonly<Record<string, number>>, seeds = 10): PaperRun[] {
  const percent = (label: string, dataset: string): number => 88 + (gains(dataset)[label] ?? 0);
  return paperRuns({ experiment: "hubs", labels, seeds, percent });
}

const verdictOf = (gains: (dataset: string) => Readonly<Record<string, number>>): string =>
  claimResult(h1, hubRuns(gains)).verdict;

const placement = { masks: 1, degrees: 0.6, "fan-ins": 0, "fan-outs": 0.5, uncoupled: 0.9, RigL: 1.2 };

test("H1 is reproduced where learned masks gain and arbitrary hubs do not", () => {
  assert.equal(
    verdictOf(() => placement),
    "reproduced",
  );
  assert.equal(
    verdictOf(() => ({ ...placement, "fan-ins": -1 })),
    "reproduced",
  );
});

test("H1 is partly reproduced where arbitrary hubs gain as well, or where only some data sets show it", () => {
  assert.equal(
    verdictOf(() => ({ ...placement, "fan-ins": 0.7 })),
    "partly",
  );
  assert.equal(
    verdictOf((dataset) => (dataset === "mnist" ? placement : {})),
    "partly",
  );
  assert.equal(
    verdictOf(() => ({ ...placement, masks: 0.3, "fan-ins": 0.18 })),
    "partly",
    "placement counts, but less than size",
  );
});

test("H1 is not reproduced where all that masks gain is the size of hubs, large or small", () => {
  for (const gain of [1, 0.15]) {
    const only = { ...placement, masks: gain, "fan-ins": gain };
    assert.equal(
      verdictOf(() => only),
      "not reproduced",
    );
  }
});

test("H1 asks for both gains on the same data set", () => {
  const bySize = { masks: 1, "fan-ins": 1 };
  const byPlacement = { masks: 0, "fan-ins": -1 };
  assert.equal(
    verdictOf((dataset) => (dataset === "mnist" ? bySize : byPlacement)),
    "not reproduced",
  );
});

test("whether placement matters more than size is the paired difference of the two steps", () => {
  const runs = hubRuns((dataset) =>
    dataset === "mnist" ? { masks: 1, "fan-ins": 0.2 } : { masks: 0.3, "fan-ins": 0.2 },
  );
  const [first, ...rest] = stepRows(runs);
  assert.ok(Math.abs(first.mean - 0.6) < 0.05 && first.n === 10 && first.p < 0.001);
  assert.ok(rest.length === 3 && rest.every(({ mean, high }) => Math.abs(mean + 0.1) < 0.05 && high < 0));
  const rows = transplantRows(runs).filter(({ dataset }) => dataset === "mnist");
  const of = (contrast: string): number => rows.find((row) => row.contrast === contrast)!.mean;
  assert.ok(Math.abs(first.mean - (of("masks − fan-ins") - of("fan-ins − ERK"))) < 1e-9);
  const [{ findings, headline }] = claimResult(h1, runs).results;
  assert.ok(findings.some((text) => /is surely above 0 on 1 of 4 data sets: MNIST \+0\.\d\d pp \[/.test(text)));
  assert.match(headline, /placement over size −0\.\d\d to 0\.\d\d pp, more on MNIST; n = 10$/);
  assert.deepEqual(stepRows(runs.filter(({ label }) => label !== "fan-ins")), []);
});

test("H1 is not reproduced where learned masks gain nothing", () => {
  assert.equal(
    verdictOf(() => ({})),
    "not reproduced",
  );
  assert.equal(
    verdictOf(() => ({ masks: -1 })),
    "not reproduced",
  );
});

test("H1 is not testable while runs are missing, and does not run under tuned", () => {
  const { verdict, results, change } = claimResult(
    h1,
    hubRuns(() => placement, 9),
  );
  assert.equal(verdict, "not testable");
  assert.equal(results[0].missing[0], "MNIST: 7 of 70 runs");
  const { findings } = results[0];
  assert.equal(findings.length, 9);
  assert.match(findings[0], /^MNIST: learned masks gain.*masks − ERK.*masks − fan-ins.*fan-ins − ERK/);
  assert.match(findings[1], /^MNIST, beside the test: masks − degrees/);
  assert.doesNotMatch(findings[1], /masks − ERK|masks − fan-ins|fan-ins − ERK/);
  assert.equal(change, "Not run under tuned.");
});

test("the chain from masks to ERK adds up, and only what must be above 0 is adjusted", () => {
  const rows = transplantRows(hubRuns(() => placement)).filter(({ dataset }) => dataset === "covtype");
  const of = (contrast: string) => rows.find((row) => row.contrast === contrast)!;
  const chain = ["masks − degrees", "degrees − fan-ins", "fan-ins − ERK"].map((contrast) => of(contrast).mean);
  assert.ok(Math.abs(chain[0] + chain[1] + chain[2] - of("masks − ERK").mean) < 1e-9);
  assert.ok(Math.abs(of("masks − ERK").mean - 1) < 0.05 && of("masks − ERK").n === 10);
  assert.equal(of("fan-ins − ERK").equivalence, "equivalent");
  assert.deepEqual(
    rows.filter(({ adjustedP }) => adjustedP !== null).map(({ contrast }) => contrast),
    ["masks − ERK", "masks − fan-ins"],
  );
});

test("beside the adjusted t stands the sign-flip test, adjusted over the same family", () => {
  const runs = hubRuns(() => placement);
  const rows = transplantRows(runs);
  const family = rows.filter(({ adjustedP }) => adjustedP !== null);
  assert.equal(family.length, 8);
  for (const { signFlipP, adjustedSignFlipP } of family) {
    // every one of ten seeds gains: the least that ten pairs can give, times the family
    assert.ok(Math.abs(signFlipP - 2 / 2 ** 10) < 1e-12 && Math.abs((adjustedSignFlipP ?? 1) - 16 / 2 ** 10) < 1e-12);
  }
  assert.ok(rows.every((row) => (row.adjustedP === null) === (row.adjustedSignFlipP === null)));
  const [finding] = claimResult(h1, runs).results[0].findings;
  assert.match(
    finding,
    /masks − ERK .*?, Holm p < \.001 \(sign-flip Holm p = \.016\); masks − fan-ins .*?\(sign-flip Holm p = \.016\); fan-ins − ERK [^;]*, p = [^;]*$/,
  );
});

test("nothing is said of a test whose networks are not all recorded", () => {
  const some = hubRuns(() => placement).filter(({ label }) => label === "RigL" || label === "ERK");
  const { findings } = claimResult(h1, some).results[0];
  assert.equal(findings.length, 4);
  for (const finding of findings) assert.match(finding, /, beside the test: RigL − ERK .*n = 10, p [^;]*\.$/);
});

test("every network stands against ERK", () => {
  const rows = transplantRows(hubRuns(() => placement)).filter(({ dataset }) => dataset === "covtype");
  const overErk = rows.filter(({ baseline }) => baseline === "ERK");
  assert.deepEqual(overErk.map(({ network }) => network).sort(), labels.filter((label) => label !== "ERK").sort());
  for (const { network, contrast, mean } of overErk) {
    assert.equal(contrast, `${network} − ERK`);
    assert.ok(Math.abs(mean - placement[network as keyof typeof placement]) < 0.05, contrast);
  }
});

test("the grid has the networks and the seeds that H1 asks for", () => {
  const [{ runs }] = experimentParts({ experiments: ["hubs"], protocol: "plain", dataset: "covtype" });
  assert.deepEqual([...new Set(runs.map(({ label }) => label))].sort(), [...labels].sort());
  assert.equal(Math.max(...runs.map(({ config }) => config.seed)), 9);
});
