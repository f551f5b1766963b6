import { equilibriumStarts, riglStarts } from "psn/dist/claims/convergence";
import { cvProfiles, staticStructures, windowProfiles } from "psn/dist/claims/structures";
import type { PaperRun } from "psn/dist/experiments/part";
import { type Protocol, paperDatasets, sparsityLevels } from "psn/dist/experiments/protocol";
import { layerRecord } from "../experiments/runs";
import { gradientLayer, type RunPlace, withLayers } from "./layers";
import { paperRuns } from "./paper-runs";

/** What a protocol makes of networks, all at once. */
export interface World {
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

export const early: World = {
  dense: 89.3,
  matched: 89.6,
  slope: 0.3,
  profiles: 89,
  hubs: 1,
  rewired: 0.5,
  forgets: true,
};
export const late: World = {
  dense: 90.9,
  matched: 89,
  slope: 0,
  profiles: 89.5,
  hubs: 1.6,
  rewired: 0.3,
  forgets: false,
};

const cvOf = (label: string): number => Number(/CV ([\d.]+)/.exec(label)?.[1] ?? 0);

export function staticRuns(protocol: Protocol, world: World): PaperRun[] {
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

const controls = ["SET", "shuffled gradients", "row-wise growth"].flatMap((control) =>
  ["ERK", "lognormal CV 2"].map((start) => `${control}, ${start}`),
);
const startOf = (label: string): string => (controls.includes(label) ? label.replace(/^.*, /, "") : label);
const order = (label: string): number => equilibriumStarts.concat(riglStarts).indexOf(startOf(label));

export function movingRuns(protocol: Protocol, world: World): PaperRun[] {
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
      ...{ ...starts, experiment: "equilibrium", labels: [...equilibriumStarts, ...controls] },
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

/** All runs of a protocol but those of `hubs`, `calibration` and `anchors`. */
export const under = (protocol: Protocol, world: World): PaperRun[] => [
  ...staticRuns(protocol, world),
  ...movingRuns(protocol, world),
];
