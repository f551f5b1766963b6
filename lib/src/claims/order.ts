import type { PaperRun } from "../experiments/part";
import { paperDatasets } from "../experiments/protocol";

/**
 * Runs in an order of their own: by experiment, protocol, data set, sparsity, label and seed. What is resampled or added
 * up in the order of records would otherwise differ, in the last digit shown, between places that list them otherwise.
 */
export function inOrder(runs: readonly PaperRun[]): PaperRun[] {
  const keyed = runs.map((run) => ({ run, ...placeOf(run) }));
  keyed.sort(
    (a, b) => compare(a.group, b.group) || a.sparsity - b.sparsity || compare(a.label, b.label) || a.seed - b.seed,
  );
  return keyed.map(({ run }) => run);
}

function placeOf({ experiment, protocol, label, record }: PaperRun) {
  const { dataset, sparsity, seed } = record.config;
  const rank = (paperDatasets as readonly string[]).indexOf(dataset);
  const group = `${experiment} ${protocol} ${rank < 0 ? paperDatasets.length : rank} ${dataset}`;
  return { group, sparsity, label, seed };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
