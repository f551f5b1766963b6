import type { RunConfig } from "../../training/config";
import type { WiringRule } from "../../wiring/wire";
import { equilibriumCv } from "../equilibrium";
import type { GridRun } from "../part";
import { gridSeeds, matchedSeeds } from "../protocol";
import type { RecordedRun } from "../run-grid";
import { baseOf, type GridSetting, levelsOf, riglBase, seedsOf } from "./setting";
import { denseRuns, profileStart, sparseRuns, type Variant } from "./variants";

/** Claims R1, R2 and E1: RigL from homogeneous and heterogeneous starts. All but `random` share the ERK budget. */
export function riglGrid(setting: GridSetting): GridRun[] {
  const [base, sparsities] = [riglBase(setting), levelsOf(setting)];
  const seeds = seedsOf(setting, gridSeeds);
  return [
    ...denseRuns(baseOf(setting), seeds),
    ...sparseRuns(base, { sparsities, seeds: seedsOf(setting, matchedSeeds) }, () => [erk]),
    ...sparseRuns(base, { sparsities, seeds }, otherStarts),
  ];
}

/**
 * The second stage: RigL started from lognormal profiles matched to its own equilibrium, the fan-in CVs at which runs
 * started from ERK end. Once with windows of neighbouring inputs, as profiles have by default, and once with scattered
 * inputs, as ERK masks have: else a gain could come from the windows. A sparsity of which not all ERK runs are there
 * is left out.
 */
export function matchedGrid(setting: GridSetting, runs: readonly RecordedRun[]): GridRun[] {
  const seeds = seedsOf(setting, matchedSeeds);
  return levelsOf(setting).flatMap((sparsity) => {
    const ended = runs.filter(({ label, record }) => label === "ERK" && record.config.sparsity === sparsity);
    if (ended.length < seeds.length) return [];
    const cv = equilibriumCv(ended);
    return sparseRuns(riglBase(setting), { sparsities: [sparsity], seeds }, (at) => [
      matched(at, cv, "window"),
      matched(at, cv, "random"),
    ]);
  });
}

const erk: Variant = { label: "ERK", change: { start: { kind: "random" }, budget: "erk" } };

function otherStarts(at: RunConfig): Variant[] {
  const withErk: RunConfig = { ...at, budget: "erk" };
  const lognormal = (cv: number): Variant => {
    const start = profileStart(withErk, { family: "lognormal", cv });
    return { label: `lognormal CV ${cv}`, change: { start, budget: "erk" } };
  };
  const profile = (label: string, choice: Parameters<typeof profileStart>[1]): Variant => {
    return { label, change: { start: profileStart(withErk, choice), budget: "erk" } };
  };
  return [
    { label: "random", change: { start: { kind: "random" } } },
    profile("constant", { family: "constant", cv: 0 }),
    profile("constant, scattered", { family: "constant", cv: 0, rule: "random" }),
    lognormal(0.5),
    lognormal(1),
    lognormal(2),
    profile("power-law CV 1", { family: "power-law", cv: 1 }),
  ];
}

function matched(at: RunConfig, cv: readonly number[], rule: WiringRule): Variant {
  const start = profileStart({ ...at, budget: "erk" }, { family: "lognormal", cv, rule });
  return { label: rule === "random" ? "matched, scattered" : "matched", change: { start, budget: "erk" } };
}
