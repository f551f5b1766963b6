import type { PaperRun } from "../experiments/part";
import { mainSparsity, type Protocol } from "../experiments/protocol";
import type { LayerRecord } from "../experiments/record";
import { holm } from "../statistics/holm";
import { mean } from "../statistics/samples";
import { signFlip } from "../statistics/sign-flip";
import { type Cell, cellsOf, type Difference, pairedDifference } from "./cells";

/** What of a run says whether it refined weights or rearranged its topology. */
export const refinementMeasures = ["rewired", "weightChange", "explored", "grown"] as const;

export type RefinementMeasure = (typeof refinementMeasures)[number];

/** One run of RigL: its sparse layers together, each weighted by its connections. */
export interface RefinementRow {
  readonly protocol: Protocol;
  readonly experiment: string;
  readonly dataset: string;
  readonly sparsity: number;
  readonly start: string;
  readonly seed: number;
  /** Share of the final connections that were not there at the start. */
  readonly rewired: number;
  /** Share of all possible connections that existed at some time. */
  readonly explored: number;
  /** Relative L2 change of the weights of connections there at both times; NaN where a layer has none. */
  readonly weightChange: number;
  /** Truly new connections of an update over all connections, mean over updates. */
  readonly grown: number;
}

/** A start against ERK, paired by seed: one measure on one data set. Differences are start − ERK. */
export interface RefinementContrastRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  readonly start: string;
  readonly measure: RefinementMeasure;
  readonly erk: number;
  readonly own: number;
  readonly difference: number;
  /** 95 % t interval. */
  readonly low: number;
  readonly high: number;
  /** difference / erk. */
  readonly relative: number;
  readonly n: number;
  /** Two-sided paired t test of no difference, and the sign-flip test of the same. */
  readonly p: number;
  readonly signFlipP: number;
  /** One-sided, of "lower by {@link refinementMargin} of ERK's mean or more". */
  readonly notLowerP: number;
}

/** How much lower, relative to ERK, rewiring must be to count, and weight change may be and not count: a tenth. */
export const refinementMargin = 0.1;

/** Every run of RigL, at any sparsity. */
export function refinementRows(
  runs: readonly PaperRun[],
  experiment: "rigl" | "equilibrium" = "rigl",
): RefinementRow[] {
  return cellsOf(runs, [experiment]).flatMap((cell) =>
    cell.runs
      .filter(({ record }) => record.result.layers.some(({ updates }) => updates.step.length > 0))
      .map(({ record: { config, result } }) => {
        const { protocol, dataset, sparsity, label } = cell;
        const place = { protocol, experiment, dataset, sparsity, start: label, seed: config.seed };
        return { ...place, ...measuresOf(result.layers) };
      }),
  );
}

function measuresOf(layers: readonly LayerRecord[]): Record<RefinementMeasure, number> {
  const total = layers.reduce((sum, { connections }) => sum + connections, 0);
  const possible = layers.reduce((sum, { inputs, neurons }) => sum + inputs * neurons, 0);
  const weighted = (value: (layer: LayerRecord) => number): number =>
    layers.reduce((sum, layer) => sum + (layer.connections / total) * value(layer), 0);
  return {
    rewired: weighted(({ rewired }) => rewired),
    weightChange: weighted(({ weightChange }) => weightChange ?? Number.NaN),
    explored: layers.reduce((sum, { explored, inputs, neurons }) => sum + (explored * inputs * neurons) / possible, 0),
    grown: weighted(({ updates, connections }) => mean(updates.grown) / connections),
  };
}

/** Every start of `rigl` against ERK, at 90 %; starts that share fewer than two seeds with it are not there yet. */
export function refinementContrastRows(runs: readonly PaperRun[]): RefinementContrastRow[] {
  const cells: Cell[] = cellsOf(runs, ["rigl"]).filter(({ sparsity }) => sparsity === mainSparsity);
  const rows = refinementRows(cells.flatMap((cell) => cell.runs));
  return cells.flatMap(({ protocol, dataset, sparsity, label }) => {
    if (label === "ERK") return [];
    const of = (start: string): RefinementRow[] =>
      rows.filter((row) => row.protocol === protocol && row.dataset === dataset && row.start === start);
    return refinementMeasures.flatMap((measure) => {
      const pairs = paired(of("ERK"), of(label), measure);
      if (pairs.length < 2) return [];
      const [erk, own] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
      const found: Difference = pairedDifference(erk, own);
      const margin = pairedDifference(
        erk.map(() => (1 - refinementMargin) * mean(erk)),
        own.map((value, i) => value - erk[i] + mean(erk)),
      );
      return [
        {
          protocol,
          dataset,
          sparsity,
          start: label,
          measure,
          erk: mean(erk),
          own: mean(own),
          difference: found.mean,
          low: found.low,
          high: found.high,
          relative: found.mean / mean(erk),
          n: found.n,
          p: found.p,
          signFlipP: signFlip(erk, own),
          notLowerP: margin.gainP,
        },
      ];
    });
  });
}

function paired(
  erk: readonly RefinementRow[],
  own: readonly RefinementRow[],
  measure: RefinementMeasure,
): [number, number][] {
  return erk.flatMap((row): [number, number][] => {
    const partner = own.find(({ seed }) => seed === row.seed);
    const values: [number, number] = [row[measure], partner?.[measure] ?? Number.NaN];
    return values.every(Number.isFinite) ? [values] : [];
  });
}

/** A start's two tests on one data set, adjusted by Holm over the data sets and both tests of that start. */
export interface RefinementTestRow {
  readonly dataset: string;
  readonly start: string;
  readonly rewired: RefinementContrastRow;
  readonly weightChange: RefinementContrastRow;
  readonly rewiredP: number;
  readonly weightChangeP: number;
  /** Rewiring lower by {@link refinementMargin} or more, and surely lower. */
  readonly isLessRewired: boolean;
  /** Weight change surely not lower by as much. */
  readonly isRefinedAsMuch: boolean;
}

/** The tests of claim E2 for one start, of what is recorded under one protocol. */
export function refinementTests(
  contrasts: readonly RefinementContrastRow[],
  start: string,
  alpha: number,
): RefinementTestRow[] {
  const own = contrasts.filter((row) => row.start === start);
  const pairs = [...new Set(own.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const of = (measure: RefinementMeasure): RefinementContrastRow | undefined =>
      own.find((row) => row.dataset === dataset && row.measure === measure);
    const [rewired, weightChange] = [of("rewired"), of("weightChange")];
    return rewired === undefined || weightChange === undefined ? [] : [{ dataset, rewired, weightChange }];
  });
  const adjusted = holm(pairs.flatMap(({ rewired, weightChange }) => [rewired.p, weightChange.notLowerP]));
  return pairs.map((pair, i) => {
    const [rewiredP, weightChangeP] = adjusted.slice(2 * i, 2 * i + 2);
    const isLessRewired = pair.rewired.relative <= -refinementMargin && rewiredP < alpha;
    return { ...pair, start, rewiredP, weightChangeP, isLessRewired, isRefinedAsMuch: weightChangeP < alpha };
  });
}
