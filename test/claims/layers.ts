import type { PaperRun } from "psn/dist/experiments/part";
import type { LayerRecord } from "psn/dist/experiments/record";
import { layerRecord } from "../experiments/runs";

/** What a made-up run is, for what its layers shall be. */
export interface RunPlace {
  readonly dataset: string;
  readonly label: string;
  readonly seed: number;
}

/** Made-up runs, with other layers. */
export function withLayers(runs: readonly PaperRun[], layers: (place: RunPlace) => LayerRecord[]): PaperRun[] {
  return runs.map((run) => {
    const { dataset, seed } = run.record.config;
    const result = { ...run.record.result, layers: layers({ dataset, label: run.label, seed }) };
    return { ...run, record: { ...run.record, result } };
  });
}

/** Ten neurons of mean fan-in 1000, one of them a hub: CVs from 0 to 3. */
export function fanInsOfCv(cv: number): number[] {
  const gap = Math.round(1000 * cv) / 0.3;
  return Array.from({ length: 10 }, (_, i) => Math.round(1000 + (i === 0 ? 0.9 : -0.1) * gap));
}

/** A layer whose hubs have so much more gradient at the end; before training all ratios are 1. */
export function gradientLayer(
  cv: number,
  { mean = 1, l2, sum, l2Null = l2, sumNull = sum }: Readonly<Record<"l2" | "sum", number>> & GradientNulls,
): LayerRecord {
  const at = (value: number): number[] => [1, value];
  const gradients = {
    epoch: [0, 20],
    mean: at(mean),
    l2: at(l2),
    sum: at(sum),
    l2Null: at(l2Null),
    sumNull: at(sumNull),
  };
  return { ...layerRecord(0, { 0: fanInsOfCv(cv) }), gradients };
}

type GradientNulls = Partial<Readonly<Record<"mean" | "l2Null" | "sumNull", number>>>;
