import type { Random } from "../random";
import { type FlatValues, type Moved, type Moving, moveConnections, type SparseLayer } from "./move";
import { riglUpdate, rowWiseRiglUpdate, shuffledRiglUpdate } from "./rigl";
import { setUpdate } from "./set";

/** When and how much a topology moves. */
export interface UpdateSchedule extends Required<Omit<Moving, "fraction">> {
  /** Share of connections dropped at the start. */
  readonly alpha: number;
  /** How that share falls until the end: by half a cosine, or not at all. */
  readonly decay: "cosine" | "constant";
  /** Steps between updates. */
  readonly interval: number;
  /** Share of all training steps after which the topology stays. */
  readonly end: number;
  /** The first update comes after one interval, or at step 0. */
  readonly firstUpdate: "interval" | "zero";
}

/** How topologies move during training. */
export type TopologyUpdate =
  | { readonly kind: "static" }
  | ({ readonly kind: "set" } & UpdateSchedule)
  | ({
      readonly kind: "rigl";
      /** By gradient (RigL), or one of its controls: shuffled gradients, or within each neuron. */
      readonly growth: "gradient" | "shuffled" | "row-wise";
      /** Whether the batch of an update moves the topology only, or also the weights (as ITOP does). */
      readonly skipStep: boolean;
    } & UpdateSchedule);

/** What an update of one layer is given. */
export interface UpdateInput<W extends FlatValues> extends SparseLayer<W> {
  /** Only RigL and its controls need them. */
  readonly gradients: FlatValues | null;
  /** Share of connections to drop now, in [0, 1]. */
  readonly fraction: number;
  readonly random: Random;
}

/**
 * One update of one layer; `static` moves nothing.
 *
 * @throws RangeError as {@link riglUpdate}; TypeError when gradients are needed and null
 */
export function updateTopology<W extends FlatValues>(update: TopologyUpdate, input: UpdateInput<W>): Moved<W> {
  if (update.kind === "static") {
    return moveConnections(input, { drops: 0 }, new Float64Array(input.mask.length), "layer");
  }
  const { rounding, regrown } = update;
  if (update.kind === "set") return setUpdate({ ...input, rounding, regrown });
  if (input.gradients === null) {
    throw new TypeError(`updateTopology: growth "${update.growth}" needs the dense gradients of the layer, not null`);
  }
  const layer = { ...input, gradients: input.gradients, rounding, regrown };
  if (update.growth === "row-wise") return rowWiseRiglUpdate(layer);
  return update.growth === "shuffled" ? shuffledRiglUpdate(layer) : riglUpdate(layer);
}
