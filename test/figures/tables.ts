import type { Figure1Tables } from "psn/dist/figures/figure-1";
import type { StaticAccuracyRow, StaticGainRow } from "psn/dist/figures/figure-2";
import type { RiglRow } from "psn/dist/figures/figure-3";
import type { GradientMeasure, GradientRow, GradientTimeRow } from "psn/dist/figures/figure-4";
import type { EquilibriumPlace, EquilibriumRatioRow, FanInEndRow, FanInEvolutionRow } from "psn/dist/figures/figure-5";
import type { HubsRow } from "psn/dist/figures/figure-6";
import type { VerdictRow } from "psn/dist/figures/figure-7";
import { createRandom, type Random } from "psn/dist/random";
import type { Topology } from "psn/dist/topology/topology";

/** Made-up tables in the shape of the real ones, for the tests of the figures only. */
const levels = [0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

export const four = ["mnist", "fashion-mnist", "emnist-bymerge-116k", "covtype"];

/** The labels of the static grid. */
export const structures = [
  "random",
  "ERK",
  "constant",
  ...["linear", "power", "exponential", "logistic", "cosine", "gaussian", "logarithmic", "step"].map(
    (f) => `${f} CV 0.5`,
  ),
  "lognormal CV 1",
  "power-law CV 1",
  "constant, scattered",
  "lognormal CV 1, scattered",
];

/** Those of the grid of RigL. */
export const starts = [
  "ERK",
  "random",
  "constant",
  "constant, scattered",
  "lognormal CV 0.5",
  "lognormal CV 1",
  "lognormal CV 2",
  "power-law CV 1",
  "matched",
  "matched, scattered",
];

function estimate(mean: number, random: Random, n: number): { mean: number; low: number; high: number; n: number } {
  const half = n > 1 ? 0.001 + 0.002 * random.uniform() : Number.NaN;
  return { mean, low: mean - half, high: mean + half, n };
}

export function staticRows(datasets: readonly string[], sparsities: number, n: number): StaticAccuracyRow[] {
  const random = createRandom(0);
  return datasets.flatMap((dataset) => [
    { dataset, sparsity: 0, structure: "dense", ...estimate(0.893, random, n) },
    ...levels.slice(0, sparsities).flatMap((sparsity) =>
      structures.map((structure) => {
        const mean = 0.89 - 0.02 * (sparsity - 0.8) - 0.3 * Math.max(0, sparsity - 0.95) + 0.002 * random.uniform();
        return { dataset, sparsity, structure, ...estimate(mean, random, n) };
      }),
    ),
  ]);
}

export function riglRows(datasets: readonly string[], sparsities: number, n: number): RiglRow[] {
  return staticRows(datasets, sparsities, n).flatMap(({ structure, ...row }) => {
    const start = structure === "dense" ? "dense" : starts[structures.indexOf(structure)];
    return start === undefined ? [] : [{ ...row, start }];
  });
}

/** Gains over random, at the sparsities given, every third one significant. */
export function gainRows(datasets: readonly string[], sparsities: number, n: number): StaticGainRow[] {
  return staticRows(datasets, sparsities, n)
    .filter(({ structure }) => structure !== "dense" && structure !== "random")
    .map((row, i) => ({ ...moved(row, -0.888), significant: i % 3 === 0 }));
}

export function moved<T extends { mean: number; low: number; high: number }>(row: T, by: number): T {
  return { ...row, mean: row.mean + by, low: row.low + by, high: row.high + by };
}

export const measures: readonly GradientMeasure[] = ["mean", "l2", "sum"];

export function gradientRows(datasets: readonly string[]): GradientRow[] {
  const random = createRandom(0);
  return datasets.flatMap((dataset) =>
    structures.flatMap((structure, i) =>
      measures.map((measure, power) => {
        const ratio = (1 + i / 4) ** power;
        return { dataset, structure, measure, cv: i / 10, null: ratio, ...estimate(0.9 * ratio, random, 5) };
      }),
    ),
  );
}

export function gradientTimeRows(datasets: readonly string[]): GradientTimeRow[] {
  const random = createRandom(0);
  return datasets.flatMap((dataset) =>
    ["random", "lognormal CV 1"].flatMap((structure) =>
      measures.flatMap((measure) =>
        [0, 1, 5, 20].map((epoch) => ({ dataset, structure, measure, epoch, ...estimate(1 - epoch / 99, random, 5) })),
      ),
    ),
  );
}

const places: readonly EquilibriumPlace[] = ["fashion-mnist", "covtype"].flatMap((dataset) =>
  ["plain", "tuned"].flatMap((protocol) => [0, 1].map((layer) => ({ dataset, protocol, layer }))),
);

export function evolutionRows(): FanInEvolutionRow[] {
  const random = createRandom(0);
  return places.flatMap((place) =>
    ["ERK", "lognormal CV 1", "from its own fan-ins"].flatMap((start) =>
      [0, 1, 2].flatMap((seed) =>
        [0, 1000, 2000].map((step) => ({ ...place, start, seed, step, cv: 0.4 + 0.1 * random.uniform() })),
      ),
    ),
  );
}

export function endRows(): FanInEndRow[] {
  const random = createRandom(0);
  return places.flatMap((place) =>
    ["ERK", "lognormal CV 1"].flatMap((start) =>
      [0, 1, 2].map((seed) => {
        return { ...place, start, seed, fanIn: Array.from({ length: 40 }, () => Math.floor(60 * random.uniform())) };
      }),
    ),
  );
}

export function ratioRows(): EquilibriumRatioRow[] {
  const random = createRandom(0);
  return ["long runs", "runs of Figure 3"].flatMap((runs) =>
    places.flatMap((place) =>
      (["contraction", "equivalence"] as const).map((measure) => {
        const mean = (measure === "contraction" ? 0.2 : 1) * (1 + random.uniform());
        return { ...place, runs, measure, mean, low: 0.9 * mean, high: 1.2 * mean, n: 10 };
      }),
    ),
  );
}

export function hubsRows(datasets: readonly string[]): HubsRow[] {
  const random = createRandom(0);
  const pairs = ["RigL", "masks", "degrees", "fan-ins", "fan-outs", "uncoupled"].map((network) => [network, "ERK"]);
  const chain = [
    ["masks", "degrees"],
    ["degrees", "fan-ins"],
    ["RigL", "masks"],
  ];
  return datasets.flatMap((dataset) =>
    [...pairs, ...chain].map(([network, baseline]) => {
      return { dataset, network, baseline, ...estimate(0.01 * random.uniform(), random, 10) };
    }),
  );
}

export function verdictRows(): VerdictRow[] {
  const verdicts = ["reproduced", "partly", "not reproduced", "not testable"] as const;
  return ["S1", "S2", "G1", "G2", "R1", "R2", "E1", "E2", "H1"].flatMap((claim, i) =>
    ["plain", "tuned"].map((protocol, j) => ({ claim, protocol, verdict: verdicts[(i + j) % 4] })),
  );
}

export function overview(inputs = 60, neurons = 40): Figure1Tables {
  const random = createRandom(0);
  const fanIn = Uint32Array.from({ length: neurons }, (_, i) => 1 + Math.floor((i * 20) / neurons));
  const topology: Topology = {
    inputs,
    neurons,
    rowPointers: fanIn.reduce(
      (sums, k, i) => {
        sums[i + 1] = sums[i] + k;
        return sums;
      },
      new Uint32Array(neurons + 1),
    ),
    columns: Uint32Array.from([...fanIn].flatMap((k) => [...random.sample(inputs, k)].sort((a, b) => a - b))),
  };
  return {
    inputs,
    neurons,
    sparsity: 0.9,
    cv: 0.5,
    profiles: ["linear", "step", "lognormal"].map((structure) => ({ structure, fanIn })),
    masks: ["random", "lognormal"].map((structure) => ({ structure, label: `${structure},<br>windows`, topology })),
    windows: [...fanIn].slice(0, 12).map((k, i) => ({ offset: (i * 37) % inputs, fanIn: k })),
    histograms: ["random", "linear", "lognormal"].map((structure) => ({ structure, fanIn })),
  };
}
