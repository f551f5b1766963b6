import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { accuracyRows } from "../experiments/tables";
import { holm } from "../statistics/holm";
import { mean } from "../statistics/samples";
import { besides, type Cell, cellsOf, pairedDifference } from "./cells";
import type { Comparison } from "./s2-gains";
import { windowProfiles } from "./structures";

/**
 * Gain of the ten profiles in windows together: of their mean accuracy at each seed (percentage points, last epoch).
 * Single cells are many and their seeds few; what all profiles share shows here first.
 */
export interface TogetherRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  readonly comparison: Comparison;
  /** `random` as stated, `constant`, in windows as well, like for like. */
  readonly against: string;
  readonly mean: number;
  /** 95 % t interval. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Mean accuracies of the profiles together and of what they are held against, in per cent. */
  readonly together: number;
  readonly alone: number;
  /** One-sided paired t, of no gain; and Holm-adjusted over the cells of the protocol and the comparison. */
  readonly p: number;
  readonly adjustedP: number;
}

/** Profiles together in every cell of the static grid, over the seeds at which all of them are recorded. */
export function togetherRows(runs: readonly PaperRun[]): TogetherRow[] {
  const cells = cellsOf(runs, ["static"]);
  const baselines: readonly (readonly [Comparison, string])[] = [
    ["as stated", "random"],
    ["like for like", "constant"],
  ];
  return baselines.flatMap(([comparison, against]) => {
    const raw = cells
      .filter(({ label }) => label === against)
      .flatMap((baseline) => {
        const gain = gainTogether(baseline, cells);
        const { protocol, dataset, sparsity } = baseline;
        return gain === null ? [] : [{ protocol, dataset, sparsity, comparison, against, ...gain }];
      });
    return [...new Set(raw.map(({ protocol }) => protocol))].flatMap((protocol) => {
      const family = raw.filter((row) => row.protocol === protocol);
      const adjusted = holm(family.map(({ p }) => p));
      return family.map((row, i) => ({ ...row, adjustedP: adjusted[i] }));
    });
  });
}

type Gain = Pick<TogetherRow, "mean" | "low" | "high" | "n" | "together" | "alone" | "p">;

function gainTogether(baseline: Cell, cells: readonly Cell[]): Gain | null {
  const profiles = windowProfiles.map((label) => besides(cells, baseline, label));
  const bySeed = profiles.map(
    (cell) => new Map(accuracyRows(cell?.runs ?? []).map(({ seed, accuracy }) => [seed, 100 * accuracy])),
  );
  const shared = accuracyRows(baseline.runs).filter(({ seed }) => bySeed.every((profile) => profile.has(seed)));
  if (shared.length < 2) return null;
  const together = shared.map(({ seed }) => mean(bySeed.map((profile) => profile.get(seed) as number)));
  const alone = shared.map(({ accuracy }) => 100 * accuracy);
  const { mean: centre, low, high, n, gainP, a, b } = pairedDifference(alone, together);
  return { mean: centre, low, high, n, alone: a, together: b, p: gainP };
}
