import type { Random } from "../random";
import {
  checkLayerValues,
  checkLength,
  dropsOf,
  type FlatValues,
  type Moved,
  type Moving,
  magnitudes,
  moveConnections,
  type SparseLayer,
} from "./move";

/** A layer with the gradient of the loss with respect to every possible weight, by flat index. */
export interface DenseGradients {
  readonly gradients: FlatValues;
}

/**
 * One RigL update of one layer (Evci et al., arXiv 1911.11134; google-research/rigl `rigl/sparse_optimizers_base.py`
 * without its score noise): connections of smallest |w| are dropped and as many grow where |∂L/∂w| is largest among
 * all positions that are not kept. New weights are 0.
 *
 * @throws RangeError on sizes that do not fit, a mask of other than 0 and 1, a fraction outside [0, 1], or values that
 *   are not finite
 */
export function riglUpdate<W extends FlatValues>(layer: SparseLayer<W> & DenseGradients & Moving): Moved<W> {
  return moveConnections(layer, dropsOf(layer), gradientScores(layer), "layer");
}

/** Control: RigL with its dense gradient shuffled within the layer, so that growth knows its law but not its place. */
export function shuffledRiglUpdate<W extends FlatValues>(
  layer: SparseLayer<W> & DenseGradients & Moving & { readonly random: Random },
): Moved<W> {
  const scores = gradientScores(layer);
  const order = layer.random.permutation(scores.length);
  return moveConnections(
    layer,
    dropsOf(layer),
    scores.map((_, flat) => scores[order[flat]]),
    "layer",
  );
}

/** Control: RigL in which every neuron grows as many connections as it lost, so that no fan-in ever changes. */
export function rowWiseRiglUpdate<W extends FlatValues>(layer: SparseLayer<W> & DenseGradients & Moving): Moved<W> {
  return moveConnections(layer, dropsOf(layer), gradientScores(layer), "neuron");
}

function gradientScores(layer: SparseLayer & DenseGradients): Float64Array {
  checkLayerValues(layer);
  checkLength("gradients", layer.gradients, layer.mask.length);
  return magnitudes("gradients", layer.gradients);
}
