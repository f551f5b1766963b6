import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { besides, cellsOf, differenceOf } from "./cells";
import { togetherRows } from "./s2-together";

/** What a gain over the random mask consists of: neighbouring inputs, and uneven fan-ins. */
export type InputRuleContrast =
  | "profiles in windows − random"
  | "windows alone (constant − random)"
  | "profiles alone, in windows (− constant)"
  | "profile alone, scattered (lognormal CV 1 − random)";

/** One of these differences (percentage points, last epoch), paired by seed, with the 95 % t interval. */
export interface InputRuleRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  readonly contrast: InputRuleContrast;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Two labels of the static grid that differ in the input rule alone, or in the profile alone. */
const pairs: readonly (readonly [InputRuleContrast, structure: string, against: string])[] = [
  ["windows alone (constant − random)", "constant", "random"],
  ["profile alone, scattered (lognormal CV 1 − random)", "lognormal CV 1, scattered", "random"],
];

/**
 * The gain over the random mask, taken apart. A profiled layer differs from a random mask twice: its fan-ins are uneven,
 * and its neurons read windows of neighbouring inputs.
 */
export function inputRuleRows(runs: readonly PaperRun[]): InputRuleRow[] {
  const together = togetherRows(runs).map(({ protocol, dataset, sparsity, comparison, mean, low, high, n }) => {
    const contrast: InputRuleContrast =
      comparison === "as stated" ? "profiles in windows − random" : "profiles alone, in windows (− constant)";
    return { protocol, dataset, sparsity, contrast, mean, low, high, n };
  });
  const cells = cellsOf(runs, ["static"]);
  const single = pairs.flatMap(([contrast, structure, against]) =>
    cells
      .filter(({ label }) => label === structure)
      .flatMap((cell) => {
        const gain = differenceOf(besides(cells, cell, against), cell);
        if (gain === null) return [];
        const { protocol, dataset, sparsity } = cell;
        const { mean, low, high, n } = gain;
        return [{ protocol, dataset, sparsity, contrast, mean, low, high, n }];
      }),
  );
  return [...together, ...single].sort((a, b) => order.indexOf(a.contrast) - order.indexOf(b.contrast));
}

const order: readonly InputRuleContrast[] = [
  "profiles in windows − random",
  "windows alone (constant − random)",
  "profiles alone, in windows (− constant)",
  "profile alone, scattered (lognormal CV 1 − random)",
];
