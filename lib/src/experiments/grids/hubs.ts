import { transplantKeeps } from "../../topology/transplant";
import { rigl } from "../../training/config";
import type { GridRun } from "../part";
import { mainSparsity, matchedSeeds } from "../protocol";
import { baseOf, type GridSetting, levelsOf, riglBase, scaleOf, seedsOf } from "./setting";
import { sparseRuns, type Variant } from "./variants";

/**
 * Claim H1: static networks on what RigL learned, from its whole masks down to nothing but the layers' numbers of
 * connections (ERK), each with fresh weights; and RigL itself beside them.
 */
export function hubsGrid(setting: GridSetting): GridRun[] {
  const at = { sparsities: levelsOf(setting, [mainSparsity]), seeds: seedsOf(setting, matchedSeeds) };
  const from = { start: { kind: "random" }, update: { ...rigl, interval: scaleOf(setting).interval } } as const;
  const inherited = transplantKeeps.map((keep): Variant => {
    return { label: keep, change: { start: { kind: "transplant", from, keep } } };
  });
  const erk: Variant = { label: "ERK", change: { start: { kind: "random" } } };
  return [
    ...sparseRuns(riglBase(setting, { budget: "erk" }), at, () => [{ label: "RigL", change: {} }]),
    ...sparseRuns(baseOf(setting, { budget: "erk" }), at, () => [erk, ...inherited]),
  ];
}
