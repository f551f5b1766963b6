import type { NetworkSpec } from "../network/spec";
import { checkTopology } from "../topology/masks";
import type { Topology } from "../topology/topology";
import type { Batch, LayerParameters, Optimizer } from "./engine";

/** @throws RangeError unless the layers are those of the network. */
export function assertLayers(spec: NetworkSpec, layers: readonly LayerParameters[]): void {
  const { sizes } = spec;
  if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(`sizes [${sizes}] are not two or more positive integers; give inputs, hidden widths, classes`);
  }
  if (layers.length !== sizes.length - 1) {
    throw new RangeError(`${layers.length} layers for sizes [${sizes}]; give ${sizes.length - 1}`);
  }
  layers.forEach(({ topology, weights, bias, norm }, layer) => {
    const [inputs, neurons] = [sizes[layer], sizes[layer + 1]];
    assertLength(`layer ${layer}: bias`, bias, neurons);
    if (norm !== undefined) {
      const isExpected = spec.layerNorm && layer < layers.length - 1;
      if (!isExpected)
        throw new RangeError(`layer ${layer}: norm is given, but no LayerNorm is behind it; leave it out`);
      assertLength(`layer ${layer}: gain`, norm.gain, neurons);
      assertLength(`layer ${layer}: offset`, norm.offset, neurons);
    }
    if (topology === null) assertLength(`layer ${layer}: weights`, weights, inputs * neurons);
    else assertConnections(layer, topology, weights, { inputs, neurons });
  });
}

/** @throws RangeError unless the topology is well formed, has the given size, and one weight for each connection. */
export function assertConnections(
  layer: number,
  topology: Topology,
  weights: Float32Array,
  { inputs, neurons }: { readonly inputs: number; readonly neurons: number },
): void {
  if (topology.inputs !== inputs || topology.neurons !== neurons) {
    const given = `${topology.inputs} → ${topology.neurons}`;
    throw new RangeError(`layer ${layer}: the topology is ${given}; the layer is ${inputs} → ${neurons}`);
  }
  checkTopology(topology, `layer ${layer}`);
  assertLength(`layer ${layer}: weights`, weights, topology.columns.length);
}

/** @throws RangeError unless the batch fits the network. */
export function assertBatch(batch: Batch, sizes: readonly number[]): void {
  assertShape(batch, sizes);
  assertLabels(batch.labels, sizes);
}

/**
 * The rows `order` only: every call of some steps comes by here, and to look through a whole data set took longer than
 * three steps.
 *
 * @throws RangeError unless the data fit the network, and the rows `order`, one at least, are there and labelled.
 */
export function assertRows(data: Batch, sizes: readonly number[], order: Uint32Array): void {
  assertShape(data, sizes);
  if (order.length === 0) throw new RangeError("order: no rows are named; give at least one");
  const [{ rows, labels }, classes] = [data, sizes[sizes.length - 1]];
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    if (row >= rows) throw new RangeError(`order: row ${row} does not exist; there are ${rows}`);
    if (labels[row] >= classes) throw unknownLabel(labels[row], classes);
  }
}

/** @throws RangeError unless the data fit the network, and the rows `first` … `first + count − 1` are there and labelled. */
export function assertRange(data: Batch, sizes: readonly number[], first: number, count: number): void {
  assertShape(data, sizes);
  if (!Number.isInteger(first) || !Number.isInteger(count) || first < 0 || count < 1 || first + count > data.rows) {
    throw new RangeError(`evaluate: rows ${first} + ${count} are not among the ${data.rows}`);
  }
  assertLabels(data.labels.subarray(first, first + count), sizes);
}

function assertShape({ rows, features, labels, scale }: Batch, sizes: readonly number[]): void {
  if (!Number.isInteger(rows) || rows < 1) throw new RangeError(`batch: ${rows} rows; give at least one`);
  if (!Number.isFinite(scale))
    throw new RangeError(`batch: scale ${scale} is not finite; give 1/255 for pixels, else 1`);
  assertLength("batch: features", features, rows * sizes[0]);
  assertLength("batch: labels", labels, rows);
}

function assertLabels(labels: Uint8Array, sizes: readonly number[]): void {
  const classes = sizes[sizes.length - 1];
  for (let i = 0; i < labels.length; i++) if (labels[i] >= classes) throw unknownLabel(labels[i], classes);
}

function unknownLabel(label: number, classes: number): RangeError {
  return new RangeError(`batch: label ${label}, but the network has ${classes} classes (0 … ${classes - 1})`);
}

/** @throws RangeError unless the optimiser's numbers are possible. */
export function assertOptimizer(optimizer: Optimizer): void {
  const { weightDecay } = optimizer;
  assertWithin("weightDecay", weightDecay, weightDecay >= 0, "≥ 0");
  if (optimizer.kind === "adam") {
    const { beta1, beta2, epsilon } = optimizer;
    assertWithin("beta1", beta1, beta1 >= 0 && beta1 < 1, "in [0, 1)");
    assertWithin("beta2", beta2, beta2 >= 0 && beta2 < 1, "in [0, 1)");
    assertWithin("epsilon", epsilon, epsilon > 0, "above 0, or absent connections become 0/0");
  } else {
    const { momentum, nesterov } = optimizer;
    assertWithin("momentum", momentum, momentum >= 0 && momentum < 1, "in [0, 1)");
    assertWithin("momentum", momentum, !nesterov || momentum > 0, "above 0, for it is Nesterov's");
  }
}

function assertWithin(name: string, value: number, isWithin: boolean, range: string): void {
  if (!isWithin || !Number.isFinite(value)) throw new RangeError(`optimizer: ${name} ${value} must be ${range}`);
}

function assertLength(what: string, array: { readonly length: number }, length: number): void {
  if (array.length !== length) throw new RangeError(`${what} has length ${array.length}; it must be ${length}`);
}
