import type { NetworkSpec } from "../network/spec";
import { checkTopology } from "../topology/masks";
import type { Topology } from "../topology/topology";
import type { Batch, LayerParameters, Optimizer } from "./engine";

/** @throws RangeError unless the layers are those of the network, and finite. */
export function assertLayers(spec: NetworkSpec, layers: readonly LayerParameters[]): void {
  const { sizes } = spec;
  assertSizes(sizes);
  if (layers.length !== sizes.length - 1) {
    throw new RangeError(`${layers.length} layers for sizes [${sizes}]; give ${sizes.length - 1}`);
  }
  layers.forEach(({ topology, weights, bias, norm }, layer) => {
    const [inputs, neurons] = [sizes[layer], sizes[layer + 1]];
    assertParameters(`layer ${layer}: bias`, bias, neurons);
    if (norm !== undefined) {
      const isExpected = spec.layerNorm && layer < layers.length - 1;
      if (!isExpected)
        throw new RangeError(`layer ${layer}: norm is given, but no LayerNorm is behind it; leave it out`);
      assertParameters(`layer ${layer}: gain`, norm.gain, neurons);
      assertParameters(`layer ${layer}: offset`, norm.offset, neurons);
    }
    if (topology === null) assertParameters(`layer ${layer}: weights`, weights, inputs * neurons);
    else assertConnections(layer, topology, weights, { inputs, neurons });
  });
}

/** What the kernel counts in 32 bits, 128 examples of every feature included. */
const [SIZE_LIMIT, MATRIX_LIMIT] = [2 ** 24, 2 ** 32];

function assertSizes(sizes: readonly number[]): void {
  if (sizes.length < 2 || sizes.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new RangeError(`sizes [${sizes}] are not two or more positive integers; give inputs, hidden widths, classes`);
  }
  const isTooLarge = (size: number, layer: number): boolean =>
    size >= SIZE_LIMIT || (layer > 0 && size * sizes[layer - 1] >= MATRIX_LIMIT);
  if (sizes.some(isTooLarge)) {
    throw new RangeError(`sizes [${sizes}] must be below 2^24 each, and below 2^32 as a product of neighbours`);
  }
}

/** @throws RangeError unless the topology is well formed, has the given size, and a finite weight for each connection. */
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
  assertKind(`layer ${layer}: rowPointers`, topology.rowPointers, "Uint32Array");
  assertKind(`layer ${layer}: columns`, topology.columns, "Uint32Array");
  checkTopology(topology, `layer ${layer}`);
  assertParameters(`layer ${layer}: weights`, weights, topology.columns.length);
}

function assertParameters(what: string, values: Float32Array, length: number): void {
  assertKind(what, values, "Float32Array");
  assertLength(what, values, length);
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`${what}: parameter ${at} is ${values[at]}; all must be finite`);
}

/** @throws RangeError unless the flat indices `fresh` are connections of the topology. */
export function assertFresh(layer: number, topology: Topology, fresh: Uint32Array): void {
  assertKind(`layer ${layer}: fresh`, fresh, "Uint32Array");
  const outside = fresh.find((flat) => !hasConnection(topology, flat));
  if (outside !== undefined) {
    throw new RangeError(`replace: layer ${layer}: fresh index ${outside} is not a connection of the new topology`);
  }
}

/** Whether a flat index is a connection, by bisection. */
function hasConnection({ inputs, neurons, rowPointers, columns }: Topology, flat: number): boolean {
  if (flat >= inputs * neurons) return false;
  const [neuron, input] = [flat % neurons, Math.floor(flat / neurons)];
  let [low, high] = [rowPointers[neuron], rowPointers[neuron + 1]];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (columns[middle] < input) low = middle + 1;
    else high = middle;
  }
  return low < rowPointers[neuron + 1] && columns[low] === input;
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
  assertKind("order", order, "Uint32Array");
  if (order.length === 0) throw new RangeError("order: no rows are named; give at least one");
  const [{ rows, labels }, classes] = [data, sizes[sizes.length - 1]];
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    if (row >= rows) throw new RangeError(`order: row ${row} does not exist; there are ${rows}`);
    if (labels[row] >= classes) throw unknownLabel(labels[row], classes);
  }
}

/** The largest number that the kernel counts rows with. */
const MOST_ROWS = 2 ** 32 - 1;

/** @throws RangeError unless the rows are as for {@link assertRows}, and every `batch` of them has a finite learning rate. */
export function assertSteps(
  data: Batch,
  sizes: readonly number[],
  {
    order,
    batch,
    learningRates,
  }: { readonly order: Uint32Array; readonly batch: number; readonly learningRates: Float64Array },
): void {
  assertRows(data, sizes, order);
  if (!Number.isInteger(batch) || batch < 1 || batch > MOST_ROWS) {
    throw new RangeError(`steps: batch ${batch} is not an integer from 1 to ${MOST_ROWS}`);
  }
  assertKind("steps: learning rates", learningRates, "Float64Array");
  const count = Math.ceil(order.length / batch);
  if (learningRates.length !== count) {
    throw new RangeError(`steps: ${learningRates.length} learning rates for ${count} steps; give one for each`);
  }
  const odd = learningRates.find((rate) => !Number.isFinite(rate));
  if (odd !== undefined) throw new RangeError(`step: learning rate ${odd} is not finite`);
}

/** @throws RangeError unless each of the layers can drop as many connections as it is to. */
export function assertDrops(
  layers: readonly number[],
  drops: readonly number[],
  connectionsOf: (layer: number) => number,
): void {
  if (drops.length !== layers.length) throw new RangeError(`move: ${drops.length} drops for ${layers.length} layers`);
  layers.forEach((layer, i) => {
    const connections = connectionsOf(layer);
    if (!Number.isInteger(drops[i]) || drops[i] < 0 || drops[i] > connections) {
      throw new RangeError(`move: layer ${layer} cannot drop ${drops[i]} of its ${connections} connections`);
    }
  });
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
  assertKind("batch: features", features, "Uint8Array", "Float32Array");
  assertLength("batch: features", features, rows * sizes[0]);
  assertKind("batch: labels", labels, "Uint8Array");
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

/** An array of another kind would be read byte by byte. Kinds go by name, which is the same in every realm. */
function assertKind(what: string, array: object, ...kinds: readonly string[]): void {
  const kind = Object.prototype.toString.call(array).slice("[object ".length, -1);
  if (!kinds.includes(kind)) throw new RangeError(`${what}: the kind is ${kind}; it must be ${kinds.join(" or ")}`);
}
