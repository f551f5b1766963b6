import type { RunConfig } from "../training/config";

/** The two protocols of the paper's replication: what they change from the defaults of {@link resolveConfig}. */
export const protocols: Readonly<Record<"plain" | "tuned", Partial<RunConfig>>> = {
  /** No normalisation, constant Adam 1e-3: the nearest to the paper, and the defaults. */
  plain: {},
  /** LayerNorm and cosine decay to 0: does a claim survive a strong baseline? */
  tuned: { layerNorm: true, schedule: "cosine" },
};

/** How much of an experiment is run. */
export interface Scale {
  /** Said on every figure made at this scale; null for none. */
  readonly note: string | null;
  readonly sparsities: readonly number[];
  readonly seeds: readonly number[];
  /** Epochs and rows of training data (null: all of them). */
  readonly epochs: number;
  readonly trainingRows: number | null;
  /** Steps between topology updates. */
  readonly interval: number;
}

/** Seeds 0 … n − 1. */
function seeds(n: number): number[] {
  return Array.from({ length: n }, (_, seed) => seed);
}

/** What the notebooks run until the full experiments exist: one data set, fewer seeds, levels and epochs. */
export const scales: Readonly<Record<"static" | "rigl", Readonly<Record<"reduced" | "quick", Scale>>>> = {
  static: {
    reduced: {
      note: "reduced run: 5 seeds, 5 epochs",
      sparsities: [0.9, 0.95, 0.98], // at 0.8 the second layer has no fan-in CV of 2
      seeds: seeds(5),
      epochs: 5,
      trainingRows: null,
      interval: 100,
    },
    quick: {
      note: "quick run: 3 seeds, 1 epoch",
      sparsities: [0.9],
      seeds: seeds(3),
      epochs: 1,
      trainingRows: null,
      interval: 100,
    },
  },
  rigl: {
    reduced: {
      note: "reduced run: 5 seeds, 10 epochs",
      sparsities: [0.8, 0.9, 0.95, 0.98],
      seeds: seeds(5),
      epochs: 10,
      trainingRows: null,
      interval: 100,
    },
    quick: {
      note: "quick run: 3 seeds, 2 epochs, ΔT = 50",
      sparsities: [0.8, 0.95],
      seeds: seeds(3),
      epochs: 2,
      trainingRows: null,
      interval: 50,
    },
  },
};
