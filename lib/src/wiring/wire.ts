import type { Random } from "../random";
import type { Topology } from "../topology/topology";
import { goldenStride, inputOffsets } from "./offsets";

/**
 * Which inputs a neuron reads, given how many: `window` takes neighbours from its offset on, `golden` steps from its
 * offset by the golden stride, `stream` deals inputs out to all neurons in one sequence of golden steps (every input is
 * read ⌊E/n⌋ or ⌈E/n⌉ times), `random` draws them.
 */
export const wiringRules = ["window", "golden", "stream", "random"] as const;

export type WiringRule = (typeof wiringRules)[number];

export interface Wiring {
  /** Number of inputs n. */
  readonly inputs: number;
  /** `window` when absent. */
  readonly rule?: WiringRule;
  /** Needed to permute and by the rule `random`. */
  readonly random?: Random;
  /** Whether fan-ins are dealt to neurons in random order, so that a neuron's index says nothing; true when absent. */
  readonly permute?: boolean;
}

/**
 * Connects neurons to inputs: neuron i gets `fanIn[i]` of them, or, permuted, the fan-in of another.
 *
 * @param fanIn inputs wanted by each neuron, each an integer in 0 … inputs
 * @throws RangeError when a fan-in is impossible or the rule unknown; TypeError when a generator is needed and absent
 */
export function wire(fanIn: ArrayLike<number>, { inputs, rule = "window", random, permute = true }: Wiring): Topology {
  checkFanIn(fanIn, inputs);
  if (!wiringRules.includes(rule)) {
    throw new RangeError(`wire: rule "${rule}" is unknown; use one of ${wiringRules.join(", ")}`);
  }
  const neurons = fanIn.length;
  const order = permute ? needed(random, "to permute neurons (or pass permute: false)").permutation(neurons) : null;
  const rowPointers = new Uint32Array(neurons + 1);
  for (let i = 0; i < neurons; i++) rowPointers[i + 1] = rowPointers[i] + fanIn[order === null ? i : order[i]];
  const columns = new Uint32Array(rowPointers[neurons]);
  const draw = rules[rule]({ inputs, neurons, random });
  for (let i = 0; i < neurons; i++) {
    const row = columns.subarray(rowPointers[i], rowPointers[i + 1]);
    draw(row, i, rowPointers[i]);
    row.sort();
  }
  return { inputs, neurons, rowPointers, columns };
}

/** Fills the row of one neuron, whose connections begin at position `start` of the whole layer's. */
type Draw = (row: Uint32Array, neuron: number, start: number) => void;

const rules: Record<WiringRule, (layer: { inputs: number; neurons: number; random?: Random }) => Draw> = {
  window: ({ inputs, neurons }) => fromOffsets(inputs, neurons, 1),
  golden: ({ inputs, neurons }) => fromOffsets(inputs, neurons, goldenStride(inputs)),
  stream: ({ inputs }) => {
    const stride = goldenStride(inputs);
    return (row, _, start) => step(row, ((start % inputs) * stride) % inputs, stride, inputs);
  },
  random: ({ inputs, random }) => {
    const generator = needed(random, 'for the rule "random"');
    return (row) => row.set(generator.sample(inputs, row.length));
  },
};

function fromOffsets(inputs: number, neurons: number, stride: number): Draw {
  const offsets = inputOffsets(inputs, neurons);
  return (row, neuron) => step(row, offsets[neuron], stride, inputs);
}

function step(row: Uint32Array, from: number, stride: number, inputs: number): void {
  for (let t = 0, input = from; t < row.length; t++, input = (input + stride) % inputs) row[t] = input;
}

function needed(random: Random | undefined, purpose: string): Random {
  if (random === undefined) {
    throw new TypeError(`wire: needs a generator ${purpose}; pass for example random: createRandom(0)`);
  }
  return random;
}

function checkFanIn(fanIn: ArrayLike<number>, inputs: number): void {
  if (!Number.isSafeInteger(inputs) || inputs < 1) {
    throw new RangeError(`wire: ${inputs} inputs; it must be an integer ≥ 1`);
  }
  for (let i = 0; i < fanIn.length; i++) {
    if (!Number.isInteger(fanIn[i]) || fanIn[i] < 0 || fanIn[i] > inputs) {
      throw new RangeError(`wire: fan-in of neuron ${i} is ${fanIn[i]}; it must be an integer in 0 … ${inputs}`);
    }
  }
}
