import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ExperimentPart, GridRun } from "psn/dist/experiments/part";
import type { RunRecord } from "psn/dist/experiments/record";
import type { RecordedRun } from "psn/dist/experiments/run-grid";
import { resolveConfig, type TrainConfig } from "psn/dist/training/config";

/** A run of about a tenth of a second. */
export function tinyRun(change: Partial<TrainConfig> = {}): GridRun {
  const config = { dataset: "mnist", trainingRows: 500, hidden: [64], epochs: 1, ...change };
  return { label: "random", config: resolveConfig(config) };
}

export const tinyGrid: readonly GridRun[] = Array.from({ length: 12 }, (_, seed) => tinyRun({ seed }));

const runsOf: Readonly<Record<string, readonly GridRun[]>> = {
  tiny: tinyGrid,
  staged: tinyGrid.slice(0, 2),
  long: [tinyGrid[0], tinyRun({ epochs: 500 })],
};

/** Experiments like those of the paper; the second stage of `staged` follows from its first. */
export function tinyParts(experiments: readonly string[] = ["tiny"]): ExperimentPart[] {
  return experiments.map((experiment) => ({
    name: `${experiment}-plain-mnist`,
    experiment,
    protocol: "plain",
    dataset: "mnist",
    runs: runsOf[experiment],
    ...(experiment === "staged" && {
      secondStage: (runs: readonly RecordedRun[]) =>
        runs.map(({ record }) => tinyRun({ seed: 100 + record.config.seed })),
    }),
  }));
}

/** What is in a store, but for who computed it and when: the file's name, and its content. */
export function storeContent(folder: string): [string, unknown][] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const { provenance: _, ...rest } = JSON.parse(readFileSync(join(folder, name), "utf8")) as RunRecord;
      return [name, rest];
    });
}
