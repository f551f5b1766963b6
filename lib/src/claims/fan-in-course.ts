import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { fanInStatistics } from "../measures/fan-in";
import { mainCells } from "./convergence";

/** One sparse layer of one run of RigL at 90 %. */
export interface FanInPlace {
  readonly protocol: Protocol;
  readonly experiment: string;
  readonly dataset: string;
  readonly start: string;
  readonly seed: number;
  /** From 0. */
  readonly layer: number;
}

/** Fan-in CV over all neurons at a step. */
export interface FanInCourseRow extends FanInPlace {
  /** 0 at the start. */
  readonly step: number;
  readonly cv: number;
}

/** Fan-ins at the end, one per neuron. */
export interface FinalFanInRow extends FanInPlace {
  readonly fanIn: readonly number[];
}

type RiglExperiment = "equilibrium" | "rigl";

/**
 * How fan-in CVs move at 90 %, start by start.
 *
 * @param points most points of a run beside its start: its first update, its last, and fewer and fewer between, since
 *   fan-ins move most at first
 */
export function fanInCourseRows(
  runs: readonly PaperRun[],
  experiment: RiglExperiment,
  points: number = 11,
): FanInCourseRow[] {
  return layersOfRuns(runs, experiment).flatMap(({ place, layer: { fanIn, updates } }) => {
    const kept = thinned(updates.step.length, points);
    return [
      { ...place, step: 0, cv: fanInStatistics(fanIn[0]).cv },
      ...kept.map((at) => ({ ...place, step: updates.step[at], cv: updates.cv[at] })),
    ].map((row) => ({ ...row, cv: Number(row.cv.toPrecision(4)) }));
  });
}

/** Indices from 0 to length − 1, at most so many, at distances that grow evenly. */
function thinned(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  const at = Array.from({ length: most }, (_, i) => Math.round((length - 1) * (i / (most - 1)) ** 2));
  return [...new Set(at)];
}

/** Where fan-ins end at 90 %, start by start. */
export function finalFanInRows(runs: readonly PaperRun[], experiment: RiglExperiment): FinalFanInRow[] {
  return layersOfRuns(runs, experiment).map(({ place, layer: { fanIn } }) => {
    return { ...place, fanIn: fanIn[fanIn.length - 1] };
  });
}

function layersOfRuns(runs: readonly PaperRun[], experiment: RiglExperiment) {
  return mainCells(runs, experiment).flatMap(({ protocol, dataset, label, runs: own }) =>
    own.flatMap(({ record: { config, result } }) =>
      result.layers.map((layer) => {
        const place: FanInPlace = {
          protocol,
          experiment,
          dataset,
          start: label,
          seed: config.seed,
          layer: layer.layer,
        };
        return { place, layer };
      }),
    ),
  );
}
