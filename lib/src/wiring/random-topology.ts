import { checkLayer, type LayerBudget } from "../profiles/allocation";
import type { Random } from "../random";
import { fromMask } from "../topology/masks";
import type { Topology } from "../topology/topology";

/**
 * A topology drawn uniformly from all that have exactly `nnz` connections: the baseline `random`. Fan-in is
 * hypergeometric, its CV about √((1 − d)/(n·d)) at density d with n inputs.
 */
export function randomTopology({ inputs, neurons, nnz, random }: LayerBudget & { readonly random: Random }): Topology {
  checkLayer({ inputs, neurons, nnz });
  const mask = new Uint8Array(inputs * neurons);
  for (const flat of random.sample(mask.length, nnz)) mask[flat] = 1;
  return fromMask(mask, inputs, neurons);
}
