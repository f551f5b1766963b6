import { checkFanIn, topDecileSize } from "./fan-in";

/**
 * The hubs of a layer: the top decile by fan-in, ⌈M/10⌉ of M neurons, largest fan-in first, ties to the lower
 * index. A neuron without input is never a hub, so a nearly dead layer has fewer (a dead or empty one none).
 *
 * @param fanIn one count per neuron
 * @returns neuron indices
 * @throws RangeError when a fan-in is not a count
 */
export function hubs(fanIn: ArrayLike<number>): Uint32Array {
  checkFanIn("hubs", fanIn);
  const order = Uint32Array.from({ length: fanIn.length }, (_, i) => i);
  order.sort((i, j) => fanIn[j] - fanIn[i] || i - j);
  return order.slice(0, topDecileSize(fanIn.length)).filter((i) => fanIn[i] > 0);
}

/**
 * Jaccard index of two sets: size of the intersection over size of the union, repeats ignored.
 *
 * @returns in 0 … 1; NaN for two empty sets, which share nothing and miss nothing
 */
export function jaccard(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const first = new Set(Array.from(a));
  const second = new Set(Array.from(b));
  let shared = 0;
  for (const element of first) if (second.has(element)) shared++;
  return shared / (first.size + second.size - shared);
}

/**
 * Churn of one update: the share of the connections of `before` that are gone in `after`.
 *
 * @param before mask by flat index, 0 where there is no connection
 * @param after mask of the same layer later
 * @returns in 0 … 1; NaN when `before` has no connections
 * @throws RangeError when the masks differ in length
 */
export function churn(before: ArrayLike<number>, after: ArrayLike<number>): number {
  if (before.length !== after.length) {
    throw new RangeError(`churn: masks of ${before.length} and ${after.length} positions; pass masks of one layer`);
  }
  let connections = 0;
  let gone = 0;
  for (let i = 0; i < before.length; i++) {
    if (!before[i]) continue;
    connections++;
    if (!after[i]) gone++;
  }
  return gone / connections;
}

/** What an ever-growing union of masks has seen of a layer. Make one with {@link createExploration}. */
export interface Exploration {
  /**
   * Adds a mask (by flat index, 0 where there is no connection) to the union.
   * @throws RangeError when its length is not that of the layer
   */
  add(mask: ArrayLike<number>): void;
  /** The ITOP rate Rs = |∪ₜ maskₜ| / N, in 0 … 1: the share of all possible connections that existed at some time. */
  rate(): number;
}

/**
 * Accumulates the ITOP exploration rate of one layer (Liu et al. 2021, arXiv 2102.02887).
 *
 * @param positions number of possible connections N = inputs × neurons
 * @throws RangeError when it is not a positive integer
 */
export function createExploration(positions: number): Exploration {
  if (!Number.isInteger(positions) || positions < 1) {
    throw new RangeError(`createExploration: positions ${positions} is not a positive integer; pass inputs × neurons`);
  }
  const seen = new Uint8Array(positions);
  let union = 0;
  return {
    add(mask: ArrayLike<number>): void {
      if (mask.length !== positions) {
        throw new RangeError(`Exploration.add: mask of ${mask.length} positions for a layer of ${positions}`);
      }
      for (let i = 0; i < positions; i++) {
        if (mask[i] && seen[i] === 0) {
          seen[i] = 1;
          union++;
        }
      }
    },
    rate: (): number => union / positions,
  };
}
