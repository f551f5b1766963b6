import type { RecordedRun } from "psn/dist/experiments/run-grid";
import { resolveConfig, type TrainConfig } from "psn/dist/training/config";
import type { UpdateLog } from "psn/dist/training/update-layers";

/** A made-up record, for tests of what is computed from records. */
export function recordedRun(
  label: string,
  config: Partial<TrainConfig>,
  { accuracy = 0.5, initialFanIn = [[2, 2]] as (number[] | null)[], updates = [] as UpdateLog[] } = {},
): RecordedRun {
  const epochs = [{ epoch: 1, trainLoss: 1, testLoss: 1, testAccuracy: accuracy }];
  const counts = { nonzeros: [4], hiddenSparsity: 0.5, overallSparsity: 0.5 };
  return {
    label,
    record: {
      status: "done",
      id: "0",
      protocolVersion: 1,
      config: resolveConfig({ dataset: "mnist", ...config }),
      checksums: {},
      result: { epochs, accuracy, bestAccuracy: 1, ...counts, initialFanIn, updates },
      provenance: { commit: "c", backend: "b", machine: "m", seconds: 1 },
    },
  };
}

/** One update of one layer that leaves the given fan-ins. */
export function update(step: number, layer: number, fanIn: number[]): UpdateLog {
  return { step, layer, dropped: 1, regrown: 0, grown: 1, fanIn };
}
