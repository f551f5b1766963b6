/** Reads gradients.bin, what PyTorch says in float64 (fixtures/gradients.py), as any engine can be asked about it. */
import { readFileSync } from "node:fs";
import type { Batch, EngineNetwork, LayerParameters, Optimizer } from "psn/dist/engines/engine";
import type { NetworkSpec } from "psn/dist/network/spec";
import { fromMask } from "psn/dist/topology/masks";
import { fixture } from "../fixtures";

/** One number for each parameter of a layer, shaped as {@link LayerParameters}. */
export type LayerValues = Omit<LayerParameters, "topology">;

/** One batch through one network. */
export interface GradientCase {
  /** Says sparsity, LayerNorm and rows, for the name of a test. */
  readonly name: string;
  readonly sparsity: number;
  readonly spec: NetworkSpec;
  readonly layers: readonly LayerParameters[];
  readonly batch: Batch;
  readonly expected: {
    readonly loss: number;
    /** 0 … 1. */
    readonly accuracy: number;
    /** ∂loss/∂parameter. */
    readonly gradients: readonly LayerValues[];
    /** ∂loss/∂w of every possible weight of each sparse layer, by flat index; null where it is not stored. */
    readonly dense: readonly Float32Array[] | null;
  };
}

/** Twenty steps of one optimiser. */
export interface Trajectory {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly layers: readonly LayerParameters[];
  readonly optimizer: Optimizer;
  /** The batch of each step, of 1 to 200 rows, and its learning rate. */
  readonly batches: readonly Batch[];
  readonly learningRates: readonly number[];
  /** All their rows in one. */
  readonly all: Batch;
  readonly expected: {
    /** Before each step. */
    readonly losses: readonly number[];
    /** Of `all`, after the last step. */
    readonly loss: number;
    /** After the last step. */
    readonly layers: readonly LayerValues[];
  };
}

/** What decides a network and its data. */
interface Described {
  readonly sizes: readonly number[];
  readonly sparsity: number;
  readonly layerNorm: boolean;
  readonly seed: number;
  readonly features: "bytes" | "floats";
}

interface StoredCase extends Described {
  readonly rows: number;
  readonly dense: boolean;
  readonly loss: number;
  readonly accuracy: number;
}

interface StoredTrajectory extends Described {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly rows: readonly number[];
  readonly learningRates: readonly number[];
  readonly losses: readonly number[];
  readonly loss: number;
}

interface Stored {
  readonly cases: readonly StoredCase[];
  readonly trajectories: readonly StoredTrajectory[];
  readonly numbers: Numbers;
}

/** All gradient cases: every sparsity × LayerNorm × batch size, and two more of 784-512-256-10. */
export function* cases(): Generator<GradientCase> {
  const { cases, numbers } = load();
  for (const stored of cases) {
    const layers = layersOf(stored);
    const gradients = valuesLike(layers, numbers);
    const sparse = layers.flatMap(({ topology }) => topology ?? []);
    const dense = stored.dense ? sparse.map(({ inputs, neurons }) => numbers.take(inputs * neurons)) : null;
    const { loss, accuracy, sparsity, rows } = stored;
    const expected = { loss, accuracy, gradients, dense };
    yield { name: nameOf(stored, rows), sparsity, spec: specOf(stored), layers, batch: dataOf(stored, rows), expected };
  }
}

/** Twenty steps of each optimiser, with and without LayerNorm and sparsity. */
export function* trajectories(): Generator<Trajectory> {
  const { cases, trajectories, numbers } = load();
  for (const stored of cases) {
    const layers = layersOf(stored);
    valuesLike(layers, numbers);
    if (stored.dense)
      for (const { topology } of layers) numbers.take(topology ? topology.inputs * topology.neurons : 0);
  }
  for (const stored of trajectories) {
    const layers = layersOf(stored);
    const all = dataOf(
      stored,
      stored.rows.reduce((sum, rows) => sum + rows, 0),
    );
    const { optimizer, learningRates, losses, loss } = stored;
    const expected = { losses, loss, layers: valuesLike(layers, numbers) };
    const name = `${stored.name}, ${nameOf(stored)}`;
    yield { name, spec: specOf(stored), layers, optimizer, batches: split(all, stored), learningRates, all, expected };
  }
  numbers.end();
}

/** One step of it moves every parameter by 2³⁰ times its gradient, before which the parameter itself vanishes. */
export const gradientProbe: Optimizer = { kind: "sgd", momentum: 0, nesterov: false, weightDecay: 0 };
const PROBE_RATE = 2 ** 30;

/**
 * The gradient of every parameter, which an engine need not tell, from a step of {@link gradientProbe}. The network is
 * of no use afterwards.
 *
 * @param network fresh, made from `layers` with {@link gradientProbe}
 */
export function probeGradients(
  network: EngineNetwork,
  layers: readonly LayerParameters[],
  batch: Batch,
): LayerValues[] {
  network.step(batch, PROBE_RATE);
  const moved = (before: Float32Array, after: Float32Array): Float32Array =>
    before.map((value, i) => (value - after[i]) / PROBE_RATE);
  return layers.map(({ weights, bias, norm }, layer) => {
    const after = network.read(layer);
    const values = { weights: moved(weights, after.weights), bias: moved(bias, after.bias) };
    if (norm === undefined || after.norm === undefined) return values;
    const { gain, offset } = after.norm;
    return { ...values, norm: { gain: moved(norm.gain, gain), offset: moved(norm.offset, offset) } };
  });
}

/** The arrays of a layer's values with their names, to be compared one by one. */
export function namedArrays({ weights, bias, norm }: LayerValues): [string, Float32Array][] {
  const always: [string, Float32Array][] = [
    ["weights", weights],
    ["bias", bias],
  ];
  return norm === undefined ? always : [...always, ["gain", norm.gain], ["offset", norm.offset]];
}

/** The stored numbers, to be taken in order. */
interface Numbers {
  take(count: number): Float32Array;
  /** @throws Error unless all are taken */
  end(): void;
}

function load(): Stored {
  const file = readFileSync(fixture("gradients.bin"));
  const header = file.indexOf("\n") + 1;
  const values = new Float32Array(file.buffer.slice(file.byteOffset + header, file.byteOffset + file.length));
  let taken = 0;
  const numbers: Numbers = {
    take(count) {
      taken += count;
      if (taken > values.length) throw new Error(`gradients.bin ends before number ${taken}; ${regenerate}`);
      return values.subarray(taken - count, taken);
    },
    end() {
      if (taken !== values.length) throw new Error(`gradients.bin has ${values.length - taken} more; ${regenerate}`);
    },
  };
  return { ...JSON.parse(file.subarray(0, header).toString("utf8")), numbers };
}

const regenerate = "fixtures/gradients.py and this reader differ, or the file is stale: run the command at its top";

/** `count` integers in 0 … 2³² − 1, as `draw` of fixtures/gradients.py gives them. */
function draw(seed: number, stream: number, count: number): Uint32Array {
  const start = (Math.imul(seed, 0x85ebca6b) + Math.imul(stream, 0xc2b2ae35)) | 0;
  return Uint32Array.from({ length: count }, (_, i) => {
    let z = (start + Math.imul(i + 1, 0x9e3779b9)) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  });
}

/** Float32 numbers in low … high from integers of {@link draw}. */
function between(low: number, high: number, integers: Uint32Array): Float32Array {
  return Float32Array.from(integers, (integer) => low + (high - low) * (integer / 2 ** 32));
}

function layersOf({ sizes, sparsity, layerNorm, seed }: Described): LayerParameters[] {
  return sizes.slice(1).map((neurons, layer) => {
    const inputs = sizes[layer];
    const isOutput = layer === sizes.length - 2;
    const density = isOutput ? 1 : 1 - sparsity;
    const bound = Math.sqrt(6 / Math.max(1, density * inputs));
    const dense = between(-bound, bound, draw(seed, 200 + layer, inputs * neurons));
    const bias = between(-0.2, 0.2, draw(seed, 300 + layer, neurons));
    const norm = {
      gain: between(0.5, 1.5, draw(seed, 400 + layer, neurons)),
      offset: between(-0.3, 0.3, draw(seed, 500 + layer, neurons)),
    };
    const rest = layerNorm && !isOutput ? { bias, norm } : { bias };
    if (density === 1) return { topology: null, weights: dense, ...rest };
    const mask = Array.from(draw(seed, 100 + layer, inputs * neurons), (word) => Number(word < density * 2 ** 32));
    const topology = fromMask(mask, inputs, neurons);
    const weights = new Float32Array(topology.columns.length);
    for (let neuron = 0; neuron < neurons; neuron++) {
      for (let e = topology.rowPointers[neuron]; e < topology.rowPointers[neuron + 1]; e++) {
        weights[e] = dense[topology.columns[e] * neurons + neuron];
      }
    }
    return { topology, weights, ...rest };
  });
}

function dataOf({ sizes, seed, features }: Described, rows: number): Batch {
  const integers = draw(seed, 0, rows * sizes[0]);
  const isBytes = features === "bytes";
  const classes = sizes[sizes.length - 1];
  return {
    rows,
    features: isBytes ? Uint8Array.from(integers, (integer) => integer >>> 24) : between(-2, 2, integers),
    scale: isBytes ? 1 / 255 : 1,
    labels: Uint8Array.from(draw(seed, 1, rows), (integer) => Math.min(integer % (2 * classes), classes - 1)),
  };
}

function split(all: Batch, { sizes, rows }: StoredTrajectory): Batch[] {
  const inputs = sizes[0];
  let first = 0;
  return rows.map((count) => {
    const features = all.features.slice(first * inputs, (first + count) * inputs);
    const labels = all.labels.slice(first, first + count);
    first += count;
    return { ...all, rows: count, features, labels };
  });
}

function valuesLike(layers: readonly LayerParameters[], numbers: Numbers): LayerValues[] {
  return layers.map(({ weights, bias, norm }) => {
    const values = { weights: numbers.take(weights.length), bias: numbers.take(bias.length) };
    if (norm === undefined) return values;
    return { ...values, norm: { gain: numbers.take(bias.length), offset: numbers.take(bias.length) } };
  });
}

function specOf({ sizes, layerNorm }: Described): NetworkSpec {
  return { sizes, layerNorm };
}

function nameOf({ sizes, sparsity, layerNorm, features }: Described, rows?: number): string {
  const norm = layerNorm ? "LayerNorm" : "no LayerNorm";
  const batch = rows === undefined ? "" : `, ${rows} rows of ${features}`;
  return `${sizes.join("-")}, ${100 * sparsity} % sparse, ${norm}${batch}`;
}
