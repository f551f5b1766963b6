import type { ColumnShape, ColumnType } from "./parquet";

/** One value a run; lists hold one item an epoch or a sparse layer, lists of lists one list a sparse layer. */
function one(type: ColumnType, nullable = false): ColumnShape {
  return { type, lists: 0, nullable };
}

function list(type: ColumnType, lists = 1, nullable = false): ColumnShape {
  return { type, lists, nullable };
}

/** What a record is read back from. */
export interface RecordRow {
  readonly label: string;
  readonly id: string;
  readonly protocol_version: number;
  /** Canonical JSON. */
  readonly config: string;
  readonly checksums: string;
  readonly commit: string;
  readonly backend: string;
  readonly machine: string;
  readonly seconds: number;
  readonly accuracy: number;
  readonly best_accuracy: number;
  readonly hidden_sparsity: number;
  readonly overall_sparsity: number;
  readonly nonzeros: readonly number[];
  readonly train_loss: readonly number[];
  readonly test_loss: readonly number[];
  readonly test_accuracy: readonly number[];
  readonly layer: readonly number[];
  readonly inputs: readonly number[];
  readonly neurons: readonly number[];
  readonly connections: readonly number[];
  readonly rewired: readonly number[];
  readonly explored: readonly number[];
  readonly weight_change: readonly (number | null)[];
  readonly fan_out_cv_start: readonly number[];
  readonly fan_out_cv_end: readonly number[];
  readonly fan_in_step: readonly (readonly number[])[];
  readonly fan_in: readonly (readonly (readonly number[])[])[];
  readonly update_step: readonly (readonly number[])[];
  readonly update_dropped: readonly (readonly number[])[];
  readonly update_regrown: readonly (readonly number[])[];
  readonly update_cv: readonly (readonly number[])[];
  readonly update_inactive: readonly (readonly number[])[];
  readonly gradient_epoch: readonly (readonly number[])[];
  readonly gradient_mean: readonly (readonly (number | null)[])[];
  readonly gradient_l2: readonly (readonly (number | null)[])[];
  readonly gradient_sum: readonly (readonly (number | null)[])[];
  readonly gradient_l2_null: readonly (readonly (number | null)[])[];
  readonly gradient_sum_null: readonly (readonly (number | null)[])[];
}

export const recordShapes: Readonly<Record<keyof RecordRow, ColumnShape>> = {
  label: one("text"),
  id: one("text"),
  protocol_version: one("count"),
  config: one("text"),
  checksums: one("text"),
  commit: one("text"),
  backend: one("text"),
  machine: one("text"),
  seconds: one("number"),
  accuracy: one("number"),
  best_accuracy: one("number"),
  hidden_sparsity: one("number"),
  overall_sparsity: one("number"),
  nonzeros: list("count"),
  train_loss: list("number"),
  test_loss: list("number"),
  test_accuracy: list("number"),
  layer: list("count"),
  inputs: list("count"),
  neurons: list("count"),
  connections: list("count"),
  rewired: list("number"),
  explored: list("number"),
  weight_change: list("number", 1, true),
  fan_out_cv_start: list("number"),
  fan_out_cv_end: list("number"),
  fan_in_step: list("count", 2),
  fan_in: list("count", 3),
  update_step: list("count", 2),
  update_dropped: list("count", 2),
  update_regrown: list("count", 2),
  update_cv: list("six digits", 2),
  update_inactive: list("six digits", 2),
  gradient_epoch: list("count", 2),
  gradient_mean: list("six digits", 2, true),
  gradient_l2: list("six digits", 2, true),
  gradient_sum: list("six digits", 2, true),
  gradient_l2_null: list("six digits", 2, true),
  gradient_sum_null: list("six digits", 2, true),
};

/** What people ask for: the experiment, and the config field by field. It is written, and not read back. */
export interface QueryRow {
  readonly experiment: string;
  readonly protocol: string;
  readonly dataset: string;
  readonly training_rows: number | null;
  readonly hidden: readonly number[];
  readonly layer_norm: boolean;
  readonly sparsity: number;
  readonly budget: string;
  readonly dense_input: boolean;
  readonly dense_output: boolean;
  readonly start: string;
  readonly start_family: string | null;
  readonly start_cv: readonly number[];
  readonly start_keep: string | null;
  readonly update: string;
  readonly update_growth: string | null;
  readonly update_interval: number | null;
  readonly update_alpha: number | null;
  readonly update_end: number | null;
  readonly weights: string;
  readonly optimizer: string;
  readonly learning_rate: number;
  readonly schedule: string;
  readonly batch: number;
  readonly epochs: number;
  readonly seed: number;
  readonly engine: string;
}

const queryShapes: Readonly<Record<keyof QueryRow, ColumnShape>> = {
  experiment: one("text"),
  protocol: one("text"),
  dataset: one("text"),
  training_rows: one("count", true),
  hidden: list("count"),
  layer_norm: one("boolean"),
  sparsity: one("number"),
  budget: one("text"),
  dense_input: one("boolean"),
  dense_output: one("boolean"),
  start: one("text"),
  start_family: one("text", true),
  start_cv: list("number"),
  start_keep: one("text", true),
  update: one("text"),
  update_growth: one("text", true),
  update_interval: one("count", true),
  update_alpha: one("number", true),
  update_end: one("number", true),
  weights: one("text"),
  optimizer: one("text"),
  learning_rate: one("number"),
  schedule: one("text"),
  batch: one("count"),
  epochs: one("count"),
  seed: one("count"),
  engine: one("text"),
};

/** The columns of a file of results, in order. `data/README.md` says what each holds. */
export const resultShapes: Readonly<Record<keyof (QueryRow & RecordRow), ColumnShape>> = {
  ...queryShapes,
  ...recordShapes,
};
