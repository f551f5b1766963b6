import { type RunConfig, resolveConfig } from "../../training/config";
import type { GridRun } from "../part";
import { mainSparsity } from "../protocol";
import { baseOf, epochsOf, type GridSetting, levelsOf, seedsOf } from "./setting";
import type { Variant } from "./variants";

/**
 * Where claim S1 holds: dense against a random mask at 90 %, under one change of protocol at a time. Labels are
 * "dense" and "random", then the change.
 */
export function calibrationGrid(setting: GridSetting): GridRun[] {
  const [sparsity] = levelsOf(setting, [mainSparsity]);
  return seedsOf(setting, 3).flatMap((seed) =>
    changes(setting).flatMap(({ label, change }) => {
      const at = { ...baseOf(setting, change), seed };
      return [
        { label: `dense, ${label}`, config: resolveConfig({ ...at, sparsity: 0, start: { kind: "dense" } }) },
        { label: `random, ${label}`, config: resolveConfig({ ...at, sparsity, start: { kind: "random" } }) },
      ];
    }),
  );
}

function changes(setting: GridSetting): Variant[] {
  const { hidden } = resolveConfig(baseOf(setting));
  const epochs = epochsOf(setting);
  const variants: readonly [string, Partial<RunConfig>][] = [
    ["plain", {}],
    ["cosine decay", { schedule: "cosine" }],
    ["LayerNorm", { layerNorm: true }],
    ["half the epochs", { epochs: Math.max(1, Math.round(epochs / 2)) }],
    ["twice the epochs", { epochs: 2 * epochs }],
    ["half as wide", { hidden: hidden.map((width) => width / 2) }],
    ["12 000 training rows", { trainingRows: 12_000 }],
    ["dense first layer", { denseInput: true }],
    ["learning rate 3e-4", { learningRate: 3e-4 }],
  ];
  return variants.map(([label, change]) => ({ label, change }));
}
