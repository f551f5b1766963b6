import type { RecordedRun } from "./run-grid";
import { fanInCvRows, lastOfEachRun } from "./tables";

/**
 * The fan-in CV of every sparse layer at the end of RigL, mean over runs, rounded to 0.01: what a matched start is
 * given.
 *
 * @param runs RigL runs of one data set, sparsity and start
 * @throws RangeError without runs
 */
export function equilibriumCv(runs: readonly RecordedRun[]): number[] {
  const rows = lastOfEachRun(fanInCvRows(runs));
  if (rows.length === 0) throw new RangeError("equilibriumCv: no sparse layer in any run; pass RigL runs of one start");
  const layers = [...new Set(rows.map(({ layer }) => layer))].sort((a, b) => a - b);
  return layers.map((layer) => {
    const values = rows.filter((row) => row.layer === layer).map(({ cv }) => cv);
    return Math.round((100 * values.reduce((sum, cv) => sum + cv, 0)) / values.length) / 100;
  });
}
