import assert from "node:assert/strict";
import { test } from "node:test";
import { claimResult } from "psn/dist/claims/claim";
import { concentrationRows } from "psn/dist/claims/concentration";
import { g1, unevenStructures } from "psn/dist/claims/g1";
import { frame } from "psn/dist/notebook/frames";
import { gradientLayer, type RunPlace, withLayers } from "./layers";
import { paperRuns } from "./paper-runs";

interface Ratios {
  readonly mean?: number;
  readonly l2: number;
  readonly sum: number;
  readonly l2Null?: number;
  readonly sumNull?: number;
}

const even: Ratios = { l2: 1.1, sum: 1.2 };
const mechanical: Ratios = { mean: 1, l2: 2.2, sum: 4.4 };
const substantive: Ratios = { mean: 1.6, l2: 3, sum: 4.8, l2Null: 2.2, sumNull: 4.4 };

/** Static runs with ratios by place; seeds vary them by up to 2 %. */
function staticRuns(ratios: (place: RunPlace) => Ratios, seeds = 5) {
  const runs = paperRuns({ experiment: "static", labels: ["random", ...unevenStructures], seeds, percent: () => 89 });
  return withLayers(runs, (place) => {
    const { mean = 1, ...rest } = ratios(place);
    const noise = 1 + 0.01 * (place.seed - 2);
    return [gradientLayer(1, { ...rest, mean: mean * noise })];
  });
}

const isRandom = ({ label }: RunPlace): boolean => label === "random";
const verdictOf = (ratios: (place: RunPlace) => Ratios): string => claimResult(g1, staticRuns(ratios)).verdict;

test("G1 is reproduced where hubs have more gradient a weight, and random masks no hierarchy", () => {
  const result = claimResult(
    g1,
    staticRuns((place) => (isRandom(place) ? even : substantive)),
  );
  assert.equal(result.verdict, "reproduced");
  assert.match(result.results[0].headline, /^L2 norm 3\.00×, sum 4\.80×/);
  const over = result.results[0].estimates.find(({ quantity }) => quantity === "MNIST: L2 norm over its null, CV 1");
  assert.ok(Math.abs((over?.estimate ?? 0) - 3 / 2.2) < 1e-9);
});

test("G1 is partly reproduced where the null explains it, or where only some data sets show it", () => {
  assert.equal(
    verdictOf((place) => (isRandom(place) ? even : mechanical)),
    "partly",
  );
  assert.equal(
    verdictOf((place) => (isRandom(place) || place.dataset !== "mnist" ? even : mechanical)),
    "partly",
  );
  assert.equal(
    verdictOf((place) => (isRandom(place) ? even : place.dataset === "mnist" ? mechanical : substantive)),
    "partly",
  );
});

test("one statistic in the paper's range is enough, and random masks are held against their own null", () => {
  assert.equal(
    verdictOf((place) => (isRandom(place) ? even : { ...substantive, sum: 7 })),
    "reproduced",
  );
  const chance = { l2: 1.23, l2Null: 1.2, sum: 1.56, sumNull: 1.49 };
  assert.equal(
    verdictOf((place) => (isRandom(place) ? chance : { ...substantive, l2: 1.8, l2Null: 1.3 })),
    "reproduced",
  );
  assert.equal(
    verdictOf((place) => (isRandom(place) ? { ...chance, l2Null: 0.9, sumNull: 1.1 } : mechanical)),
    "not reproduced",
  );
});

test("more gradient a weight counts by itself: without the raw claim, or on one data set, it is partly", () => {
  const beyond = { ...substantive, l2: 6, sum: 8 };
  assert.equal(
    verdictOf((place) => (isRandom(place) ? even : beyond)),
    "partly",
  );
  assert.equal(
    verdictOf((place) => (isRandom(place) || place.dataset !== "mnist" ? even : beyond)),
    "partly",
  );
  const { headline } = claimResult(
    g1,
    staticRuns((place) => (isRandom(place) || place.dataset !== "mnist" ? even : beyond)),
  ).results[0];
  assert.match(headline, /raw on none, substantive on MNIST; n = 5$/);
});

test("a ratio per weight is above the margin, not above it, or open, by its interval", () => {
  const said = (mean: number): string =>
    claimResult(
      g1,
      staticRuns((place) => (isRandom(place) ? even : { ...mechanical, mean })),
    ).results[0].findings[0];
  assert.match(said(1.6), /mean \|∂L\/∂w\| is surely above 1\.25: /);
  assert.match(said(1.26), /mean \|∂L\/∂w\| is not surely above 1\.25: /);
  assert.match(said(1), /mean \|∂L\/∂w\| is surely not above 1\.25: /);
});

test("G1 is not reproduced without a hierarchy, with one beyond the paper's, or with one in random masks too", () => {
  assert.equal(
    verdictOf(() => even),
    "not reproduced",
  );
  assert.equal(
    verdictOf((place) => (isRandom(place) ? even : { l2: 6, sum: 7 })),
    "not reproduced",
  );
  assert.equal(
    verdictOf((place) => (isRandom(place) ? { l2: 2.2, l2Null: 1.1, sum: 4.4, sumNull: 1.2 } : mechanical)),
    "not reproduced",
  );
});

test("G1 is not testable while runs are missing, says which, and shows what is there", () => {
  const runs = staticRuns((place) => (isRandom(place) ? even : mechanical)).slice(1);
  const { verdict, results } = claimResult(g1, runs);
  assert.equal(verdict, "not testable");
  assert.deepEqual(results[0].missing, ["MNIST: 1 of 20 runs"]);
  assert.match(
    results[0].findings[0],
    /^MNIST: the raw claim holds by L2 norm and sum, mean \|∂L\/∂w\| is surely not above 1\.25: /,
  );
});

test("concentration is the geometric mean over seeds and layers, and a ratio that does not exist is left out", () => {
  const runs = withLayers(
    paperRuns({ experiment: "static", datasets: ["mnist"], labels: ["random"], seeds: 2, percent: () => 89 }),
    ({ seed }) => {
      const first = gradientLayer(1, { l2: seed === 0 ? 2 : 8, sum: 1, l2Null: 2 });
      const second = gradientLayer(0, { l2: 1, sum: 1 });
      const none = { ...second.gradients, l2: [1, null] };
      return [first, { ...second, layer: 1, gradients: seed === 0 ? none : second.gradients }];
    },
  );
  const rows = concentrationRows(runs).filter(({ statistic }) => statistic === "l2");
  const near = (layer: number | null) => rows.find((row) => row.layer === layer)!;
  assert.deepEqual([near(0).n, near(1).n, near(null).n], [2, 1, 2]);
  assert.ok(Math.abs(near(0).raw - 4) < 1e-9 && Math.abs(near(0).overNull - 2) < 1e-9);
  assert.ok(near(0).rawLow < 2 && near(0).rawHigh > 8, "two seeds a factor of four apart have a wide interval");
  assert.ok(Math.abs(near(null).raw - Math.sqrt(2 * Math.sqrt(8))) < 1e-9);
  assert.ok(Number.isNaN(near(1).rawLow) && near(1).raw === 1);
  assert.ok(Math.abs(near(null).cv - 0.5) < 1e-3);
  const course = concentrationRows(runs, "all").filter(({ layer, statistic }) => layer === 0 && statistic === "l2");
  assert.deepEqual(
    course.map(({ epoch }) => epoch),
    [0, 20],
  );
  assert.equal(frame(concentrationRows(runs)).shape[0], 9);
});
