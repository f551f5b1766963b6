import { type RunConfig, resolveConfig, rigl } from "../../training/config";
import { type Protocol, protocols, type Scale, scales, sparsityLevels } from "../protocol";
import type { Base } from "./variants";

/** What an experiment is asked for: a protocol and a data set, in full or as a first look. */
export interface GridSetting {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly quick: boolean;
}

export function scaleOf({ quick }: GridSetting): Scale {
  return quick ? scales.quick : scales.paper;
}

/** Seeds 0 … n − 1, as many as the scale allows. */
export function seedsOf(setting: GridSetting, n: number): number[] {
  return Array.from({ length: Math.min(n, scaleOf(setting).mostSeeds) }, (_, seed) => seed);
}

/** The protocol's sparsity levels, or those given, as far as the scale goes. */
export function levelsOf(setting: GridSetting, levels: readonly number[] = sparsityLevels[setting.protocol]): number[] {
  const { sparsities } = scaleOf(setting);
  return levels.filter((level) => sparsities === null || sparsities.includes(level));
}

/** The config that the runs of an experiment share; `changes` give way to the scale's number of epochs. */
export function baseOf(setting: GridSetting, changes: Partial<RunConfig> = {}): Base {
  const { epochs } = scaleOf(setting);
  return {
    ...protocols[setting.protocol],
    ...changes,
    dataset: setting.dataset,
    ...(epochs === null ? {} : { epochs }),
  };
}

/** {@link baseOf} with RigL at the scale's interval. */
export function riglBase(setting: GridSetting, changes: Partial<RunConfig> = {}): Base {
  return { ...baseOf(setting, changes), update: { ...rigl, interval: scaleOf(setting).interval } };
}

/** The epochs that a data set trains for under a setting. */
export function epochsOf(setting: GridSetting): number {
  return resolveConfig(baseOf(setting)).epochs;
}
