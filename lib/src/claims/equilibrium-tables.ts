import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import type { UpdateColumns } from "../experiments/record";
import { fixedPoint } from "../measures/equilibrium";
import { hubIdentity } from "../measures/hub-identity";
import { stationarity, type UpdateRun } from "../measures/stationarity";
import { createRandom } from "../random";
import { summary } from "../statistics/summary";
import type { Cell } from "./cells";
import { byDataset, comparable, fanInRuns, layersOf, mainCells, startsOf } from "./convergence";

/** Where a row of a layer belongs. */
export interface LayerPlace {
  readonly protocol: Protocol;
  readonly experiment: string;
  readonly dataset: string;
  readonly sparsity: number;
  /** From 0. */
  readonly layer: number;
  readonly start: string;
}

/** Whether a layer's fan-in CV still moves over the last third of its updates; `low` and `high` bound the mean by 90 %. */
export interface StationarityRow extends LayerPlace {
  /** Drift relative to the CV, mean over seeds. */
  readonly drift: number;
  readonly low: number;
  readonly high: number;
  readonly margin: number;
  readonly n: number;
  readonly verdict: "equivalent" | "different" | "inconclusive";
  /**
   * Connections grown in that third over all connections, mean over seeds. One that is dropped and grown again counts
   * each time, so that it can be above 1; near 0, the layer was not free to move.
   */
  readonly turnover: number;
}

/** Where runs went that began at RigL's own end, or at a profile of its CV; bounds are one-sided, of 95 %. */
export interface FixedPointRow extends LayerPlace {
  /** A profile has none of the noise that an end has: its ratio would be less than 1 at a true fixed point. */
  readonly from: "end" | "profile";
  readonly seeds: number;
  /** Mean W1n from start to end. */
  readonly moved: number;
  /** Mean W1n between seeds of one start, at the end, among the runs that the equilibrium is claimed of. */
  readonly within: number;
  /** moved / within. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: "equivalent" | "different" | "inconclusive";
}

/** Whether the neurons that end as hubs began as hubs: means over seeds, ρ with its 95 % t interval. */
export interface HubIdentityRow extends LayerPlace {
  /** Spearman's ρ of fan-ins at start and end; NaN where all fan-ins began equal. */
  readonly rho: number;
  readonly low: number;
  readonly high: number;
  readonly jaccard: number;
  readonly jaccardByChance: number;
  readonly n: number;
}

/** Stationarity of every layer, start by start, at 90 %; of runs with at least three updates in their last third. */
export function stationarityRows(runs: readonly PaperRun[], experiment: string = "equilibrium"): StationarityRow[] {
  return mainCells(runs, experiment).flatMap((cell) =>
    layersOf([cell]).flatMap((layer) => {
      const updates = updateRuns(cell, layer).filter(({ step }) => hasLastThird(step));
      if (updates.length < 2) return [];
      return stationarity(updates).map(({ turnover, test }) => {
        const { meanDifference, interval, margin, n, verdict } = test;
        return {
          ...placeOf(cell, experiment, layer),
          drift: meanDifference,
          ...interval,
          margin,
          n,
          verdict,
          turnover,
        };
      });
    }),
  );
}

function updateRuns({ label, runs }: Cell, layer: number): (UpdateRun & Pick<UpdateColumns, "step">)[] {
  return runs.flatMap(({ record: { config, result } }) =>
    result.layers
      .filter((each) => each.layer === layer)
      .map(({ connections, updates: { step, cv, grown } }) => {
        return { start: label, seed: config.seed, connections, step, cv, grown };
      }),
  );
}

function hasLastThird(step: readonly number[]): boolean {
  return step.filter((at) => 3 * at > 2 * step[step.length - 1]).length >= 3;
}

/** Labels of runs that begin where RigL ended: at its very end, or at a profile that has but its CV. */
const fixedPointStarts: Readonly<Record<string, FixedPointRow["from"]>> = {
  "from its own masks": "end",
  "from its own fan-ins": "end",
  matched: "profile",
  "matched, scattered": "profile",
};

/** Fixed points at 90 %: RigL from its own masks and fan-ins, and from matched profiles, against all other starts. */
export function fixedPointRows(runs: readonly PaperRun[]): FixedPointRow[] {
  return ["equilibrium", "rigl"].flatMap((experiment) =>
    byDataset(mainCells(runs, experiment)).flatMap((cells) => {
      const reference = cells.filter(({ label }) => startsOf(experiment).includes(label));
      return cells
        .filter(({ label }) => Object.hasOwn(fixedPointStarts, label))
        .flatMap((cell) => layersOf([cell]).flatMap((layer) => fixedPointRow(cell, reference, experiment, layer)));
    }),
  );
}

function fixedPointRow(cell: Cell, reference: readonly Cell[], experiment: string, layer: number): FixedPointRow[] {
  const others = comparable(fanInRuns(reference, layer), 1);
  const seeds = others.map(({ seed }) => seed); // and no others: without two of these a resample has no ratio
  const own = comparable(
    fanInRuns([cell], layer).filter(({ seed }) => seeds.includes(seed)),
    1,
  );
  if (own.length === 0) return [];
  const { seeds: n, moved, within, ratio } = fixedPoint(own, others, { random: createRandom(0) });
  const { estimate, low, high, verdict } = ratio;
  const from = fixedPointStarts[cell.label];
  return [{ ...placeOf(cell, experiment, layer), from, seeds: n, moved, within, ratio: estimate, low, high, verdict }];
}

/** Hub identity of every layer, start by start, at 90 %. */
export function hubIdentityRows(runs: readonly PaperRun[], experiment: string = "equilibrium"): HubIdentityRow[] {
  return mainCells(runs, experiment).flatMap((cell) =>
    layersOf([cell]).map((layer) => {
      const found = fanInRuns([cell], layer).map(({ initial, final }) => hubIdentity(initial, final));
      const rho = summary(found.map((each) => each.rho).filter(Number.isFinite));
      return {
        ...placeOf(cell, experiment, layer),
        rho: rho.mean,
        low: rho.interval.low,
        high: rho.interval.high,
        jaccard: summary(found.map((each) => each.jaccard).filter(Number.isFinite)).mean,
        jaccardByChance: summary(found.map((each) => each.jaccardByChance).filter(Number.isFinite)).mean,
        n: found.length,
      };
    }),
  );
}

function placeOf({ protocol, dataset, sparsity, label }: Cell, experiment: string, layer: number): LayerPlace {
  return { protocol, experiment, dataset, sparsity, layer, start: label };
}
