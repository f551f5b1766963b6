import { uniformBudget } from "psn/dist/topology/budgets";

/** What a peer trains: random pixels and labels, Adam, a random mask in hidden layers, a dense output. */
export interface Setting {
  /** Inputs, hidden widths, classes. */
  readonly sizes: readonly number[];
  readonly batch: number;
  /** Share of absent connections in each hidden layer, in [0, 1); 0 is dense. */
  readonly sparsity: number;
  readonly layerNorm: boolean;
  /** RigL: every `interval` steps an update instead of a weight step, moving `fraction` of the connections. */
  readonly update: { readonly interval: number; readonly fraction: number } | null;
  readonly seed: number;
}

/** Where the examples of a setting come from; peers keep them apart from the runs on them. */
export interface DataShape {
  readonly rows: number;
  readonly inputs: number;
  readonly classes: number;
  readonly seed: number;
}

/** The paper's network on Fashion-MNIST. */
export const paperSizes: readonly number[] = [784, 512, 256, 10];

export function setting(changes: Partial<Setting>): Setting {
  return { sizes: paperSizes, batch: 128, sparsity: 0.9, layerNorm: false, update: null, seed: 1, ...changes };
}

/** As many rows as Fashion-MNIST has, so that batches come from memory as they do in training; fewer for wide ones. */
export function dataShape({ sizes }: Setting): DataShape {
  const inputs = sizes[0];
  return { rows: Math.max(2048, Math.min(60_000, Math.floor(5e7 / inputs))), inputs, classes: sizes.at(-1)!, seed: 0 };
}

/** Number of connections, the output layer's included. */
export function nonzeros({ sizes, sparsity }: Setting): number {
  return uniformBudget(sizes, sparsity, { denseOutput: true }).reduce((sum, count) => sum + count, 0);
}
