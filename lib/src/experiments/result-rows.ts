import { familyName } from "../profiles/families";
import type { RunConfig } from "../training/config";
import { sixDigits } from "./parquet";
import type { LayerRecord, RunRecord, RunResult } from "./record";
import type { QueryRow, RecordRow } from "./result-columns";
import type { RecordedRun } from "./run-grid";
import { canonicalJson } from "./run-id";

/** A recorded run as a row of its part. */
export function rowOf(run: RecordedRun, part: { experiment: string; protocol: string }): QueryRow & RecordRow {
  return { ...queryRow(run.record.config, part), ...recordRow(run) };
}

/** The recorded run of a row; inverse of {@link rowOf}. */
export function runOf(row: RecordRow): RecordedRun {
  return { label: row.label, record: { status: "done", ...identityOf(row), result: resultOf(row) } };
}

/** A row's record but for its result. */
export function identityOf(row: RecordRow): Omit<RunRecord, "status" | "result"> {
  const { id, commit, backend, machine, seconds } = row;
  return {
    id,
    protocolVersion: row.protocol_version,
    config: JSON.parse(row.config),
    checksums: JSON.parse(row.checksums),
    provenance: { commit, backend, machine, seconds },
  };
}

/** A row's result. */
export function resultOf(row: RecordRow): RunResult {
  const epochs = row.train_loss.map((trainLoss, i) => {
    return { epoch: i + 1, trainLoss, testLoss: row.test_loss[i], testAccuracy: row.test_accuracy[i] };
  });
  return {
    epochs,
    accuracy: row.accuracy,
    bestAccuracy: row.best_accuracy,
    nonzeros: row.nonzeros,
    hiddenSparsity: row.hidden_sparsity,
    overallSparsity: row.overall_sparsity,
    layers: row.layer.map((_, rank) => layerOf(row, rank)),
  };
}

function queryRow(config: RunConfig, { experiment, protocol }: { experiment: string; protocol: string }): QueryRow {
  const { start, update, budget } = config;
  const profile = start.kind === "profile" ? start : null;
  const schedule = update.kind === "static" ? null : update;
  return {
    experiment,
    protocol,
    dataset: config.dataset,
    training_rows: config.trainingRows,
    hidden: config.hidden,
    layer_norm: config.layerNorm,
    sparsity: config.sparsity,
    budget: typeof budget === "string" ? budget : "by layer",
    dense_input: config.denseInput,
    dense_output: config.denseOutput,
    start: start.kind,
    start_family: profile && familyName(profile.family),
    start_cv: profile === null ? [] : [profile.cv].flat(),
    start_keep: start.kind === "transplant" ? start.keep : null,
    update: update.kind,
    update_growth: update.kind === "rigl" ? update.growth : null,
    update_interval: schedule?.interval ?? null,
    update_alpha: schedule?.alpha ?? null,
    update_end: schedule?.end ?? null,
    weights: config.weights,
    optimizer: config.optimizer.kind,
    learning_rate: config.learningRate,
    schedule: config.schedule,
    batch: config.batch,
    epochs: config.epochs,
    seed: config.seed,
    engine: config.engine,
  };
}

function recordRow({ label, record }: RecordedRun): RecordRow {
  const { id, config, checksums, result, provenance } = record;
  const { epochs, layers } = result;
  const of = <T>(value: (layer: LayerRecord) => T): T[] => layers.map(value);
  return {
    label,
    id,
    protocol_version: record.protocolVersion,
    config: canonicalJson(config),
    checksums: canonicalJson(checksums),
    commit: provenance.commit,
    backend: provenance.backend,
    machine: provenance.machine,
    seconds: provenance.seconds,
    accuracy: result.accuracy,
    best_accuracy: result.bestAccuracy,
    hidden_sparsity: result.hiddenSparsity,
    overall_sparsity: result.overallSparsity,
    nonzeros: result.nonzeros,
    train_loss: epochs.map(({ trainLoss }) => trainLoss),
    test_loss: epochs.map(({ testLoss }) => testLoss),
    test_accuracy: epochs.map(({ testAccuracy }) => testAccuracy),
    layer: of(({ layer }) => layer),
    inputs: of(({ inputs }) => inputs),
    neurons: of(({ neurons }) => neurons),
    connections: of(({ connections }) => connections),
    rewired: of(({ rewired }) => rewired),
    explored: of(({ explored }) => explored),
    weight_change: of(({ weightChange }) => weightChange),
    fan_out_cv_start: of(({ fanOutCv }) => fanOutCv.start),
    fan_out_cv_end: of(({ fanOutCv }) => fanOutCv.end),
    fan_in_step: of(({ fanInSteps }) => fanInSteps),
    fan_in: of(({ fanIn }) => fanIn),
    update_step: of(({ updates }) => updates.step),
    update_dropped: of(({ updates }) => updates.dropped),
    update_regrown: of(({ updates }) => updates.regrown),
    update_cv: of(({ updates }) => updates.cv),
    update_inactive: of(({ updates }) => updates.inactive),
    gradient_epoch: of(({ gradients }) => gradients.epoch),
    gradient_mean: of(({ gradients }) => gradients.mean),
    gradient_l2: of(({ gradients }) => gradients.l2),
    gradient_sum: of(({ gradients }) => gradients.sum),
    gradient_l2_null: of(({ gradients }) => gradients.l2Null),
    gradient_sum_null: of(({ gradients }) => gradients.sumNull),
  };
}

function layerOf(row: RecordRow, rank: number): LayerRecord {
  const digits = (values: readonly number[]): number[] => values.map(sixDigits);
  const ratios = (values: readonly (number | null)[]): (number | null)[] =>
    values.map((value) => (value === null ? null : sixDigits(value)));
  const [dropped, regrown] = [row.update_dropped[rank], row.update_regrown[rank]];
  return {
    layer: row.layer[rank],
    inputs: row.inputs[rank],
    neurons: row.neurons[rank],
    connections: row.connections[rank],
    fanInSteps: row.fan_in_step[rank],
    fanIn: row.fan_in[rank],
    updates: {
      step: row.update_step[rank],
      dropped,
      regrown,
      grown: dropped.map((count, update) => count - regrown[update]),
      cv: digits(row.update_cv[rank]),
      inactive: digits(row.update_inactive[rank]),
    },
    rewired: row.rewired[rank],
    explored: row.explored[rank],
    weightChange: row.weight_change[rank],
    fanOutCv: { start: row.fan_out_cv_start[rank], end: row.fan_out_cv_end[rank] },
    gradients: {
      epoch: row.gradient_epoch[rank],
      mean: ratios(row.gradient_mean[rank]),
      l2: ratios(row.gradient_l2[rank]),
      sum: ratios(row.gradient_sum[rank]),
      l2Null: ratios(row.gradient_l2_null[rank]),
      sumNull: ratios(row.gradient_sum_null[rank]),
    },
  };
}
