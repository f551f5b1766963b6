import { largest } from "./largest";
import { checkMask } from "./masks";

/** Flat values by index input × neurons + neuron. */
export type FlatValues = readonly number[] | Float32Array | Float64Array;

/** One sparse layer as an update sees it; nothing of it is changed. */
export interface SparseLayer<W extends FlatValues = FlatValues> {
  /** By flat index, length inputs × neurons; those where `mask` is 0 are not read. */
  readonly weights: W;
  /** 1 for a connection, 0 for none, by flat index. */
  readonly mask: readonly number[] | Uint8Array;
  readonly inputs: number;
  readonly neurons: number;
}

/** How many connections move, and what those that return at once bring with them. */
export interface Moving {
  /** Share of the layer's connections to drop, in [0, 1]. */
  readonly fraction: number;
  /** Whether E·fraction is rounded down (`trunc`, when absent) or up. */
  readonly rounding?: "trunc" | "ceil";
  /**
   * A connection dropped and grown again in one update keeps its weight and optimiser state (`keep`, when absent), or
   * starts from zero like a new one (`reset`, as in varun19299/rigl-reproducibility).
   */
  readonly regrown?: "keep" | "reset";
}

/** {@link Moving}, the share turned into a number of connections by {@link dropCount}. */
export interface Drops {
  readonly drops: number;
  readonly regrown?: Moving["regrown"];
}

/** A layer after an update. */
export interface Moved<W extends FlatValues = FlatValues> {
  /** By flat index, as many ones as before. */
  readonly mask: Uint8Array;
  /** By flat index, 0 where there is no connection and where one is new. */
  readonly weights: W;
  /** Flat indices, ascending, of connections whose optimiser state must start from zero. */
  readonly fresh: Uint32Array;
  /** Number of connections dropped: n_drop. */
  readonly dropped: number;
  /** Of these, number grown again at once: n_regrown_same. */
  readonly regrown: number;
  /** Number of connections where there was none: n_new = n_drop − n_regrown_same. */
  readonly grown: number;
}

/**
 * The mechanism of every topology update. Drops the active weights of smallest magnitude, an exact number by rank (on
 * ties the higher flat index goes first); then grows as many where the score is largest among all positions not kept,
 * just dropped ones included (on ties the lower flat index wins).
 *
 * @param scores by flat index
 * @param within whether growth competes in the whole layer, or each neuron grows as many as it lost
 * @throws RangeError on more drops than connections, or values that are not finite; sizes are the caller's to check
 */
export function moveConnections<W extends FlatValues>(
  layer: SparseLayer<W>,
  { drops: dropped, regrown }: Drops,
  scores: Float64Array,
  within: "layer" | "neuron",
): Moved<W> {
  const { mask, neurons } = layer;
  const active = positions(mask, 1);
  checkDrops(dropped, active.length);
  const kept = new Uint8Array(mask.length);
  for (const flat of largest(active, magnitudes("weights", layer.weights, mask), active.length - dropped))
    kept[flat] = 1;
  const growing =
    within === "layer"
      ? largest(positions(kept, 0), scores, dropped)
      : growWithinNeurons(active, kept, scores, neurons, dropped);
  return settle(layer, regrown, kept, growing);
}

/** @throws RangeError unless so many of so many connections can be dropped */
export function checkDrops(drops: number, connections: number): void {
  if (!Number.isInteger(drops) || drops < 0 || drops > connections) {
    throw new RangeError(`topology update: cannot drop ${drops} of ${connections} connections`);
  }
}

/** @throws RangeError on sizes that do not fit, or a mask of other than 0 and 1 */
export function checkLayerValues({ weights, mask, inputs, neurons }: SparseLayer): void {
  checkMask("topology update", mask, inputs, neurons);
  checkLength("weights", weights, inputs * neurons);
}

/** What {@link moveConnections} is told by a share of the layer's connections. */
export function dropsOf({ mask, ...moving }: Pick<SparseLayer, "mask"> & Moving): Drops {
  let connections = 0;
  for (let flat = 0; flat < mask.length; flat++) connections += mask[flat]; // an iterator takes eight times as long
  return { drops: dropCount(connections, moving), regrown: moving.regrown };
}

export function checkLength(what: string, values: FlatValues, length: number): void {
  if (values.length !== length) {
    throw new RangeError(`topology update: ${what} has ${values.length} values; the layer has ${length}`);
  }
}

/**
 * |value| by flat index; with a mask, 0 elsewhere than at connections.
 *
 * @throws RangeError at the first value that is not finite
 */
export function magnitudes(what: string, values: FlatValues, mask?: SparseLayer["mask"]): Float64Array {
  const absolute = new Float64Array(values.length);
  for (let flat = 0; flat < values.length; flat++) {
    if (mask !== undefined && mask[flat] === 0) continue;
    if (!Number.isFinite(values[flat])) {
      throw new RangeError(
        `topology update: ${what}[${flat}] is ${values[flat]}; it must be finite (training has probably diverged: ` +
          "lower the learning rate)",
      );
    }
    absolute[flat] = Math.abs(values[flat]);
  }
  return absolute;
}

/**
 * How many of so many connections move.
 *
 * @throws RangeError on a fraction outside [0, 1]
 */
export function dropCount(connections: number, { fraction, rounding = "trunc" }: Moving): number {
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new RangeError(`topology update: fraction is ${fraction}; it must be in [0, 1]`);
  }
  return rounding === "ceil" ? Math.ceil(connections * fraction) : Math.trunc(connections * fraction);
}

/** Flat indices, ascending, at which a mask has the value. */
function positions(mask: ArrayLike<number>, value: 0 | 1): Uint32Array {
  const found = new Uint32Array(mask.length);
  let count = 0;
  for (let flat = 0; flat < mask.length; flat++) if (mask[flat] === value) found[count++] = flat;
  return found.subarray(0, count);
}

/** Each neuron grows as many connections as it lost, so that its fan-in stays. */
function growWithinNeurons(
  active: Uint32Array,
  kept: Uint8Array,
  scores: Float64Array,
  neurons: number,
  dropped: number,
): Uint32Array {
  const lost = new Uint32Array(neurons);
  for (const flat of active) if (kept[flat] === 0) lost[flat % neurons]++;
  const growing = new Uint32Array(dropped);
  let filled = 0;
  const column = new Uint32Array(kept.length / neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    let open = 0;
    if (lost[neuron] === 0) continue;
    for (let flat = neuron; flat < kept.length; flat += neurons) if (kept[flat] === 0) column[open++] = flat;
    growing.set(largest(column.subarray(0, open), scores, lost[neuron]), filled);
    filled += lost[neuron];
  }
  return growing.sort();
}

/** The new layer from what is kept and what grows. */
function settle<W extends FlatValues>(
  { weights, mask }: SparseLayer<W>,
  returning: Moving["regrown"],
  kept: Uint8Array,
  growing: Uint32Array,
): Moved<W> {
  const next = kept.slice();
  for (const flat of growing) next[flat] = 1;
  const moved = weights.slice();
  const fresh = growing.filter((flat) => mask[flat] === 0 || returning === "reset");
  for (let flat = 0; flat < moved.length; flat++) if (next[flat] === 0) moved[flat] = 0;
  for (const flat of fresh) moved[flat] = 0;
  const grown = growing.filter((flat) => mask[flat] === 0).length;
  const dropped = growing.length;
  return { mask: next, weights: moved as FlatValues as W, fresh, dropped, regrown: dropped - grown, grown };
}
