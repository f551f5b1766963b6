import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import {
  controls,
  convergenceRows,
  equilibriumStarts,
  riglStarts,
  twoStarts,
  variantRows,
} from "psn/dist/claims/convergence";
import { e1 } from "psn/dist/claims/e1";
import { endRows } from "psn/dist/claims/ends";
import { fixedPointRows, hubIdentityRows, stationarityRows } from "psn/dist/claims/equilibrium-tables";
import { experimentParts } from "psn/dist/experiments/experiments";
import type { PaperRun } from "psn/dist/experiments/part";
import { frame } from "psn/dist/notebook/frames";
import { layerRecord } from "../experiments/runs";
import { type RunPlace, withLayers } from "./layers";
import { paperRuns } from "./paper-runs";

/** A layer of 20 neurons of 100 inputs each, of which one gave so many to another. */
const shifted = (units: number): number[] =>
  Array.from({ length: 20 }, (_, i) => 100 + (i === 0 ? units : i === 1 ? -units : 0));

const order = (label: string): number =>
  equilibriumStarts.concat(riglStarts).indexOf(label.replace(/^.+?, (?=ERK|logn)/, ""));

/** Each start begins at a distance of its own, and ends where it is told. */
function layer(place: RunPlace, end: number, steps = 12) {
  const begin = shifted(6 * order(place.label));
  const path = Array.from({ length: steps }, (_, i) => [100 * (i + 1), shifted(end)] as const);
  return { ...layerRecord(0, { 0: begin, ...Object.fromEntries(path) }), inputs: 400 };
}

const controlLabels = controls.flatMap((control) => twoStarts.map((start) => `${control}, ${start}`));

/** Runs of the starts and of the controls, which remember their starts unless told otherwise. */
function runsEnding(
  end: (place: RunPlace) => number,
  changes: { labels?: readonly string[]; seeds?: number } = {},
  endOfControl: (place: RunPlace) => number = ({ label }) => 6 * order(label),
): PaperRun[] {
  const made = { seeds: 10, percent: () => 89 };
  const runs = [
    ...paperRuns({
      ...made,
      experiment: "equilibrium",
      datasets: ["fashion-mnist", "covtype"],
      labels: equilibriumStarts,
      ...changes,
    }),
    ...paperRuns({ ...made, experiment: "rigl", labels: riglStarts, ...changes }),
    ...paperRuns({ ...made, experiment: "equilibrium", datasets: ["fashion-mnist"], labels: controlLabels, seeds: 5 }),
  ];
  return withLayers(runs, (place) => [
    layer(place, controlLabels.includes(place.label) ? endOfControl(place) : end(place)),
  ]);
}

/** What the start does not decide: where the runs of a seed end. */
const seedAlone = ({ seed }: RunPlace): number => seed;

test("E1 is reproduced where the end says nothing of the start", () => {
  const { verdict, results } = claimResult(e1, runsEnding(seedAlone));
  assert.equal(verdict, "reproduced");
  assert.match(results[0].headline, /^R 1\.00 \(margin 1\.25\): one law in 6 of 6 layers, more than one in 0; /);
});

/** Drawn together, though not into one law. */
const near = (place: RunPlace): number => order(place.label) + (place.seed % 2);

test("E1 is partly reproduced where RigL draws starts together more than any control, though not into one law", () => {
  const { verdict, results } = claimResult(e1, runsEnding(near));
  assert.equal(verdict, "partly");
  assert.match(results[0].headline, /surely below 0\.5 in 6, below the controls' in 1 of 1; n = /);
});

test("E1 is not reproduced where one control draws starts together as much as RigL does", () => {
  const endOfControl = (place: RunPlace): number =>
    place.label.startsWith("shuffled gradients") ? near(place) : 6 * order(place.label);
  const { verdict, results } = claimResult(e1, runsEnding(near, {}, endOfControl));
  assert.equal(verdict, "not reproduced");
  assert.match(results[0].headline, /surely below 0\.5 in 6, below the controls' in 0 of 1; n = /);
});

test("E1 is not reproduced where RigL, closer than its controls, leaves starts apart", () => {
  const apart = (place: RunPlace): number => 4 * order(place.label) + (place.seed % 2);
  const { verdict, results } = claimResult(e1, runsEnding(apart));
  assert.equal(verdict, "not reproduced");
  assert.match(results[0].headline, /surely below 0\.5 in 0, below the controls' in 1 of 1; n = /);
});

test("E1 is only partly reproduced where one data set remembers its start", () => {
  const remembers = (place: RunPlace): number =>
    place.dataset === "covtype" ? 6 * order(place.label) + (place.seed % 2) : seedAlone(place);
  const { verdict, results } = claimResult(e1, runsEnding(remembers));
  assert.equal(verdict, "partly");
  assert.match(results[0].headline, /one law in 4 of 6 layers, more than one in 2/);
});

test("E1 is not testable while runs are missing, but for seeds that a data set does not have", () => {
  const all = runsEnding(seedAlone);
  const fewer = all.filter(({ experiment, record: { config } }) =>
    experiment === "equilibrium" && config.dataset === "fashion-mnist" ? true : config.seed < 5,
  );
  assert.equal(claimResult(e1, fewer).verdict, "reproduced");
  const { verdict, results } = claimResult(e1, fewer.slice(1));
  assert.equal(verdict, "not testable");
  assert.deepEqual(results[0].missing, ["equilibrium, Fashion-MNIST: 1 of 110 runs"]);
  const withoutControls = fewer.filter(({ label }) => !controlLabels.includes(label));
  assert.deepEqual(claimResult(e1, withoutControls).results[0].missing, ["equilibrium, Fashion-MNIST: 30 of 110 runs"]);
});

test("starts with fewer than three seeds are not compared, and all are over the seeds that they share", () => {
  const labels = ["ERK", "constant", "lognormal CV 1"];
  assert.deepEqual(convergenceRows(runsEnding(seedAlone, { labels, seeds: 2 })), []);
  const runs = runsEnding(seedAlone, { labels, seeds: 4 }).filter(
    ({ label, record: { config } }) => label === "ERK" || config.seed > (label === "constant" ? 0 : 1),
  );
  const rows = convergenceRows(runs, { pairs: true });
  assert.ok(rows.length === 12 && rows.every(({ seeds }) => seeds === 3));
  assert.deepEqual([rows[0].starts, rows[1].starts], ["all", "ERK, constant"]);
  assert.ok(Math.abs(rows[0].before - (2 * 6) / 2000) < 1e-12);
});

test("even starts may agree where uneven ones do not, and the findings say so", () => {
  const runs = runsEnding((place) => (order(place.label) > 1 ? 6 * order(place.label) : seedAlone(place)), {
    seeds: 5,
  });
  const even = convergenceRows(runs, { starts: ["ERK", "constant"] });
  assert.ok(even.length === 6 && even.every(({ starts, ratio }) => starts === "ERK, constant" && ratio === 1));
  const [{ findings }] = claimResult(e1, runs).results;
  assert.ok(findings.some((text) => /even starts alone \(ERK, constant\): layer 1 R = 1\.00/.test(text)));
  assert.match(findings[0], /^Fashion-MNIST \(equilibrium\): one law in 0 of 1 layer: /);
});

test("controls, schedules and architectures stand beside RigL from the same two starts", () => {
  const names = ["", "SET, ", "ΔT 1000, α 0.1, ", "deep, "];
  const labels = names.flatMap((name) => [`${name}ERK`, `${name}lognormal CV 2`]);
  const made = { experiment: "equilibrium", datasets: ["fashion-mnist"], labels, seeds: 5, percent: () => 89 };
  const runs = withLayers(paperRuns(made), (place) => {
    const end = place.label.startsWith("SET") ? 6 * order(place.label) : place.seed;
    return [layer(place, end)];
  });
  const rows = variantRows(runs);
  assert.deepEqual(
    rows.map(({ setting, kind }) => [setting, kind]),
    [
      ["RigL", "RigL"],
      ["SET", "control"],
      ["ΔT 1000, α 0.1", "schedule"],
      ["deep", "architecture"],
    ],
  );
  assert.deepEqual([rows[0].starts, rows[1].contraction, rows[1].verdict], ["ERK, lognormal CV 2", 1, "different"]);
  assert.ok(rows[1].unevenCv > rows[1].evenCv && rows[0].unevenCv === rows[0].evenCv);
  const [{ findings }] = claimResult(e1, runs).results;
  assert.ok(
    findings.some((text) =>
      text.includes(
        "RigL surely draws them closer than each of its controls in 1 of 1 layer, and surely less close than one of them in 0.",
      ),
    ),
  );
  const reversed = withLayers(paperRuns(made), (place) => [
    layer(place, place.label.startsWith("SET") ? place.seed : 6 * order(place.label)),
  ]);
  const texts = claimResult(e1, reversed).results[0].findings;
  assert.ok(texts.some((text) => /in 0 of 1 layer, and surely less close than one of them in 1\. /.test(text)));
});

test("what trained otherwise stands beside the RigL that trained as long, and n with each", () => {
  const labels = ["", "SET, ", "ΔT 50, ", "α 0.1, "].flatMap((name) => [`${name}ERK`, `${name}lognormal CV 2`]);
  const made = { datasets: ["fashion-mnist"], percent: () => 89 };
  const runs = [
    ...paperRuns({ ...made, experiment: "equilibrium", labels, seeds: 5 }),
    ...paperRuns({ ...made, experiment: "rigl", labels: twoStarts, seeds: 4 }),
  ];
  const isLong = ({ experiment, label }: PaperRun): boolean => experiment === "equilibrium" && !/^[Δα]/.test(label);
  const timed = runs.map((run) => {
    const config = { ...run.record.config, epochs: isLong(run) ? 30 : 20 };
    return { ...run, record: { ...run.record, config } };
  });
  const moved = withLayers(timed, (place) => {
    const { label, seed } = place;
    if (label.startsWith("ΔT 50")) return [layer(place, seed)];
    return [layer(place, 3 * order(label) + (seed % 2) * (label.startsWith("α 0.1") ? 9 : 1))]; // open, for its noise
  });
  assert.deepEqual(
    variantRows(moved).map(({ experiment, setting, epochs, seeds }) => [experiment, setting, epochs, seeds]),
    [
      ["equilibrium", "RigL", 30, 5],
      ["rigl", "RigL", 20, 4],
      ["equilibrium", "SET", 30, 5],
      ["equilibrium", "ΔT 50", 20, 5],
      ["equilibrium", "α 0.1", 20, 5],
    ],
  );
  const [{ findings }] = claimResult(e1, moved).results;
  const [long, short] = findings.filter((text) => text.startsWith("Fashion-MNIST, ERK and lognormal CV 2, "));
  assert.match(long, /CV 2, 30 epochs: RigL \(n = 5\) C .+; SET \(n = 5\) C [^;]+\. RigL surely draws them closer/);
  assert.match(
    short,
    /CV 2, 20 epochs: RigL \(n = 4\) C .+; ΔT 50 \(n = 5\) C .+; α 0\.1 \(n = 5\) C [^;]+\. Schedules/,
  );
  assert.match(short, /Schedules that surely draw them closer than RigL's own in every layer: ΔT 50\.$/);
});

test("connections grown in the last third are told with their repeats, and may be more than there are", () => {
  const runs = withLayers(runsEnding(seedAlone), (place) => {
    const made = layer(place, place.seed);
    const grown = made.updates.grown.map(() => made.connections / 2);
    return [{ ...made, updates: { ...made.updates, grown } }];
  });
  const [{ findings }] = claimResult(e1, runs).results;
  const [text] = findings.filter((each) => each.includes("stands still"));
  assert.match(text, /, while the connections grown in that third, repeats counted, come to 200\.0 % of all\.$/);
});

test("a fixed point moves no further than seeds are apart, and one that is none moves further", () => {
  const labels = [...equilibriumStarts, "from its own masks", "from its own fan-ins"];
  const made = { experiment: "equilibrium", datasets: ["covtype"], labels, seeds: 5, percent: () => 89 };
  const runs = withLayers(paperRuns(made), (place) => {
    if (place.label === "from its own masks")
      return [layerRecord(0, { 0: shifted(place.seed), 5: shifted(place.seed) })];
    if (place.label === "from its own fan-ins") return [layerRecord(0, { 0: shifted(90), 5: shifted(place.seed) })];
    return [layer(place, place.seed)];
  });
  const rows = fixedPointRows(runs);
  assert.deepEqual(
    rows.map(({ start, from, verdict, seeds }) => [start, from, verdict, seeds]),
    [
      ["from its own masks", "end", "equivalent", 5],
      ["from its own fan-ins", "end", "different", 5],
    ],
  );
  const [{ findings }] = claimResult(e1, runs).results;
  assert.ok(
    findings.some((text) => /started at RigL's end, .+ \(a fixed point: below 1\.25\): from its own/.test(text)),
  );
});

test("runs from a matched start count for the seeds of the other starts only, so that their ratio has a bound", () => {
  const made = { experiment: "rigl", datasets: ["covtype"], percent: () => 89 };
  const runs = [
    ...paperRuns({ ...made, labels: ["ERK", "constant"], seeds: 5 }),
    ...paperRuns({ ...made, labels: ["matched"], seeds: 10 }),
  ];
  const moved = withLayers(runs, (place) => [layer(place, place.seed)]);
  const [row] = fixedPointRows(moved);
  assert.deepEqual([row.seeds, row.from], [5, "profile"]);
  const texts = claimResult(e1, moved).results[0].findings.filter((text) => text.includes(": started at"));
  assert.equal(texts.length, 1);
  assert.match(texts[0], /started at a profile of the CV of RigL's end, .+: below 1 at a fixed point\): matched, /);
  assert.ok(Number.isFinite(row.high));
});

test("stationarity and hub identity are told start by start, and runs with too few updates are left out", () => {
  const labels = ["ERK", "lognormal CV 2"];
  const made = { experiment: "equilibrium", datasets: ["covtype"], labels, seeds: 3, percent: () => 89 };
  const runs = withLayers(paperRuns(made), (place) => [layer(place, 20 + place.seed, place.label === "ERK" ? 12 : 6)]);
  const [row, ...none] = stationarityRows(runs);
  assert.deepEqual([none.length, row.start, row.drift, row.verdict, row.n], [0, "ERK", 0, "equivalent", 3]);
  assert.ok(Math.abs(row.turnover - 4 / 2000) < 1e-12);
  const [erk, uneven] = hubIdentityRows(runs);
  assert.ok(Number.isNaN(erk.rho) && erk.n === 3, "equal fan-ins have no order to remember");
  assert.deepEqual([uneven.rho, uneven.jaccard], [1, 1]);
  assert.ok(uneven.jaccardByChance < 0.1);
});

test("ends are told run by run with their fits", () => {
  const made = { experiment: "rigl", datasets: ["mnist"], labels: ["ERK", "random"], seeds: 2, percent: () => 89 };
  const runs = withLayers(paperRuns(made), ({ label }) => {
    const end = label === "ERK" ? [0, 1, 2, 3, 4] : [0, 0, 0, 0, 0];
    return [{ ...layerRecord(0, { 0: [2, 2, 2, 2, 2], 5: end }), inputs: 6 }];
  });
  const rows = endRows(runs, "rigl");
  assert.equal(rows.length, 2); // a dead layer has no law
  assert.ok(rows.every(({ start, zeroShare, startCv }) => start === "ERK" && zeroShare === 0.2 && startCv === 0));
  assert.ok(rows.every(({ logLikelihoodRatio, powerLawP }) => logLikelihoodRatio >= 0 && powerLawP <= 1));
  assert.equal(frame(rows).shape[0], 2);
});

test("the grids have the starts and the seeds that E1 asks for", () => {
  const labelsOf = (experiment: string): string[] => {
    const [part] = experimentParts({ experiments: [experiment], protocol: "plain", dataset: "covtype", quick: true });
    return part.runs.map(({ label }) => label);
  };
  for (const start of equilibriumStarts) assert.ok(labelsOf("equilibrium").includes(start), start);
  for (const start of riglStarts) assert.ok(labelsOf("rigl").includes(start), start);
  const [{ runs }] = experimentParts({ experiments: ["equilibrium"], protocol: "plain", dataset: "fashion-mnist" });
  for (const label of controlLabels) assert.equal(runs.filter((run) => run.label === label).length, 5, label);
  assert.equal(runs.filter(({ label }) => label === "lognormal CV 1").length, 10);
});
