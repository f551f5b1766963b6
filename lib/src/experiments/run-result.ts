import { fanInStatistics } from "../measures/fan-in";
import type { GradientLog, LayerChange } from "../training/history";
import type { TrainResult } from "../training/train";
import type { UpdateLog } from "../training/update-layers";
import { sixDigits } from "./parquet";
import type { GradientColumns, LayerRecord, RunResult, UpdateColumns } from "./record";

/** What a record keeps of what training returned: numbers of every update, and a few of its fan-in vectors. */
export function runResult(trained: TrainResult): RunResult {
  const { epochs, accuracy, bestAccuracy, nonzeros, hiddenSparsity, overallSparsity } = trained;
  const layers = trained.changes.map((change) => layerRecord(change, trained));
  return { epochs, accuracy, bestAccuracy, nonzeros, hiddenSparsity, overallSparsity, layers };
}

function layerRecord({ layer, ...change }: LayerChange, trained: TrainResult): LayerRecord {
  const { inputs, neurons, columns } = trained.layers[layer].topology!;
  const updates = trained.updates.filter((update) => update.layer === layer);
  const kept = evenlySpaced(updates, trained.config.history);
  return {
    layer,
    inputs,
    neurons,
    connections: columns.length,
    fanInSteps: [0, ...kept.map(({ step }) => step)],
    fanIn: [trained.initialFanIn[layer]!, ...kept.map(({ fanIn }) => fanIn)],
    updates: updateColumns(updates),
    ...change,
    gradients: gradientColumns(trained.gradients.filter((log) => log.layer === layer)),
  };
}

/** `count` of the items, or all if there are fewer: evenly spaced, the last one included. */
function evenlySpaced<T>(items: readonly T[], count: number): T[] {
  const chosen = Math.min(count, items.length);
  return Array.from({ length: chosen }, (_, i) => items[Math.round(((i + 1) * items.length) / chosen) - 1]);
}

function updateColumns(updates: readonly UpdateLog[]): UpdateColumns {
  const statistics = updates.map(({ fanIn }) => fanInStatistics(fanIn));
  return {
    step: updates.map(({ step }) => step),
    dropped: updates.map(({ dropped }) => dropped),
    regrown: updates.map(({ regrown }) => regrown),
    grown: updates.map(({ grown }) => grown),
    cv: statistics.map(({ cv }) => sixDigits(cv)),
    inactive: statistics.map(({ zeroShare }) => sixDigits(zeroShare)),
  };
}

function gradientColumns(logs: readonly GradientLog[]): GradientColumns {
  const column = (name: "mean" | "l2" | "sum" | "l2Null" | "sumNull"): (number | null)[] =>
    logs.map(({ [name]: value }) => value && sixDigits(value));
  return {
    epoch: logs.map(({ epoch }) => epoch),
    mean: column("mean"),
    l2: column("l2"),
    sum: column("sum"),
    l2Null: column("l2Null"),
    sumNull: column("sumNull"),
  };
}
