import type { LayerRecord } from "psn/dist/experiments/record";
import type { RecordedRun } from "psn/dist/experiments/run-grid";
import { protocolVersion } from "psn/dist/experiments/run-id";
import { fanInStatistics } from "psn/dist/measures/fan-in";
import { resolveConfig, type TrainConfig } from "psn/dist/training/config";

/** A made-up record, for tests of what is computed from records. */
export function recordedRun(
  label: string,
  config: Partial<TrainConfig>,
  { accuracy = 0.5, layers = [layerRecord(0, { 0: [2, 2] })] as readonly LayerRecord[] } = {},
): RecordedRun {
  const epochs = [{ epoch: 1, trainLoss: 1, testLoss: 1, testAccuracy: accuracy }];
  const counts = { nonzeros: [4], hiddenSparsity: 0.5, overallSparsity: 0.5 };
  return {
    label,
    record: {
      status: "done",
      id: "0",
      protocolVersion,
      config: resolveConfig({ dataset: "mnist", ...config }),
      checksums: {},
      result: { epochs, accuracy, bestAccuracy: 1, ...counts, layers },
      provenance: { commit: "c", backend: "b", machine: "m", seconds: 1 },
    },
  };
}

/** A layer of four inputs with the given fan-ins by step: 0 is the start, all others are updates. */
export function layerRecord(layer: number, fanInAt: Readonly<Record<number, readonly number[]>>): LayerRecord {
  const steps = Object.keys(fanInAt).map(Number);
  const updated = steps.slice(1);
  const ones = updated.map(() => 1);
  const statistics = updated.map((step) => fanInStatistics(fanInAt[step]));
  return {
    layer,
    inputs: 4,
    neurons: fanInAt[0].length,
    connections: fanInAt[0].reduce((sum, k) => sum + k, 0),
    fanInSteps: steps,
    fanIn: steps.map((step) => fanInAt[step]),
    updates: {
      step: updated,
      dropped: ones,
      regrown: updated.map(() => 0),
      grown: ones,
      cv: statistics.map(({ cv }) => cv),
      inactive: statistics.map(({ zeroShare }) => zeroShare),
    },
    rewired: 0,
    explored: 0.5,
    weightChange: 1,
    fanOutCv: { start: 0, end: 0 },
    gradients: { epoch: [0, 1], mean: [1, 1], l2: [1, 1], sum: [1, 1], l2Null: [1, 1], sumNull: [1, 1] },
  };
}
