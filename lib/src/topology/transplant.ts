import type { Random } from "../random";
import { wire } from "../wiring/wire";
import { fanIn, fanOut, fromMask, toMask } from "./masks";
import type { Topology } from "./topology";

/**
 * What a network may inherit from the masks of a trained one (method, hub placement), from everything to least:
 *
 * - `masks`: everything.
 * - `degrees`: the fan-in of every neuron and the fan-out of every input; else uniformly random among all such layers,
 *   so that which inputs meet in one neuron is lost.
 * - `fan-ins`: the fan-in of every neuron; its inputs are drawn anew, uniformly, so that fan-outs are those of chance.
 * - `fan-outs`: the fan-out of every input; fan-ins are ⌊E/M⌋ or ⌈E/M⌉, which neuron has which by chance; else
 *   uniformly random.
 * - `uncoupled`: each layer taken by itself; only which neuron of one layer is which input of the next is drawn anew,
 *   uniformly. Kept are the fan-in of every neuron, the fan-outs as a set, and which connections begin at one input,
 *   so how often two neurons read the same inputs; in the first layer, whose inputs are the data's, everything. Lost
 *   is whether neurons with many inputs are those that many read.
 */
export const transplantKeeps = ["masks", "degrees", "fan-ins", "fan-outs", "uncoupled"] as const;

export type TransplantKeep = (typeof transplantKeeps)[number];

/**
 * The topologies of a new network that inherits from those of a trained one. Each layer keeps its size and its number
 * of connections, and draws from its own fork of `random`.
 *
 * @param topologies of every layer, first to last; null is dense and stays so
 * @returns arrays of its own, nothing shared with `topologies`
 * @throws RangeError when `keep` is unknown
 */
export function transplant(
  topologies: readonly (Topology | null)[],
  keep: TransplantKeep,
  random: Random,
): (Topology | null)[] {
  if (!transplantKeeps.includes(keep)) {
    throw new RangeError(`transplant: keep "${keep}" is unknown; use one of ${transplantKeeps.join(", ")}`);
  }
  return topologies.map((topology, layer) =>
    topology === null ? null : inherit[keep](topology, random.fork(`${keep} ${layer}`), layer),
  );
}

const inherit: Record<TransplantKeep, (topology: Topology, random: Random, layer: number) => Topology> = {
  masks: copy,
  degrees: rewire,
  "fan-ins": (topology, random) =>
    wire(fanIn(topology), { inputs: topology.inputs, rule: "random", permute: false, random }),
  "fan-outs": (topology, random) => rewire(levelFanIns(topology, random), random),
  uncoupled: (topology, random, layer) =>
    layer === 0 ? copy(topology) : renameInputs(topology, random.permutation(topology.inputs)),
};

function copy(topology: Topology): Topology {
  return { ...topology, rowPointers: topology.rowPointers.slice(), columns: topology.columns.slice() };
}

/** Swaps tried for each connection. Measured: twice as many as a layer of any profile needs to forget its start. */
const SWAPS_PER_CONNECTION = 20;

/**
 * Draws anew among all layers of the same fan-ins and fan-outs, by a Markov chain: two connections, drawn at random,
 * exchange their inputs unless that would double one. The chain is symmetric, may stay in place, and reaches every
 * such layer (Ryser 1957), so that its limit is the uniform distribution (Rao, Jana & Bandyopadhyay 1996).
 */
function rewire(topology: Topology, random: Random): Topology {
  const { neurons, rowPointers } = topology;
  const columns = topology.columns.slice();
  const mask = toMask(topology);
  const owner = new Uint32Array(columns.length);
  for (let i = 0; i < neurons; i++) owner.fill(i, rowPointers[i], rowPointers[i + 1]);
  for (let tries = SWAPS_PER_CONNECTION * columns.length; tries > 0; tries--) {
    const e = random.integer(columns.length);
    const f = random.integer(columns.length);
    const there = columns[f] * neurons + owner[e];
    const back = columns[e] * neurons + owner[f];
    if (mask[there] === 1 || mask[back] === 1) continue;
    mask[columns[e] * neurons + owner[e]] = 0;
    mask[columns[f] * neurons + owner[f]] = 0;
    mask[there] = 1;
    mask[back] = 1;
    const input = columns[e];
    columns[e] = columns[f];
    columns[f] = input;
  }
  for (let i = 0; i < neurons; i++) columns.subarray(rowPointers[i], rowPointers[i + 1]).sort();
  return { ...topology, rowPointers: rowPointers.slice(), columns };
}

/**
 * A layer of the same fan-outs whose fan-ins differ by at most 1. Inputs are dealt out one after the other to neurons
 * in turn: an input's connections go to as many neurons in a row, all different since no fan-out exceeds the number of
 * neurons, so this never fails.
 */
function levelFanIns(topology: Topology, random: Random): Topology {
  const { inputs, neurons } = topology;
  const mask = new Uint8Array(inputs * neurons);
  const order = random.permutation(neurons);
  let dealt = 0;
  fanOut(topology).forEach((count, input) => {
    for (const end = dealt + count; dealt < end; dealt++) mask[input * neurons + order[dealt % neurons]] = 1;
  });
  return fromMask(mask, inputs, neurons);
}

function renameInputs(topology: Topology, names: Uint32Array): Topology {
  const { neurons, rowPointers } = topology;
  const columns = topology.columns.map((input) => names[input]);
  for (let i = 0; i < neurons; i++) columns.subarray(rowPointers[i], rowPointers[i + 1]).sort();
  return { ...topology, rowPointers: rowPointers.slice(), columns };
}
