import type { Topology } from "./topology";

/** Number of inputs of every neuron; length neurons. */
export function fanIn({ neurons, rowPointers }: Pick<Topology, "neurons" | "rowPointers">): Uint32Array {
  return Uint32Array.from({ length: neurons }, (_, i) => rowPointers[i + 1] - rowPointers[i]);
}

/** Number of neurons that read each input; length inputs. */
export function fanOut({ inputs, columns }: Topology): Uint32Array {
  const counts = new Uint32Array(inputs);
  for (const input of columns) counts[input]++;
  return counts;
}

/** 1 where there is a connection and 0 elsewhere, by flat index input × neurons + neuron; length inputs × neurons. */
export function toMask({ inputs, neurons, rowPointers, columns }: Topology): Uint8Array {
  const mask = new Uint8Array(inputs * neurons);
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let e = rowPointers[neuron]; e < rowPointers[neuron + 1]; e++) mask[columns[e] * neurons + neuron] = 1;
  }
  return mask;
}

/**
 * The topology of a mask by flat index input × neurons + neuron.
 *
 * @throws RangeError when the mask is not inputs × neurons zeros and ones
 */
export function fromMask(mask: ArrayLike<number>, inputs: number, neurons: number): Topology {
  checkMask("fromMask", mask, inputs, neurons);
  const rowPointers = new Uint32Array(neurons + 1);
  for (let flat = 0; flat < mask.length; flat++) rowPointers[(flat % neurons) + 1] += mask[flat];
  for (let neuron = 0; neuron < neurons; neuron++) rowPointers[neuron + 1] += rowPointers[neuron];
  const columns = new Uint32Array(rowPointers[neurons]);
  const next = rowPointers.slice();
  for (let input = 0; input < inputs; input++) {
    for (let neuron = 0; neuron < neurons; neuron++) {
      if (mask[input * neurons + neuron] === 1) columns[next[neuron]++] = input;
    }
  }
  return { inputs, neurons, rowPointers, columns };
}

/** @throws RangeError when the mask is not inputs × neurons zeros and ones */
export function checkMask(where: string, mask: ArrayLike<number>, inputs: number, neurons: number): void {
  checkSizes(where, inputs, neurons);
  if (mask.length !== inputs * neurons) {
    throw new RangeError(
      `${where}: mask has ${mask.length} values; ${inputs} inputs × ${neurons} neurons need ${inputs * neurons}`,
    );
  }
  for (let flat = 0; flat < mask.length; flat++) {
    if (mask[flat] !== 0 && mask[flat] !== 1) {
      throw new RangeError(`${where}: mask[${flat}] is ${mask[flat]}; it must be 0 or 1`);
    }
  }
}

/**
 * Checks a topology that comes from outside.
 *
 * @param where begins the message of an error
 * @throws RangeError naming the first rule of {@link Topology} that it breaks
 */
export function checkTopology(topology: Topology, where: string = "topology"): void {
  const { inputs, neurons, rowPointers, columns } = topology;
  checkSizes(where, inputs, neurons);
  const rule = (holds: boolean, message: string): void => {
    if (!holds) throw new RangeError(`${where} of ${inputs} inputs × ${neurons} neurons: ${message}`);
  };
  rule(rowPointers.length === neurons + 1, `rowPointers has length ${rowPointers.length}; it must be ${neurons + 1}`);
  rule(rowPointers[0] === 0, `rowPointers begins with ${rowPointers[0]}; it must begin with 0`);
  rule(
    rowPointers[neurons] === columns.length,
    `rowPointers ends with ${rowPointers[neurons]}; it must end with the length of columns, ${columns.length}`,
  );
  for (let i = 0; i < neurons; i++) {
    rule(
      rowPointers[i] <= rowPointers[i + 1],
      `rowPointers falls from ${rowPointers[i]} to ${rowPointers[i + 1]} at ${i}`,
    );
  }
  for (let i = 0; i < neurons; i++) {
    for (let e = rowPointers[i]; e < rowPointers[i + 1]; e++) {
      rule(columns[e] < inputs, `neuron ${i} reads input ${columns[e]}; inputs are 0 … ${inputs - 1}`);
      rule(
        e === rowPointers[i] || columns[e - 1] < columns[e],
        `neuron ${i} reads input ${columns[e]} after ${columns[e - 1]}; a row must ascend without repeats`,
      );
    }
  }
}

function checkSizes(where: string, inputs: number, neurons: number): void {
  if (!Number.isSafeInteger(inputs) || !Number.isSafeInteger(neurons) || inputs < 1 || neurons < 1) {
    throw new RangeError(`${where}: ${inputs} inputs × ${neurons} neurons; both must be integers ≥ 1`);
  }
}
