import type { FanInEvolutionRow } from "psn/dist/figures/fan-in-evolution";
import type { Figure1Tables } from "psn/dist/figures/figure-1";
import type { StaticAccuracyRow } from "psn/dist/figures/figure-2";
import type { RiglRow } from "psn/dist/figures/figure-3";
import { createRandom, type Random } from "psn/dist/random";
import type { Topology } from "psn/dist/topology/topology";

/** Made-up tables in the shape of the real ones, for the tests of the figures only. */
const levels = [0.8, 0.9, 0.95, 0.98, 0.99, 0.999];

export const structures = ["random", "constant", "linear", "step", "lognormal CV 0.5", "lognormal CV 2", "power law"];

export const starts = ["ERK", "random", "constant", "lognormal CV 1", "matched"];

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

export function evolutionRows(): FanInEvolutionRow[] {
  const random = createRandom(0);
  return [0, 1].flatMap((layer) =>
    ["ERK", "lognormal CV 1"].flatMap((start) =>
      [0, 1, 2].flatMap((seed) =>
        [0, 100, 200].map((step) => ({ layer, start, seed, step, cv: 0.4 + 0.1 * random.uniform() })),
      ),
    ),
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
