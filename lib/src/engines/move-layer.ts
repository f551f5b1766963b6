import { gather, scatter } from "../topology/dense-layout";
import { fromMask, toMask } from "../topology/masks";
import type { Moved, SparseLayer } from "../topology/move";
import type { EngineNetwork } from "./engine";

/**
 * Reads a sparse layer out of an engine, lets `decide` move its connections, and puts the result back.
 *
 * @throws RangeError for a dense layer
 */
export function moveLayer(
  network: Pick<EngineNetwork, "read" | "replace">,
  layer: number,
  decide: (layer: SparseLayer<Float32Array>) => Moved<Float32Array>,
): Moved<Float32Array> {
  const { topology, weights } = network.read(layer);
  if (topology === null) throw new RangeError(`topology update: layer ${layer} is dense; only sparse layers have one`);
  const { inputs, neurons } = topology;
  const moved = decide({ weights: scatter(topology, weights), mask: toMask(topology), inputs, neurons });
  const next = fromMask(moved.mask, inputs, neurons);
  network.replace(layer, next, gather(next, moved.weights), moved.fresh);
  return moved;
}
