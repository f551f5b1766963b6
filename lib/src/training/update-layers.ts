import type { Batch, EngineNetwork } from "../engines/engine";
import type { Random } from "../random";
import { fanIn, fromMask, toMask } from "../topology/masks";
import type { Topology } from "../topology/topology";
import { type TopologyUpdate, updateTopology } from "../topology/update";

/** What one topology update did to one layer. */
export interface UpdateLog {
  /** Training step of the update, counted from 1. */
  readonly step: number;
  /** Index of the layer, from 0. */
  readonly layer: number;
  /** Connections dropped; of these, connections grown again at once; and truly new ones. */
  readonly dropped: number;
  readonly regrown: number;
  readonly grown: number;
  /** Fan-in of every neuron after the update. */
  readonly fanIn: readonly number[];
}

/** Drops and grows connections in the given sparse layers, once, and says what happened. */
export function updateLayers(
  network: EngineNetwork,
  update: Exclude<TopologyUpdate, { kind: "static" }>,
  at: { step: number; fraction: number; layers: readonly number[]; batch: Batch; random: Random },
): UpdateLog[] {
  const needsGradients = update.kind === "rigl";
  const gradients = needsGradients ? network.denseGradients(at.batch, at.layers) : null;
  return at.layers.map((layer, index) => {
    const { topology, weights } = network.read(layer);
    if (topology === null) throw new Error(`updateLayers: layer ${layer} is dense; only sparse layers have a topology`);
    const { inputs, neurons } = topology;
    const result = updateTopology(update, {
      weights: scatter(topology, weights),
      gradients: gradients === null ? null : gradients[index],
      mask: toMask(topology),
      inputs,
      neurons,
      fraction: at.fraction,
      random: at.random.fork(`update ${at.step} layer ${layer}`),
    });
    const next = fromMask(result.mask, inputs, neurons);
    network.replace(layer, next, gather(next, result.weights), result.fresh);
    const { dropped, regrown, grown } = result;
    return { step: at.step, layer, dropped, regrown, grown, fanIn: Array.from(fanIn(next)) };
  });
}

/** Weights in the order of the topology → by flat index, zero where there is no connection. */
export function scatter(topology: Topology, weights: Float32Array): Float32Array {
  const dense = new Float32Array(topology.inputs * topology.neurons);
  forEachConnection(topology, (flat, position) => {
    dense[flat] = weights[position];
  });
  return dense;
}

/** Values by flat index → in the order of the topology. */
export function gather(topology: Topology, dense: Float32Array): Float32Array {
  const weights = new Float32Array(topology.columns.length);
  forEachConnection(topology, (flat, position) => {
    weights[position] = dense[flat];
  });
  return weights;
}

function forEachConnection(topology: Topology, visit: (flat: number, position: number) => void): void {
  const { neurons, rowPointers, columns } = topology;
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let e = rowPointers[neuron]; e < rowPointers[neuron + 1]; e++) visit(columns[e] * neurons + neuron, e);
  }
}
