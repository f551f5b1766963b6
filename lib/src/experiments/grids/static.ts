import { type FamilyName, familyNames } from "../../profiles/families";
import type { RunConfig } from "../../training/config";
import type { GridRun } from "../part";
import { gridSeeds } from "../protocol";
import { baseOf, type GridSetting, levelsOf, seedsOf } from "./setting";
import { denseRuns, profileStart, sparseRuns, type Variant } from "./variants";

/** The eight parametric families of the paper; all but `linear` and `logarithmic` go further than this CV. */
export const parametricFamilies: readonly FamilyName[] = familyNames.filter(
  (family) => !["constant", "lognormal", "power-law"].includes(family),
);

/**
 * Claims S1 and S2: dense, random, ERK and every family at every sparsity, over all seeds. Structures share a uniform
 * budget; ERK is the exception. Two structures come a second time with scattered inputs instead of windows, since
 * random masks differ from profiles in that, too.
 */
export function staticGrid(setting: GridSetting): GridRun[] {
  const [base, seeds] = [baseOf(setting), seedsOf(setting, gridSeeds)];
  return [...denseRuns(base, seeds), ...sparseRuns(base, { sparsities: levelsOf(setting), seeds }, structures)];
}

function structures(at: RunConfig): Variant[] {
  return [
    { label: "random", change: { start: { kind: "random" } } },
    { label: "ERK", change: { start: { kind: "random" }, budget: "erk" } },
    { label: "constant", change: { start: profileStart(at, { family: "constant", cv: 0 }) } },
    ...parametricFamilies.map((family) => {
      return { label: `${family} CV 0.5`, change: { start: profileStart(at, { family, cv: 0.5 }) } };
    }),
    { label: "lognormal CV 1", change: { start: profileStart(at, { family: "lognormal", cv: 1 }) } },
    { label: "power-law CV 1", change: { start: profileStart(at, { family: "power-law", cv: 1 }) } },
    {
      label: "constant, scattered",
      change: { start: profileStart(at, { family: "constant", cv: 0, rule: "random" }) },
    },
    {
      label: "lognormal CV 1, scattered",
      change: { start: profileStart(at, { family: "lognormal", cv: 1, rule: "random" }) },
    },
  ];
}
