import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClaimResult } from "psn/dist/claims/claim";
import { equilibriumStarts, riglStarts } from "psn/dist/claims/convergence";
import { changeRows, claimResults, ledgerRow } from "psn/dist/claims/ledger";
import { cvProfiles, staticStructures, windowProfiles } from "psn/dist/claims/structures";
import type { PaperRun } from "psn/dist/experiments/part";
import { type Protocol, paperDatasets, sparsityLevels } from "psn/dist/experiments/protocol";
import { frame } from "psn/dist/notebook/frames";
import { layerRecord } from "../experiments/runs";
import { gradientLayer, type RunPlace, withLayers } from "./layers";
import { paperRuns } from "./paper-runs";

/** What a protocol makes of networks, all at once. */
interface World {
  readonly dense: number;
  readonly matched: number;
  /** How much more a matched start gains on each more difficult data set. */
  readonly slope: number;
  readonly profiles: number;
  /** Gradient of hubs over the rest, a weight. */
  readonly hubs: number;
  /** Share that a matched start rewires. */
  readonly rewired: number;
  /** Whether RigL forgets where it started. */
  readonly forgets: boolean;
}

const early: World = { dense: 89.3, matched: 89.6, slope: 0.3, profiles: 89, hubs: 1, rewired: 0.5, forgets: true };
const late: World = { dense: 90.9, matched: 89, slope: 0, profiles: 89.5, hubs: 1.6, rewired: 0.3, forgets: false };

const cvOf = (label: string): number => Number(/CV ([\d.]+)/.exec(label)?.[1] ?? 0);

function staticRuns(protocol: Protocol, world: World): PaperRun[] {
  const percent = (label: string): number =>
    label === "dense" ? world.dense : windowProfiles.includes(label) ? world.profiles : 89;
  const made = { protocol, percent, seeds: 5 };
  const labels = ["dense", ...staticStructures];
  const runs = paperRuns({ ...made, experiment: "static", labels, sparsities: sparsityLevels[protocol] });
  const rest = { labels: ["constant", ...cvProfiles], sparsities: [0.9, 0.98] };
  const cv = protocol === "tuned" ? [] : paperRuns({ ...made, experiment: "cv", ...rest });
  return withLayers([...runs, ...cv], ({ label, seed }) => {
    const none = (1 + cvOf(label)) * (1 + 0.01 * seed);
    const over = cvOf(label) === 0 ? 1 : world.hubs ** cvOf(label) * (1 + 0.01 * Math.sin(label.length));
    return [gradientLayer(cvOf(label), { mean: over, l2: none * over, l2Null: none, sum: none * over, sumNull: none })];
  });
}

const order = (label: string): number => equilibriumStarts.concat(riglStarts).indexOf(label);

function movingRuns(protocol: Protocol, world: World): PaperRun[] {
  const percent = (label: string, dataset: string): number => {
    const rank = (paperDatasets as readonly string[]).indexOf(dataset);
    const matched = world.matched + world.slope * rank;
    return (label === "dense" ? world.dense : label.startsWith("matched") ? matched : 89) - rank;
  };
  const starts = { protocol, percent, seeds: 10 };
  const labels = ["dense", "matched", "matched, scattered", ...riglStarts];
  const runs = [
    ...paperRuns({ ...starts, experiment: "rigl", labels }),
    ...paperRuns({
      ...{ ...starts, experiment: "equilibrium", labels: equilibriumStarts },
      datasets: ["fashion-mnist", "covtype"],
    }),
  ];
  return withLayers(runs, ({ label, seed }: RunPlace) => {
    const end = world.forgets ? seed : 6 * order(label) + seed;
    const layer = layerRecord(0, { 0: hubOf(6 * order(label)), 100: hubOf(end), 200: hubOf(end) });
    const rewired = (label.startsWith("matched") ? world.rewired : 0.5) * (1 + 0.01 * Math.sin(seed + label.length));
    return [{ ...layer, rewired, weightChange: 0.8 + 0.001 * seed, inputs: 400 }];
  });
}

/** 20 neurons of 100 inputs each, of which one gave so many to another. */
function hubOf(units: number): number[] {
  return Array.from({ length: 20 }, (_, i) => 100 + (i === 0 ? units : i === 1 ? -units : 0));
}

const under = (protocol: Protocol, world: World): PaperRun[] => [
  ...staticRuns(protocol, world),
  ...movingRuns(protocol, world),
];
const changed = claimResults([...under("plain", early), ...under("tuned", late)]);
const of = (id: string): ClaimResult => changed.find((claim) => claim.id === id) ?? assert.fail(id);

test("every claim that runs under both protocols compares them: verdicts, numbers, what they are made of", () => {
  for (const { id, results, changes, change } of changed.filter((claim) => claim.id !== "H1")) {
    assert.ok(
      results.every(({ verdict }) => verdict !== "not testable"),
      `${id}: ${results.map(({ headline }) => headline).join(" | ")}`,
    );
    assert.ok(changes.length > 0, id);
    assert.ok(
      changes.some(({ isSure }) => isSure),
      id,
    );
    assert.ok(
      changes.every(({ plain }) => plain.sides !== undefined),
      id,
    );
    assert.match(
      change,
      /^Under tuned .*: .* Of \d+ numbers? compared, \d+ surely differs? between the protocols(, most of all)?: .* → /,
    );
    assert.doesNotMatch(change, /undefined|NaN|Infinity/, id);
  }
  const { changes, change } = of("H1");
  assert.deepEqual([changes, change], [[], "Not run under tuned."]);
});

test("a changed verdict, its effect, the difference and the reason are said by number", () => {
  const { results, changes, change } = of("S1");
  assert.deepEqual(
    results.map(({ verdict }) => verdict),
    ["reproduced", "not reproduced"],
  );
  assert.match(change, /^Under tuned not reproduced \(reproduced under plain\): /);
  const [mnist] = changes;
  assert.equal(mnist.quantity, "MNIST: dense − random, 90 %");
  assert.ok(Math.abs(mnist.difference.estimate - 1.6) < 1e-9);
  assert.ok(mnist.difference.low < 1.6 && mnist.difference.high > 1.6);
  const [before, after] = [mnist.plain, mnist.tuned].map(({ sides }) => (sides ?? []).map(({ value }) => value));
  assert.ok(Math.abs(after[0] - before[0] - 1.6) < 1e-9 && Math.abs(after[1] - before[1]) < 1e-9);
  assert.match(
    change,
    /MNIST: dense − random, 90 % \+0\.\d\d → \+1\.\d\d pp, by \+1\.60 \[.*?\] \(dense 89\..* → 90\./,
  );
});

test("the same numbers under both protocols surely differ in nothing", () => {
  const same = claimResults([...under("plain", early), ...movingRuns("tuned", early)]).find(({ id }) => id === "R1");
  assert.ok(same !== undefined && same.changes.length > 0 && same.changes.every(({ isSure }) => !isSure));
  assert.match(same.change, /^Under tuned reproduced as well: .* Of \d+ numbers compared, 0 surely differ between the/);
});

test("where tuned is not run, nothing is compared, and what is missing is said", () => {
  const [{ changes, change }] = claimResults(staticRuns("plain", early));
  assert.deepEqual(changes, []);
  assert.match(change, /^Under tuned not testable: not yet run: MNIST: 80 of 80 runs/);
});

test("the ledger has the value under each protocol, and a table of what differs", () => {
  const row = ledgerRow(of("S1"));
  assert.match(row.ours, /^holds on /);
  assert.match(row.oursTuned ?? "", /^holds on none/);
  const rows = changeRows(changed);
  assert.equal(new Set(rows.map(({ claim }) => claim)).size, changed.length - 1);
  assert.equal(rows.length, changed.flatMap(({ changes }) => changes).length);
  assert.equal(
    frame(rows.map(({ claim, quantity, unit, isSure }) => ({ claim, quantity, unit, isSure }))).shape[0],
    rows.length,
  );
});
