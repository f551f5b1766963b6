import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import type { LayerRecord } from "../experiments/record";
import { fanInStatistics } from "../measures/fan-in";
import { mean } from "../statistics/samples";
import { summary } from "../statistics/summary";
import { type Cell, cellsOf } from "./cells";

/** What of a neuron's gradients is compared between hubs and the rest: mean |∂L/∂w|, L2 norm, sum of |∂L/∂w|. */
export const gradientStatistics = ["mean", "l2", "sum"] as const;

export type GradientStatistic = (typeof gradientStatistics)[number];

/**
 * How much gradient hubs get over the rest: geometric means over runs (and layers), with 95 % t intervals over seeds of
 * their logarithms. NaN where no run has the ratio, and intervals for one seed.
 */
export interface Concentration {
  readonly raw: number;
  readonly rawLow: number;
  readonly rawHigh: number;
  /** What uneven fan-ins alone would give; 1 for the mean. */
  readonly null: number;
  /** raw / null: what is left to explain. */
  readonly overNull: number;
  readonly overNullLow: number;
  readonly overNullHigh: number;
  /** Number of seeds. */
  readonly n: number;
}

/** {@link Concentration} of one structure. */
export interface ConcentrationRow extends Concentration {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  readonly structure: string;
  /** From 0; null for all sparse layers together. */
  readonly layer: number | null;
  /** Epochs finished; 0 before training. */
  readonly epoch: number;
  /** Fan-in CV as built, mean over seeds and layers. */
  readonly cv: number;
  readonly statistic: GradientStatistic;
}

/** Where a concentration is looked at. */
export interface At {
  /** From 0; null for all sparse layers together. */
  readonly layer: number | null;
  /** Epochs finished. */
  readonly epoch: number;
  readonly statistic: GradientStatistic;
}

/**
 * Gradient concentration by structure, layer and statistic, of the static networks of the static and cv grids.
 *
 * @param when "end" of training, or at "all" epochs where gradients were measured
 */
export function concentrationRows(runs: readonly PaperRun[], when: "end" | "all" = "end"): ConcentrationRow[] {
  return cellsOf(runs, ["static", "cv"]).flatMap((cell) => {
    const { protocol, dataset, sparsity, label } = cell;
    const epochs = when === "end" ? epochsOf(cell).slice(-1) : epochsOf(cell);
    const layers = cell.runs[0].record.result.layers.map(({ layer }) => layer);
    return [...layers, null].flatMap((layer) => {
      const cv = builtCv(cell.runs, layer);
      const place = { protocol, dataset, sparsity, structure: label, layer, cv };
      return epochs.flatMap((epoch) =>
        gradientStatistics.map((statistic) => {
          return { ...place, epoch, statistic, ...concentrationOf(cell.runs, { layer, epoch, statistic }) };
        }),
      );
    });
  });
}

/** Epochs after which the gradients of a cell's networks were measured, 0 first; none of dense networks. */
export function epochsOf({ runs }: Pick<Cell, "runs">): readonly number[] {
  return runs[0].record.result.layers[0]?.gradients.epoch ?? [];
}

/** Concentration over some runs, of one structure or of several. A layer whose ratio does not exist is left out. */
export function concentrationOf(runs: readonly PaperRun[], at: At): Concentration {
  const seeds = [...new Set(runs.map(({ record }) => record.config.seed))];
  const values = seeds.flatMap((seed) => {
    const logs = runs
      .filter(({ record }) => record.config.seed === seed)
      .flatMap(({ record }) => record.result.layers.filter(({ layer }) => at.layer === null || layer === at.layer))
      .flatMap((layer) => logRatios(layer, at));
    return logs.length === 0
      ? []
      : [{ raw: mean(logs.map(({ raw }) => raw)), none: mean(logs.map(({ none }) => none)) }];
  });
  const raw = geometric(values.map((value) => value.raw));
  const over = geometric(values.map((value) => value.raw - value.none));
  return {
    raw: raw.mean,
    rawLow: raw.low,
    rawHigh: raw.high,
    null: geometric(values.map(({ none }) => none)).mean,
    overNull: over.mean,
    overNullLow: over.low,
    overNullHigh: over.high,
    n: values.length,
  };
}

/** Logarithms of a layer's ratio and of its null, alone in a list; none where one of them does not exist. */
function logRatios({ gradients }: LayerRecord, { epoch, statistic }: At): { raw: number; none: number }[] {
  const at = gradients.epoch.indexOf(epoch);
  if (at < 0) return [];
  const raw = gradients[statistic][at] ?? 0;
  const none = statistic === "mean" ? 1 : (gradients[`${statistic}Null`][at] ?? 0);
  return raw > 0 && none > 0 ? [{ raw: Math.log(raw), none: Math.log(none) }] : [];
}

function geometric(logs: readonly number[]): { mean: number; low: number; high: number } {
  const { mean: centre, interval } = summary(logs);
  return { mean: Math.exp(centre), low: Math.exp(interval.low), high: Math.exp(interval.high) };
}

function builtCv(runs: readonly PaperRun[], at: number | null): number {
  const layers = runs.flatMap(({ record }) => record.result.layers);
  const own = layers.filter(({ layer }) => at === null || layer === at);
  return mean(own.map(({ fanIn }) => fanInStatistics(fanIn[0]).cv));
}
