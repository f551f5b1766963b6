import type { TransplantKeep } from "../../topology/transplant";
import type { TopologyUpdate } from "../../topology/update";
import { type RunConfig, rigl } from "../../training/config";
import type { GridRun } from "../part";
import { gridSeeds, mainSparsity } from "../protocol";
import { epochsOf, type GridSetting, levelsOf, riglBase, scaleOf, seedsOf } from "./setting";
import { type ProfileChoice, profileStart, sparseRuns, type Variant } from "./variants";

/** How much longer these runs are than those of the other experiments, and how many fan-in vectors they keep. */
const LONGER = 1.5;
const HISTORY = 12;

/** Where it runs, images and not, and with how many seeds: with five, the test of equivalence seldom decides (simulated). */
export const equilibriumSeeds: Readonly<Record<string, number>> = { "fashion-mnist": 10, covtype: gridSeeds };

/**
 * Claims E1 and E2: long runs of RigL from starts of equal budget (ERK), equal and unequal in fan-in; from its own
 * equilibrium; its controls; and, on Fashion-MNIST, as long as elsewhere, other ΔT, α and T_end, deeper and wider networks.
 */
export function equilibriumGrid(setting: GridSetting): GridRun[] {
  const long = { epochs: Math.round(LONGER * epochsOf(setting)), history: HISTORY, budget: "erk" } as const;
  const sparsities = levelsOf(setting, [mainSparsity]);
  const runs = (n: number, variants: (at: RunConfig) => Variant[], changes: Partial<RunConfig> = {}): GridRun[] =>
    sparseRuns(riglBase(setting, { ...long, ...changes }), { sparsities, seeds: seedsOf(setting, n) }, variants);
  const seeds = equilibriumSeeds[setting.dataset] ?? gridSeeds;
  const common = [...runs(seeds, starts), ...runs(seeds, fixedPoints)];
  if (setting.dataset !== "fashion-mnist") return common;
  return [
    ...common,
    ...runs(gridSeeds, (at) => controls(at, scaleOf(setting).interval)),
    ...runs(gridSeeds, sensitivity, { epochs: epochsOf(setting) }),
    ...runs(gridSeeds, architectures, { epochs: epochsOf(setting) }),
  ];
}

const random: Variant = { label: "ERK", change: { start: { kind: "random" } } };

function profile(at: RunConfig, label: string, choice: ProfileChoice): Variant {
  return { label, change: { start: profileStart(at, choice) } };
}

function starts(at: RunConfig): Variant[] {
  return [
    random,
    profile(at, "constant", { family: "constant", cv: 0 }),
    profile(at, "lognormal CV 0.5", { family: "lognormal", cv: 0.5 }),
    profile(at, "lognormal CV 1", { family: "lognormal", cv: 1 }),
    profile(at, "lognormal CV 2", { family: "lognormal", cv: 2 }),
    profile(at, "power-law CV 1", { family: "power-law", cv: 1 }),
    profile(at, "power-law CV 2", { family: "power-law", cv: 2 }),
    profile(at, "step CV 0.5", { family: "step", cv: 0.5 }),
  ];
}

/** RigL once more from where RigL, started from ERK, ended: from its masks, and from its fan-ins with other inputs. */
function fixedPoints(at: RunConfig): Variant[] {
  const from = { start: random.change.start!, update: at.update };
  const start = (keep: TransplantKeep): RunConfig["start"] => ({ kind: "transplant", from, keep });
  return [
    { label: "from its own masks", change: { start: start("masks") } },
    { label: "from its own fan-ins", change: { start: start("fan-ins") } },
  ];
}

/** From an even and an uneven start: growth at random (SET), by shuffled gradients, and within each neuron. */
function controls(at: RunConfig, interval: number): Variant[] {
  const { growth: _, skipStep: __, ...schedule } = { ...rigl, interval };
  const updates: readonly [string, TopologyUpdate][] = [
    ["SET", { ...schedule, kind: "set" }],
    ["shuffled gradients", { ...rigl, interval, growth: "shuffled" }],
    ["row-wise growth", { ...rigl, interval, growth: "row-wise" }],
  ];
  return updates.flatMap(([name, update]) => fromTwo(at, name, { update }));
}

/** Other schedules of RigL. An update every 1000 steps at α = 0.1 is one of them. */
function sensitivity(at: RunConfig): Variant[] {
  const schedules: readonly [string, Partial<typeof rigl>][] = [
    ["ΔT 50", { interval: 50 }],
    ["ΔT 300", { interval: 300 }],
    ["ΔT 1000, α 0.1", { interval: 1000, alpha: 0.1 }],
    ["α 0.1", { alpha: 0.1 }],
    ["α 0.5", { alpha: 0.5 }],
    ["T_end 1", { end: 1 }],
  ];
  return schedules.flatMap(([name, change]) => fromTwo(at, name, { update: { ...rigl, ...change } }));
}

function architectures(at: RunConfig): Variant[] {
  const shapes: readonly [string, readonly number[]][] = [
    ["deep", [512, 256, 256, 128]],
    ["wide", [1024, 1024]],
  ];
  return shapes.flatMap(([name, hidden]) => fromTwo({ ...at, hidden }, name, { hidden }));
}

function fromTwo(at: RunConfig, name: string, change: Partial<RunConfig>): Variant[] {
  const uneven = profileStart(at, { family: "lognormal", cv: 2 });
  return [
    { label: `${name}, ERK`, change: { ...change, start: { kind: "random" } } },
    { label: `${name}, lognormal CV 2`, change: { ...change, start: uneven } },
  ];
}
