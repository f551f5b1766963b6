import type { Dataset } from "../datasets/dataset";
import type { Batch } from "../engines/engine";
import type { Random } from "../random";

/**
 * One epoch of the training part, in an order drawn from `random`: every row once, the last batch possibly smaller.
 * The arrays of a batch are reused for the next one.
 */
export function* epochBatches(dataset: Dataset, size: number, random: Random): Generator<Batch> {
  const { rows, features, labels } = dataset.train;
  const { inputs, scale } = dataset;
  const order = random.permutation(rows);
  const featureBuffer =
    features instanceof Uint8Array ? new Uint8Array(size * inputs) : new Float32Array(size * inputs);
  const labelBuffer = new Uint8Array(size);
  for (let first = 0; first < rows; first += size) {
    const count = Math.min(size, rows - first);
    for (let i = 0; i < count; i++) {
      const row = order[first + i];
      featureBuffer.set(features.subarray(row * inputs, (row + 1) * inputs), i * inputs);
      labelBuffer[i] = labels[row];
    }
    yield {
      rows: count,
      features: featureBuffer.subarray(0, count * inputs),
      scale,
      labels: labelBuffer.subarray(0, count),
    };
  }
}

/** The whole test part as one batch, for evaluation. */
export function testBatch(dataset: Dataset): Batch {
  return { ...dataset.test, scale: dataset.scale };
}
