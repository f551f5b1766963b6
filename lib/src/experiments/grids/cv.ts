import type { RunConfig } from "../../training/config";
import type { GridRun } from "../part";
import { gridSeeds, mainSparsity } from "../protocol";
import { baseOf, type GridSetting, levelsOf, seedsOf } from "./setting";
import { profileStart, sparseRuns, type Variant } from "./variants";

/** Fan-in CVs asked for; a layer that cannot have one takes the nearest that it can. */
export const cvLevels: readonly number[] = [0, 0.25, 0.5, 1, 1.5, 2, 2.5];

/** The sparsities at which the CV is varied. */
export const cvSparsities: readonly number[] = [mainSparsity, 0.98];

/** Claim S2, along the CV: lognormal and power-law structures from equal fan-ins to the layers' ceilings. */
export function cvGrid(setting: GridSetting): GridRun[] {
  const sparsities = levelsOf(setting, cvSparsities);
  return sparseRuns(baseOf(setting), { sparsities, seeds: seedsOf(setting, gridSeeds) }, structures);
}

function structures(at: RunConfig): Variant[] {
  const [, ...spread] = cvLevels;
  const variants = (["lognormal", "power-law"] as const).flatMap((family) =>
    spread.map((cv) => ({ label: `${family} CV ${cv}`, change: { start: profileStart(at, { family, cv }) } })),
  );
  return [{ label: "constant", change: { start: profileStart(at, { family: "constant", cv: 0 }) } }, ...variants];
}
