import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Batch, LayerParameters } from "psn/dist/engines/engine";
import { createRandom, type Random } from "psn/dist/random";
import type { Topology } from "psn/dist/topology/topology";
import { fixture } from "../fixtures";

/** What PyTorch says of one batch. Kernels and their gradients by flat index. */
export interface Answers {
  readonly logits: number[];
  readonly loss: number;
  readonly accuracy: number;
  readonly masked: number[][];
  readonly dense: number[][];
  readonly bias: number[][];
}

export interface Training {
  readonly losses: number[];
  readonly kernels: number[][];
  readonly biases: number[][];
  /** On all rows, afterwards. */
  readonly loss: number;
}

export interface PyTorch {
  readonly sizes: number[];
  readonly rows: number[];
  readonly learningRates: number[];
  readonly pixels: number[];
  readonly labels: number[];
  readonly masks: number[][];
  readonly kernels: number[][];
  readonly biases: number[][];
  readonly nets: Record<
    "plain" | "layerNorm",
    { readonly gradients: Answers; readonly oneRow: Answers; readonly training: Record<string, Training> }
  >;
  readonly layerNorm: Record<"x" | "gain" | "offset" | "dy" | "y" | "dx" | "dgain" | "doffset", number[]>;
}

export const pytorch: PyTorch = JSON.parse(readFileSync(fixture("pytorch.json"), "utf8"));

/** The fixture's layers: two sparse ones and a dense output. */
export function pytorchLayers(): LayerParameters[] {
  return pytorch.kernels.map((kernel, layer) => {
    const topology = layer < 2 ? topologyOf(pytorch.masks[layer], pytorch.sizes[layer + 1]) : null;
    const dense = Float32Array.from(kernel);
    return { topology, weights: byTopology(topology, dense), bias: Float32Array.from(pytorch.biases[layer]) };
  });
}

/** `rows` of the fixture's examples from row `start` on, as bytes. */
export function pytorchBatch(start = 0, rows: number = pytorch.labels.length): Batch {
  const inputs = pytorch.sizes[0];
  return {
    rows,
    scale: 1 / 255,
    features: Uint8Array.from(pytorch.pixels.slice(start * inputs, (start + rows) * inputs)),
    labels: Uint8Array.from(pytorch.labels.slice(start, start + rows)),
  };
}

/** The topology of a mask given by flat index. */
export function topologyOf(mask: ArrayLike<number>, neurons: number): Topology {
  const inputs = mask.length / neurons;
  const rows = Array.from({ length: neurons }, (_, neuron) =>
    Array.from({ length: inputs }, (_, input) => input).filter((input) => mask[input * neurons + neuron] === 1),
  );
  const rowPointers = new Uint32Array(neurons + 1);
  rows.forEach((row, neuron) => {
    rowPointers[neuron + 1] = rowPointers[neuron] + row.length;
  });
  return { inputs, neurons, rowPointers, columns: Uint32Array.from(rows.flat()) };
}

/** Values by flat index, in the order of a topology (all of them for null). */
export function byTopology(topology: Topology | null, dense: Float32Array): Float32Array {
  if (topology === null) return dense.slice();
  const { neurons, rowPointers, columns } = topology;
  return Float32Array.from(columns, (column, position) => {
    const neuron = rowPointers.filter((first) => first <= position).length - 1;
    return dense[column * neurons + neuron];
  });
}

export function randomMask(random: Random, length: number, density: number): Uint8Array {
  return Uint8Array.from({ length }, () => (random.uniform() < density ? 1 : 0));
}

/** Sparse hidden layers with a share `density` of their connections, and a dense output. */
export function randomLayers(sizes: readonly number[], density: number, seed = 0): LayerParameters[] {
  const random = createRandom(seed);
  return sizes.slice(1).map((neurons, layer) => {
    const length = sizes[layer] * neurons;
    const isOutput = layer === sizes.length - 2;
    const topology = isOutput ? null : topologyOf(randomMask(random, length, density), neurons);
    const weights = new Float32Array(topology?.columns.length ?? length);
    return { topology, weights: weights.map(() => random.normal() / 2), bias: new Float32Array(neurons) };
  });
}

export function randomBatch(rows: number, inputs: number, classes: number, seed = 1): Batch {
  const random = createRandom(seed);
  return {
    rows,
    scale: 1,
    features: new Float32Array(rows * inputs).map(() => random.normal()),
    labels: new Uint8Array(rows).map(() => random.integer(classes)),
  };
}

/** Every value within `tolerance` × the largest expected magnitude. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = "values",
): void {
  assert.equal(actual.length, expected.length, `${what}: length`);
  const largest = Array.from(expected).reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / largest;
    const isClose = error <= tolerance || actual[i] === expected[i];
    assert.ok(
      isClose,
      `${what}[${i}] is ${actual[i]}, not ${expected[i]}: off by ${error.toExponential(1)} of the largest`,
    );
  }
}
