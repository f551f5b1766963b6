import type { RunConfig } from "../training/config";

/** The two protocols of the paper's replication. */
export type Protocol = "plain" | "tuned";

/** What the protocols change from the defaults of {@link resolveConfig}. */
export const protocols: Readonly<Record<Protocol, Partial<RunConfig>>> = {
  /** No normalisation, constant Adam 1e-3: the nearest to the paper, and the defaults. */
  plain: {},
  /** LayerNorm and cosine decay to 0: does a claim survive a strong baseline? */
  tuned: { layerNorm: true, schedule: "cosine" },
};

/** The paper's four data sets; the third stands in for EMNIST Balanced, which has a name of its own. */
export const paperDatasets = ["mnist", "fashion-mnist", "emnist-bymerge-116k", "covtype"] as const;

/** The sparsity at which the paper states its claims. */
export const mainSparsity = 0.9;

/** Seeds of an experiment's runs, but for those that claims on small differences rest on. */
export const gridSeeds = 5;

/** Seeds of the comparisons of claims R1, R2, E2 and H1: with five pairs no exact test can reach p < .05. */
export const matchedSeeds = 10;

/** How much of an experiment is run. */
export interface Scale {
  /** Said on every figure made at this scale; null for the paper's own. */
  readonly note: string | null;
  /** Seeds, of however many the experiment would have. */
  readonly mostSeeds: number;
  /** Of the experiment's sparsities, those that are run; null for all. */
  readonly sparsities: readonly number[] | null;
  /** Epochs instead of the experiment's own; null leaves them. */
  readonly epochs: number | null;
  /** Steps between topology updates. */
  readonly interval: number;
}

/** The paper, and a first look at it in minutes. */
export const scales: Readonly<Record<"paper" | "quick", Scale>> = {
  paper: { note: null, mostSeeds: Infinity, sparsities: null, epochs: null, interval: 100 },
  quick: {
    note: "quick run: 2 seeds, 1 epoch, ΔT = 50",
    mostSeeds: 2,
    sparsities: [mainSparsity],
    epochs: 1,
    interval: 50,
  },
};

/** The sparsity levels of the paper, and those that are run under `tuned` too. */
export const sparsityLevels: Readonly<Record<Protocol, readonly number[]>> = {
  plain: [0.8, 0.9, 0.95, 0.98, 0.99, 0.999],
  tuned: [0.9, 0.95],
};
