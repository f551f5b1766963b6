import type { Dataset } from "../datasets/dataset";
import type { EngineName } from "../engines/create";
import type { Optimizer } from "../engines/engine";
import type { Budget, Start } from "../network/start";
import type { WeightMode } from "../network/weights";
import type { TopologyUpdate } from "../topology/update";

/** Everything that decides the outcome of a run. Two runs with equal configs on equal data give equal results. */
export interface RunConfig {
  /** Name of the data set. */
  readonly dataset: string;
  /** Train on a stratified part of this many rows; null takes all. */
  readonly trainingRows: number | null;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  /** LayerNorm on hidden pre-activations. */
  readonly layerNorm: boolean;
  /** Share of absent connections in the sparse layers together, 0 … 1. */
  readonly sparsity: number;
  /** How connections are shared out among layers: equal density, Erdős–Rényi-kernel, or a sparsity for each layer. */
  readonly budget: Budget;
  /** Keep the first layer dense and outside the budget. */
  readonly denseInput: boolean;
  /** Keep the output layer dense and outside the budget. */
  readonly denseOutput: boolean;
  /** The topology at the start. */
  readonly start: Start;
  /** How the topology moves during training. */
  readonly update: TopologyUpdate;
  /** How initial weights are scaled. */
  readonly weights: WeightMode;
  readonly optimizer: Optimizer;
  /** Initial learning rate. */
  readonly learningRate: number;
  /**
   * The learning rate over time: constant, half a cosine from its initial value to 0, or a straight line to 1 % of it
   * (as in arXiv 2501.19107).
   */
  readonly schedule: "constant" | "cosine" | "linear";
  /** Examples in a batch; the last batch of an epoch may be smaller. */
  readonly batch: number;
  readonly epochs: number;
  /** Fixes wiring, weights and the order of examples. */
  readonly seed: number;
  /** How many fan-in vectors of a moving topology a record keeps, evenly spaced, the last one included; at least 1. */
  readonly history: number;
  /** What computes the steps. */
  readonly engine: EngineName;
}

/** What {@link train} takes: a data set, by name or as numbers of one's own, and whatever differs from the defaults. */
export type TrainConfig = Partial<Omit<RunConfig, "dataset">> & { readonly dataset: string | Dataset };

/** Adam as in torch.optim, without weight decay. */
export const adam: Optimizer = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** RigL with the defaults of Evci et al. (arXiv 1911.11134): α = 0.3, ΔT = 100, until 75 % of training. */
export const rigl: TopologyUpdate & { kind: "rigl" } = {
  kind: "rigl",
  growth: "gradient",
  alpha: 0.3,
  decay: "cosine",
  interval: 100,
  end: 0.75,
  firstUpdate: "interval",
  regrown: "keep",
  skipStep: true,
  rounding: "trunc",
};

/** Widths, batch and epochs that go with a data set; anything unknown trains like Fashion-MNIST. */
function defaultsFor(dataset: string): Pick<RunConfig, "hidden" | "batch" | "epochs"> {
  if (dataset.startsWith("emnist")) return { hidden: [512, 256, 128], batch: 128, epochs: 20 };
  if (dataset === "covtype") return { hidden: [512, 256, 128], batch: 512, epochs: 10 };
  return { hidden: [512, 256], batch: 128, epochs: 20 };
}

/** The config with every default filled in: protocol `plain`, at 90 % sparsity, a static random mask, seed 0. */
export function resolveConfig(config: TrainConfig): RunConfig {
  const dataset = typeof config.dataset === "string" ? config.dataset : config.dataset.name;
  const resolved: RunConfig = {
    trainingRows: null,
    layerNorm: false,
    sparsity: 0.9,
    budget: "uniform",
    denseInput: false,
    denseOutput: true,
    start: { kind: "random" },
    update: { kind: "static" },
    weights: "unit",
    optimizer: adam,
    learningRate: 1e-3,
    schedule: "constant",
    seed: 0,
    history: 3,
    engine: "sparse",
    ...defaultsFor(dataset),
    ...definedOnly(config),
    dataset,
  };
  checkConfig(resolved);
  return resolved;
}

function definedOnly<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

function checkConfig(config: RunConfig): void {
  const rule = (field: keyof RunConfig, holds: boolean, allowed: string): void => {
    if (!holds) throw new RangeError(`train: ${field} is ${JSON.stringify(config[field])}; it must be ${allowed}`);
  };
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  const isOneOf = (value: string, ...allowed: string[]): boolean => allowed.includes(value);
  rule("trainingRows", config.trainingRows === null || isCount(config.trainingRows), "null or an integer ≥ 1");
  rule("hidden", Array.isArray(config.hidden) && config.hidden.every(isCount), "a list of widths, each an integer ≥ 1");
  rule("sparsity", config.sparsity >= 0 && config.sparsity < 1, "in [0, 1)");
  const { budget } = config;
  const isBudget = typeof budget === "string" ? isOneOf(budget, "uniform", "erk") : Array.isArray(budget);
  rule("budget", isBudget, '"uniform", "erk" or a list of sparsities');
  rule("weights", isOneOf(config.weights, "unit", "layer", "dense"), '"unit", "layer" or "dense"');
  rule("learningRate", config.learningRate > 0 && config.learningRate < Infinity, "a number above 0");
  rule("schedule", isOneOf(config.schedule, "constant", "cosine", "linear"), '"constant", "cosine" or "linear"');
  rule("batch", isCount(config.batch), "an integer ≥ 1");
  rule("epochs", isCount(config.epochs), "an integer ≥ 1");
  rule("seed", Number.isSafeInteger(config.seed) && config.seed >= 0, "an integer ≥ 0");
  rule("history", isCount(config.history), "an integer ≥ 1");
  rule("engine", isOneOf(config.engine, "sparse", "tfjs"), '"sparse" or "tfjs"');
}
