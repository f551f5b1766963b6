import { createHash } from "node:crypto";
import type { Random } from "../random";
import type { Dataset, Split } from "./dataset";
import { stratifiedSample, stratifiedSplit } from "./splits";

/** One's own numbers, to be made into a data set. */
export interface ArraysInput {
  /** What records and figures call it. */
  readonly name: string;
  /**
   * Length rows × inputs, row-major, finite. Bytes are taken as pixels and scaled by 1/255; anything else is stored as
   * float32 and used as it is, so standardise it first.
   */
  readonly features: ArrayLike<number>;
  /** Length rows, whole numbers in 0 … classes − 1. */
  readonly labels: ArrayLike<number>;
  readonly inputs: number;
  /** 2 … 256; by default the largest label + 1. */
  readonly classes?: number;
  /** Share of the rows that are kept for testing, in (0, 1). */
  readonly testFraction: number;
  /** Draws the stratified split. */
  readonly random: Random;
}

/**
 * A data set from arrays, split at random into a training and a test part, class by class.
 *
 * @throws RangeError if lengths do not fit, a feature is not finite, a label is no class, or a part would be empty
 */
export function datasetFromArrays(input: ArraysInput): Dataset {
  const { name, features, inputs, testFraction, random } = input;
  const labels = checkedLabels(input);
  const stored = storedFeatures(features, name);
  const { train, test } = stratifiedSplit(labels, testFraction, random);
  if (train.length === 0 || test.length === 0) {
    throw new RangeError(
      `${name}: testFraction ${testFraction} of ${labels.length} rows leaves ${train.length} to train and ${test.length} to test; both must have some`,
    );
  }
  return {
    name,
    inputs,
    classes: input.classes ?? largest(labels) + 1,
    scale: features instanceof Uint8Array ? 1 / 255 : 1,
    train: pick(stored, labels, inputs, train),
    test: pick(stored, labels, inputs, test),
    checksums: { features: sha256(stored), labels: sha256(labels), test: sha256(test) },
  };
}

/**
 * The data set with a smaller training part, drawn class by class; the test part stays. Its name and checksums say so.
 *
 * @param rows in 1 … dataset.train.rows
 */
export function subset(dataset: Dataset, rows: number, random: Random): Dataset {
  const { train, inputs, checksums } = dataset;
  if (!Number.isInteger(rows) || rows < 1 || rows > train.rows) {
    throw new RangeError(`subset of ${dataset.name}: ${rows} rows; need an integer in 1 … ${train.rows}`);
  }
  const chosen = stratifiedSample(train.labels, rows, random);
  return {
    ...dataset,
    train: pick(train.features, train.labels, inputs, chosen),
    checksums: { ...checksums, subset: sha256(chosen) },
  };
}

/** The rows `chosen` of features and labels, in that order, in new memory. */
export function pick(
  features: Uint8Array | Float32Array,
  labels: Uint8Array,
  inputs: number,
  chosen: Uint32Array,
): Split {
  const size = chosen.length * inputs;
  const picked = features instanceof Uint8Array ? new Uint8Array(size) : new Float32Array(size);
  chosen.forEach((row, i) => {
    picked.set(features.subarray(row * inputs, (row + 1) * inputs), i * inputs);
  });
  return { rows: chosen.length, features: picked, labels: Uint8Array.from(chosen, (row) => labels[row]) };
}

function checkedLabels({ name, features, labels, inputs, classes = 256 }: ArraysInput): Uint8Array {
  if (!Number.isInteger(inputs) || inputs < 1) throw new RangeError(`${name}: inputs ${inputs}; need an integer ≥ 1`);
  if (!Number.isInteger(classes) || classes < 2 || classes > 256) {
    throw new RangeError(`${name}: classes ${classes}; need an integer in 2 … 256`);
  }
  if (features.length !== labels.length * inputs) {
    throw new RangeError(
      `${name}: ${features.length} features and ${labels.length} labels do not fit ${inputs} inputs; need ${labels.length * inputs} features`,
    );
  }
  return Uint8Array.from(labels, (label, row) => {
    if (Number.isInteger(label) && label >= 0 && label < classes) return label;
    throw new RangeError(`${name}: label ${label} of row ${row}; need an integer in 0 … ${classes - 1}`);
  });
}

function storedFeatures(features: ArrayLike<number>, name: string): Uint8Array | Float32Array {
  if (features instanceof Uint8Array) return features;
  return Float32Array.from(features, (value, i) => {
    if (Number.isFinite(Math.fround(value))) return value;
    throw new RangeError(`${name}: feature ${value} at index ${i}; need finite numbers within float32`);
  });
}

function largest(labels: Uint8Array): number {
  return labels.reduce((most, label) => Math.max(most, label), 1);
}

function sha256(array: ArrayBufferView): string {
  return createHash("sha256")
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest("hex");
}
