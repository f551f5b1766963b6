import type { LayerParameters } from "psn/dist/engines/engine";
import { startTopologies } from "psn/dist/network/start";
import { initialWeights } from "psn/dist/network/weights";
import { createRandom } from "psn/dist/random";
import type { Requests } from "../protocol";
import type { Setting } from "../setting";

/** A network in training. */
export interface Run {
  /** Trains; returns the last loss. */
  steps(count: number): number;
  /** Bytes that it counts as its own; null where the engine does not count. */
  own(): number | null;
  dispose(): void;
}

export const LEARNING_RATE = 1e-3;

/** Random pixels [rows × inputs] and labels. */
export interface Examples {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** In memory that runs share. */
export function makeExamples({ rows, inputs, classes, seed }: Requests["data"]): Examples {
  const random = createRandom(seed);
  const words = new Uint32Array(new SharedArrayBuffer(4 * Math.ceil((rows * inputs) / 4)));
  for (let i = 0; i < words.length; i++) words[i] = random.integer(2 ** 32);
  const labels = new Uint8Array(new SharedArrayBuffer(rows));
  for (let row = 0; row < rows; row++) labels[row] = random.integer(classes);
  return { pixels: new Uint8Array(words.buffer, 0, rows * inputs), labels };
}

export function randomLayers({ sizes, sparsity, seed }: Setting): LayerParameters[] {
  const random = createRandom(seed);
  const config = { sizes, sparsity, budget: "uniform", denseOutput: true, start: { kind: "random" } } as const;
  return startTopologies(config, random.fork("wiring")).map((topology, layer) => {
    const shape = topology ?? { inputs: sizes[layer], neurons: sizes[layer + 1] };
    const weights = initialWeights(shape, "unit", random.fork(`weights ${layer}`));
    return { topology, weights, bias: new Float32Array(shape.neurons) };
  });
}

/** The layers that have a topology. */
export function sparseLayers(layers: readonly LayerParameters[]): number[] {
  return layers.flatMap(({ topology }, layer) => (topology === null ? [] : [layer]));
}

export function randomOrder({ seed }: Setting, { labels }: Examples): Uint32Array {
  return createRandom(seed).fork("order").permutation(labels.length);
}
