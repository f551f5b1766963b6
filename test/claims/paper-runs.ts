import type { PaperRun } from "psn/dist/experiments/part";
import { type Protocol, paperDatasets } from "psn/dist/experiments/protocol";
import { recordedRun } from "../experiments/runs";

/** Accuracy (0 … 1) of one made-up run. */
export type AccuracyOf = (run: { dataset: string; sparsity: number; label: string; seed: number }) => number;

export interface MadeUp {
  readonly experiment: string;
  readonly protocol?: Protocol;
  readonly datasets?: readonly string[];
  readonly sparsities?: readonly number[];
  readonly labels: readonly string[];
  readonly seeds: number;
  /** What a label's mean accuracy is, in per cent; what varies between seeds comes on top. */
  readonly percent: (label: string, dataset: string, sparsity: number) => number;
}

/** Made-up runs of an experiment; `dense` comes once a seed. Seeds move all labels together, and each a little. */
export function paperRuns(made: MadeUp): PaperRun[] {
  const { experiment, protocol = "plain", datasets = paperDatasets, sparsities = [0.9], labels, seeds, percent } = made;
  return datasets.flatMap((dataset) =>
    labels.flatMap((label) =>
      (label === "dense" ? [0] : sparsities).flatMap((sparsity) =>
        Array.from({ length: seeds }, (_, seed) => {
          const accuracy =
            percent(label, dataset, sparsity) / 100 + noise(seed) + noise(label.length * 7 + seed * 3) / 5;
          const start = label === "dense" ? ({ kind: "dense" } as const) : ({ kind: "random" } as const);
          return {
            ...recordedRun(label, { dataset, sparsity, seed, start }, { accuracy }),
            experiment,
            protocol,
          };
        }),
      ),
    ),
  );
}

/** Within ±0.001. */
function noise(at: number): number {
  return 0.001 * Math.sin(12.9898 * at + 1);
}
