import type { Batch, EngineNetwork } from "../engines/engine";
import type { Random } from "../random";
import { gather, scatter } from "../topology/dense-layout";
import { fanIn, fromMask, toMask } from "../topology/masks";
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
