import type { Batch, LayerNormParameters, LayerParameters, Moves } from "../engine";

/** One build of the kernel of lib/native, ready to compute. */
export interface Kernel {
  /** `avx512`, `avx2`, `portable` or `wasm`; with `_unfused` where a wide build computes without fused multiply-add. */
  readonly name: string;
  /** A network of these sizes, its layers not yet set. `optimizer` is packed as by {@link packOptimizer}. */
  create(sizes: Uint32Array, layerNorm: boolean, optimizer: Float64Array): KernelNetwork;
}

/**
 * A network inside the kernel. Arguments have been checked; behind these calls the addon checks again what would end the
 * process, and WebAssembly can harm no more than its own memory. Rows of `data` are named by index.
 */
export interface KernelNetwork {
  set(layer: number, parameters: LayerParameters): void;
  replace(
    layer: number,
    topology: { readonly rowPointers: Uint32Array; readonly columns: Uint32Array },
    weights: Float32Array,
    fresh: Uint32Array,
  ): void;
  /** Number of connections; inputs × neurons for a dense layer. */
  connections(layer: number): number;
  /** Fills the given arrays. */
  read(layer: number, into: ReadArrays): void;
  /** One step for each `batch` rows of `order`, with one rate each; fills one mean loss each. */
  steps(data: Batch, order: Uint32Array, batch: number, rates: Float64Array, losses: Float64Array): void;
  /** Sum of losses and number of hits over rows first … first + rows − 1. */
  evaluate(data: Batch, first: number, rows: number): { loss: number; hits: number };
  /** Mean loss; the gradients of existing parameters stay for {@link readGradients}. */
  gradients(data: Batch, order: Uint32Array): number;
  readGradients(layer: number, into: Omit<ReadArrays, "rowPointers" | "columns">): void;
  denseGradients(data: Batch, order: Uint32Array, layer: number, into: Float32Array): void;
  /** @throws Error when a gradient or weight is not finite; layers before that one have moved */
  move(data: Batch, order: Uint32Array, layers: Uint32Array, drops: Uint32Array, reset: boolean): Moves[];
  /** Memory in use, in bytes. */
  bytes(): number;
  dispose(): void;
}

/** Where a layer's values go. */
export interface ReadArrays {
  readonly rowPointers?: Uint32Array;
  readonly columns?: Uint32Array;
  readonly weights?: Float32Array;
  readonly bias?: Float32Array;
  readonly norm?: LayerNormParameters;
}

/** What a kernel's `move` returned, as an error or moves. */
export function movesOf(outcome: number, counts: Uint32Array): Moves[] {
  if (outcome > 0) {
    throw new Error(
      `topology update: layer ${outcome - 1} has weights or gradients that are not finite; ` +
        "training has probably diverged: lower the learning rate",
    );
  }
  return Array.from({ length: counts.length / 2 }, (_, i) => ({ regrown: counts[2 * i], grown: counts[2 * i + 1] }));
}
