import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import { e2 } from "psn/dist/claims/e2";
import { refinementContrastRows, refinementRows } from "psn/dist/claims/refinement";
import type { PaperRun } from "psn/dist/experiments/part";
import { layerRecord } from "../experiments/runs";
import { type RunPlace, withLayers } from "./layers";
import { paperRuns } from "./paper-runs";

interface Change {
  readonly rewired: number;
  readonly weightChange: number;
}

/** RigL runs with so much change by place; seeds vary it by up to 5 %, which all starts share but for 1 %. */
function riglRuns(change: (place: RunPlace) => Change, seeds = 10): PaperRun[] {
  const labels = ["ERK", "matched", "matched, scattered"];
  return withLayers(paperRuns({ experiment: "rigl", labels, seeds, percent: () => 89 }), (place) => {
    const noise = 1 + 0.05 * Math.sin(place.seed) + 0.01 * Math.sin(7 * place.seed + place.label.length);
    const { rewired, weightChange } = change(place);
    const layer = layerRecord(0, { 0: [2, 2], 100: [3, 1] });
    return [{ ...layer, rewired: rewired * noise, weightChange: weightChange * noise }];
  });
}

const erk = { rewired: 0.5, weightChange: 0.8 };
const refines = { rewired: 0.3, weightChange: 0.9 };
const verdictOf = (change: (place: RunPlace) => Change): string => claimResult(e2, riglRuns(change)).verdict;

test("E2 is reproduced where matched starts rewire less and change weights as much, like for like too", () => {
  const { verdict, results } = claimResult(
    e2,
    riglRuns(({ label }) => (label === "ERK" ? erk : refines)),
  );
  assert.equal(verdict, "reproduced");
  assert.match(results[0].headline, /^rewired −4\d\.\d to −(39|4\d)\.\d % against ERK/);
  assert.match(
    results[0].headline,
    /; less rewired by 10 % on MNIST, .+ and Forest Cover, both as claimed on MNIST, .+; n = 10$/,
  );
  assert.match(results[0].findings[0], /^MNIST, matched: rearranges less by 10 %, refines as much to within 10 %: /);
  assert.match(results[0].findings[0], /Holm p < \.001, sign-flip p = \.002\); weight change/);
});

test("E2 says by how much less where rewiring is surely less, by under a tenth, or perhaps less by more", () => {
  const findingOf = (change: (place: RunPlace) => Change): string =>
    claimResult(e2, riglRuns(change)).results[0].findings[0];
  const slightly = { rewired: 0.47, weightChange: 0.5 };
  assert.match(
    findingOf(({ label }) => (label === "ERK" ? erk : slightly)),
    /^MNIST, matched: does not rearrange less by 10 %, may refine less by 10 %: .+ \(−[56]\.\d % \[−[^,]+, −[^\]]+\], Holm p < \.001,/,
  );
  const once = ({ label, seed }: RunPlace): Change => (label !== "ERK" && seed === 0 ? { ...erk, rewired: -0.2 } : erk);
  assert.match(findingOf(once), /^MNIST, matched: may rearrange less by 10 %, refines as much to within 10 %: /);
});

test("E2 is partly reproduced with windows only, with weights that change less, or on some data sets", () => {
  assert.equal(
    verdictOf(({ label }) => (label === "matched" ? refines : erk)),
    "partly",
  );
  assert.equal(
    verdictOf(({ label }) => (label === "ERK" ? erk : { rewired: 0.3, weightChange: 0.5 })),
    "partly",
  );
  assert.equal(
    verdictOf(({ label, dataset }) => (label === "ERK" || dataset !== "covtype" ? erk : refines)),
    "partly",
  );
});

test("E2 is not reproduced where nothing differs, or rewiring falls by less than a tenth", () => {
  assert.equal(
    verdictOf(() => erk),
    "not reproduced",
  );
  assert.equal(
    verdictOf(({ label }) => (label === "ERK" ? erk : { rewired: 0.47, weightChange: 0.9 })),
    "not reproduced",
  );
});

test("E2 is not testable while runs are missing", () => {
  const { verdict, results } = claimResult(
    e2,
    riglRuns(() => erk, 9),
  );
  assert.equal(verdict, "not testable");
  assert.equal(results[0].missing[0], "MNIST: 3 of 30 runs");
  assert.equal(results[0].findings.length, 8);
});

test("a run's layers are weighted by their connections, and runs that never move are left out", () => {
  const runs = withLayers(
    paperRuns({ experiment: "rigl", datasets: ["mnist"], labels: ["ERK", "dense"], seeds: 2, percent: () => 89 }),
    ({ label }) =>
      label === "dense"
        ? []
        : [
            { ...layerRecord(0, { 0: [3, 3], 1: [4, 2] }), rewired: 0.2, weightChange: 1, explored: 1 },
            { ...layerRecord(1, { 0: [1, 1], 1: [2, 0] }), rewired: 0.6, weightChange: 3, explored: 0.5 },
          ],
  );
  const rows = refinementRows(runs);
  assert.equal(rows.length, 2);
  assert.ok(Math.abs(rows[0].rewired - 0.3) < 1e-12 && Math.abs(rows[0].weightChange - 1.5) < 1e-12);
  assert.ok(Math.abs(rows[0].explored - 0.75) < 1e-12 && Math.abs(rows[0].grown - 0.25) < 1e-12);
});

test("a start is held against ERK seed by seed, and a weight change that does not exist drops its pair", () => {
  const runs = riglRuns(({ label }) => (label === "ERK" ? erk : refines));
  const [first] = runs.filter(({ label }) => label === "matched");
  (first.record.result.layers[0] as { weightChange: number | null }).weightChange = null;
  const rows = refinementContrastRows(runs).filter(({ start, dataset }) => start === "matched" && dataset === "mnist");
  const of = (measure: string) => rows.find((row) => row.measure === measure)!;
  assert.deepEqual([of("rewired").n, of("weightChange").n], [10, 9]);
  assert.ok(Math.abs(of("rewired").relative + 0.4) < 0.01 && of("rewired").high < 0);
  assert.ok(of("weightChange").notLowerP < 1e-6 && of("rewired").notLowerP > 1 - 1e-6);
});
