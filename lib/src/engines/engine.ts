import type { NetworkSpec } from "../network/spec";
import type { Topology } from "../topology/topology";

/** How weights move. Formulas and meaning of `weightDecay` (added to the gradient) are those of torch.optim. */
export type Optimizer =
  | {
      readonly kind: "adam";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    }
  | { readonly kind: "sgd"; readonly momentum: number; readonly nesterov: boolean; readonly weightDecay: number };

/**
 * One layer's parameters. `topology` null means dense.
 * `weights` has one value for each connection: in the order of `topology.columns`, or, dense, by flat
 * index input × neurons + neuron: the one layout of every dense matrix in the project.
 */
export interface LayerParameters {
  readonly topology: Topology | null;
  readonly weights: Float32Array;
  /** Length neurons. */
  readonly bias: Float32Array;
  /** The LayerNorm behind a hidden layer, where the network has it. Absent at the start, gain is 1 and offset 0. */
  readonly norm?: LayerNormParameters;
}

/** What a LayerNorm learns; both of length neurons. */
export interface LayerNormParameters {
  readonly gain: Float32Array;
  readonly offset: Float32Array;
}

/** Examples: `rows` of them, row-major; bytes are scaled by `scale`. One batch, or a whole part of a data set. */
export interface Batch {
  readonly rows: number;
  readonly features: Uint8Array | Float32Array;
  readonly scale: number;
  readonly labels: Uint8Array;
}

/** What RigL's update did to a layer. */
export interface Moves {
  /** Connections that were dropped and grown again at once. */
  readonly regrown: number;
  /** Connections where there was none. */
  readonly grown: number;
}

/** A network in training. It owns memory outside the JavaScript heap: call {@link EngineNetwork.dispose}. */
export interface EngineNetwork {
  /** One optimiser step on one batch; returns the mean loss before the step. */
  step(batch: Batch, learningRate: number): number;
  /**
   * Optimiser steps over the rows `order` of `data`, `batch` of them a step (the last one possibly fewer), with one
   * learning rate each. Returns each step's mean loss before it. All happens in one call: for progress and abort,
   * pass as many rows as take a tenth of a second.
   */
  steps(data: Batch, order: Uint32Array, batch: number, learningRates: Float64Array): Float64Array;
  /**
   * ∂loss/∂w of *every possible* weight of the given layers (masked ones too), mean over the batch, by flat
   * index [inputs × neurons]; nothing is changed. Only sparse layers may be asked for.
   */
  denseGradients(batch: Batch, layers: readonly number[]): Float32Array[];
  /**
   * RigL's update of sparse layers by the dense gradient of the rows `order`, as {@link riglUpdate} does it: in layer
   * i, `drops[i]` connections of smallest |w| go and as many grow. Optimiser state follows; the weights do not step.
   */
  move(
    data: Batch,
    order: Uint32Array,
    layers: readonly number[],
    drops: readonly number[],
    regrown: "keep" | "reset",
  ): Moves[];
  /** Number of connections of a layer; inputs × neurons for a dense one. */
  connections(layer: number): number;
  /** Fan-in of every neuron of a sparse layer, without a copy of its weights; length neurons. */
  fanIn(layer: number): Uint32Array;
  /** The layer's current parameters, copied out. */
  read(layer: number): LayerParameters;
  /**
   * Puts a new topology and its weights in place. Connections that exist before and after keep their optimiser
   * state, except those listed in `fresh` (flat indices), which start with none.
   */
  replace(layer: number, topology: Topology, weights: Float32Array, fresh: Uint32Array): void;
  /** Mean loss and accuracy (0 … 1) over a batch, weights untouched. */
  evaluate(batch: Batch): { loss: number; accuracy: number };
  /** Sum of losses and number of hits over rows first … first + rows − 1: parts of an evaluation, to be added up. */
  evaluateRows(data: Batch, first: number, rows: number): { loss: number; hits: number };
  /** Memory of the network outside the JavaScript heap, in bytes; null where the engine does not count it. */
  bytes(): number | null;
  dispose(): void;
}

/** Something that can train a network: `tfjs` (masked dense layers, the readable reference) or `sparse` (the kernel). */
export interface Engine {
  readonly name: string;
  /** What runs underneath, for provenance: "tfjs-node 4.22.0 (TensorFlow 2.21.0)", "wasm", … */
  readonly backend: string;
  create(spec: NetworkSpec, layers: readonly LayerParameters[], optimizer: Optimizer): EngineNetwork;
}
