import { PNG } from "pngjs";
import type { Topology } from "../topology/topology";

/** A mask as a black-and-white PNG in a data URI: one pixel a weight, inputs downwards, neurons to the right. */
export function maskImage(topology: Topology): string {
  const { inputs, neurons, rowPointers, columns } = topology;
  const grey = Buffer.alloc(inputs * neurons, 255);
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let p = rowPointers[neuron]; p < rowPointers[neuron + 1]; p++) grey[columns[p] * neurons + neuron] = 0;
  }
  const png = new PNG({ width: neurons, height: inputs });
  png.data = grey;
  const bytes = PNG.sync.write(png, { colorType: 0, inputColorType: 0, filterType: 0, deflateLevel: 9 });
  return `data:image/png;base64,${bytes.toString("base64")}`;
}
