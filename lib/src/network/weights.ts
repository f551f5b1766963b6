import type { Random } from "../random";
import type { Topology } from "../topology/topology";

/**
 * What the spread of initial weights is set by: `unit` the fan-in of each neuron (at least 1), N(0, 2/k); `layer` the
 * mean fan-in, which is dense He divided by √density; `dense` the number of inputs, as if nothing were missing.
 */
export type WeightMode = "unit" | "layer" | "dense";

/** A layer with every connection. */
export interface DenseLayer {
  readonly inputs: number;
  readonly neurons: number;
}

/**
 * Normal initial weights after He et al. (arXiv 1502.01852), as ReLU wants them.
 *
 * @returns one for each connection: in the order of `columns`, or, for a dense layer, by flat index
 *   input × neurons + neuron. Both are drawn neuron by neuron, so that a topology with every connection gets the
 *   weights of the dense layer
 * @throws RangeError for an unknown mode
 */
export function initialWeights(layer: Topology | DenseLayer, mode: WeightMode, random: Random): Float32Array {
  if (!Object.hasOwn(spreadOver, mode)) {
    throw new RangeError(`initialWeights: mode "${mode}" is unknown; use "unit", "layer" or "dense"`);
  }
  return "rowPointers" in layer ? sparseWeights(layer, mode, random) : denseWeights(layer, random);
}

/** The number k in the variance 2/k of one neuron's weights. */
const spreadOver: Record<WeightMode, (fanIn: number, layer: Topology) => number> = {
  unit: (fanIn) => Math.max(1, fanIn),
  layer: (_, { columns, neurons }) => columns.length / neurons,
  dense: (_, { inputs }) => inputs,
};

function denseWeights({ inputs, neurons }: DenseLayer, random: Random): Float32Array {
  const weights = new Float32Array(inputs * neurons);
  const deviation = Math.sqrt(2 / inputs);
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let input = 0; input < inputs; input++) weights[input * neurons + neuron] = deviation * random.normal();
  }
  return weights;
}

function sparseWeights(layer: Topology, mode: WeightMode, random: Random): Float32Array {
  const { neurons, rowPointers, columns } = layer;
  const weights = new Float32Array(columns.length);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const deviation = Math.sqrt(2 / spreadOver[mode](rowPointers[neuron + 1] - rowPointers[neuron], layer));
    for (let e = rowPointers[neuron]; e < rowPointers[neuron + 1]; e++) weights[e] = deviation * random.normal();
  }
  return weights;
}
