import type { Topology } from "./topology";

/** Values in the order of `topology.columns` → by flat index input × neurons + neuron, 0 where there is no connection. */
export function scatter(topology: Topology, values: Float32Array): Float32Array {
  const dense = new Float32Array(topology.inputs * topology.neurons);
  forEachConnection(topology, (flat, position) => {
    dense[flat] = values[position];
  });
  return dense;
}

/** Values by flat index → in the order of `topology.columns`. */
export function gather(topology: Topology, dense: Float32Array): Float32Array {
  const values = new Float32Array(topology.columns.length);
  forEachConnection(topology, (flat, position) => {
    values[position] = dense[flat];
  });
  return values;
}

/** By flat index, 1 where there is a connection and 0 elsewhere. */
export function maskOf(topology: Topology): Float32Array {
  return scatter(topology, new Float32Array(topology.columns.length).fill(1));
}

function forEachConnection(topology: Topology, visit: (flat: number, position: number) => void): void {
  const { neurons, rowPointers, columns } = topology;
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let position = rowPointers[neuron]; position < rowPointers[neuron + 1]; position++) {
      visit(columns[position] * neurons + neuron, position);
    }
  }
}
