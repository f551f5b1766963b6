import type { Topology } from "../topology/topology";

/** The connections of a layer with their weights, in the order of `topology.columns`. */
export interface WeightedLayer {
  readonly topology: Topology;
  readonly weights: ArrayLike<number>;
}

/**
 * How much of a layer's topology is new: the share of the connections of `end` that `start` does not have.
 *
 * @returns in 0 … 1; NaN when `end` has no connections
 * @throws RangeError when the layers differ in size
 */
export function rewired(start: Topology, end: Topology): number {
  let shared = 0;
  forEachShared(start, end, () => shared++);
  return (end.columns.length - shared) / end.columns.length;
}

/**
 * How far training took the weights of the connections that a layer has at both times: ‖end − start‖₂/‖start‖₂ over
 * these.
 *
 * @returns at least 0; null where the ratio does not exist: no such connection, or all of them at 0 at the start
 * @throws RangeError when the layers differ in size, or weights and connections in number
 */
export function weightChange(start: WeightedLayer, end: WeightedLayer): number | null {
  for (const { topology, weights } of [start, end]) {
    if (weights.length !== topology.columns.length) {
      throw new RangeError(`weightChange: ${weights.length} weights for ${topology.columns.length} connections`);
    }
  }
  let moved = 0;
  let norm = 0;
  forEachShared(start.topology, end.topology, (before, after) => {
    moved += (end.weights[after] - start.weights[before]) ** 2;
    norm += start.weights[before] ** 2;
  });
  return norm > 0 ? Math.sqrt(moved / norm) : null;
}

/** Visits the connections that both have, by their positions in the columns of each; rows are ascending in both. */
function forEachShared(start: Topology, end: Topology, visit: (before: number, after: number) => void): void {
  if (start.inputs !== end.inputs || start.neurons !== end.neurons) {
    throw new RangeError(
      `layer of ${start.inputs} inputs × ${start.neurons} neurons at the start and ${end.inputs} × ${end.neurons} at ` +
        "the end; pass one layer at two times",
    );
  }
  for (let neuron = 0; neuron < end.neurons; neuron++) {
    let before = start.rowPointers[neuron];
    for (let after = end.rowPointers[neuron]; after < end.rowPointers[neuron + 1]; after++) {
      while (before < start.rowPointers[neuron + 1] && start.columns[before] < end.columns[after]) before++;
      if (before < start.rowPointers[neuron + 1] && start.columns[before] === end.columns[after]) visit(before, after);
    }
  }
}
