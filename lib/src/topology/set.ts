import type { Random } from "../random";
import { largest } from "./largest";
import {
  checkDrops,
  checkLayerValues,
  type Drops,
  dropsOf,
  type FlatValues,
  type Moved,
  type Moving,
  magnitudes,
  moveConnections,
  type SparseLayer,
} from "./move";
import type { Topology } from "./topology";

/**
 * One SET update of one layer (Mocanu et al., Nature Communications 2018): dropped as in RigL, grown uniformly at
 * random among all positions that are not kept.
 *
 * @throws RangeError as `riglUpdate`
 */
export function setUpdate<W extends FlatValues>(
  layer: SparseLayer<W> & Moving & { readonly random: Random },
): Moved<W> {
  checkLayerValues(layer);
  const scores = new Float64Array(layer.mask.length).map(() => layer.random.uniform());
  return moveConnections(layer, dropsOf(layer), scores, "layer");
}

/** A sparse layer by its connections alone: weights in the order of `topology.columns`. */
export interface ConnectedLayer {
  readonly topology: Topology;
  readonly weights: Float32Array;
}

/** A layer after an update. */
export interface MovedConnections extends ConnectedLayer {
  /** Flat indices input × neurons + neuron, ascending, of connections whose optimiser state must start from zero. */
  readonly fresh: Uint32Array;
  /** Number of connections dropped; of these, grown again at once; and number of connections where there was none. */
  readonly dropped: number;
  readonly regrown: number;
  readonly grown: number;
}

/** Connections by flat index, ascending. */
interface FlatConnections {
  readonly flats: Uint32Array;
  readonly weights: Float32Array;
}

/**
 * {@link setUpdate} without a matrix: the same draws and the same moves, in memory that follows the connections. Time
 * still has a part for each possible connection, which is to draw its number.
 *
 * @throws RangeError on more drops than connections, or weights that are not finite
 */
export function setUpdateSparse(
  layer: ConnectedLayer,
  { drops, regrown }: Drops,
  random: Pick<Random, "uniform">,
): MovedConnections {
  const { inputs, neurons } = layer.topology;
  const before = byFlatIndex(layer);
  const connections = before.flats.length;
  checkDrops(drops, connections);
  const all = upTo(connections);
  const kept = new Uint8Array(connections);
  for (const i of largest(all, magnitudes("weights", before.weights), connections - drops)) kept[i] = 1;
  const growing = drawLargest({ flats: before.flats, kept, positions: inputs * neurons }, drops, random);
  const { after, fresh, grown } = join(before, kept, growing, regrown);
  const moved = byNeuron(after, inputs, neurons);
  return { ...moved, fresh, dropped: drops, regrown: drops - grown, grown };
}

/**
 * Draws a number for every position of a layer, in flat order, and returns the flat indices, ascending, of the `count`
 * largest at positions that are not kept; on ties the lower index wins.
 */
function drawLargest(
  { flats, kept, positions }: { flats: Uint32Array; kept: Uint8Array; positions: number },
  count: number,
  random: Pick<Random, "uniform">,
): Uint32Array {
  const room = 2 * count + 1024;
  const [best, scores] = [new Uint32Array(room), new Float64Array(room)];
  let filled = 0;
  let least = -1; // what a number must exceed to be among the largest so far
  const shrink = (): void => {
    const places = largest(upTo(filled), scores, Math.min(count, filled));
    least = 1;
    for (filled = 0; filled < places.length; filled++) {
      best[filled] = best[places[filled]];
      scores[filled] = scores[places[filled]];
      least = Math.min(least, scores[filled]);
    }
  };
  let next = 0;
  for (let flat = 0; flat < positions; flat++) {
    const score = random.uniform();
    const isKept = flats[next] === flat && kept[next++] === 1;
    if (isKept || score <= least) continue;
    best[filled] = flat;
    scores[filled++] = score;
    if (filled === room) shrink();
  }
  shrink();
  return best.slice(0, filled);
}

/** 0 … count − 1 */
function upTo(count: number): Uint32Array {
  const all = new Uint32Array(count);
  for (let i = 0; i < count; i++) all[i] = i;
  return all;
}

/** What is kept and what grows, in one ascending order. */
function join(
  { flats, weights }: FlatConnections,
  kept: Uint8Array,
  growing: Uint32Array,
  returning: Drops["regrown"],
): { after: FlatConnections; fresh: Uint32Array; grown: number } {
  const after = { flats: new Uint32Array(flats.length), weights: new Float32Array(flats.length) };
  const fresh: number[] = [];
  let [filled, at, grown] = [0, 0, 0];
  const keepUntil = (end: number): void => {
    for (; at < flats.length && flats[at] < end; at++) {
      if (kept[at] === 0) continue;
      after.weights[filled] = weights[at];
      after.flats[filled++] = flats[at];
    }
  };
  for (const flat of growing) {
    keepUntil(flat);
    const isBack = flats[at] === flat;
    if (!isBack) grown++;
    if (isBack && returning !== "reset") after.weights[filled] = weights[at];
    else fresh.push(flat);
    after.flats[filled++] = flat;
  }
  keepUntil(Number.POSITIVE_INFINITY);
  return { after, fresh: Uint32Array.from(fresh), grown };
}

/** Connections one neuron after the other → by flat index. */
function byFlatIndex({ topology, weights }: ConnectedLayer): FlatConnections {
  const { inputs, neurons, rowPointers, columns } = topology;
  const next = new Uint32Array(inputs + 1);
  for (let e = 0; e < columns.length; e++) next[columns[e] + 1]++;
  for (let input = 0; input < inputs; input++) next[input + 1] += next[input];
  const sorted = { flats: new Uint32Array(columns.length), weights: new Float32Array(columns.length) };
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let e = rowPointers[neuron]; e < rowPointers[neuron + 1]; e++) {
      const place = next[columns[e]]++;
      sorted.flats[place] = columns[e] * neurons + neuron;
      sorted.weights[place] = weights[e];
    }
  }
  return sorted;
}

/** Inverse of {@link byFlatIndex}. */
function byNeuron({ flats, weights }: FlatConnections, inputs: number, neurons: number): ConnectedLayer {
  const rowPointers = new Uint32Array(neurons + 1);
  for (let i = 0; i < flats.length; i++) rowPointers[(flats[i] % neurons) + 1]++; // an iterator takes longer
  for (let neuron = 0; neuron < neurons; neuron++) rowPointers[neuron + 1] += rowPointers[neuron];
  const next = rowPointers.slice();
  const columns = new Uint32Array(flats.length);
  const sorted = new Float32Array(flats.length);
  for (let i = 0; i < flats.length; i++) {
    const place = next[flats[i] % neurons]++;
    columns[place] = Math.floor(flats[i] / neurons);
    sorted[place] = weights[i];
  }
  return { topology: { inputs, neurons, rowPointers, columns }, weights: sorted };
}
