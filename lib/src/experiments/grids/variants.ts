import { catalogue, type DatasetName } from "../../datasets/catalogue";
import { isSparse, layerBudgets, type Start } from "../../network/start";
import type { LayerBudget } from "../../profiles/allocation";
import type { FamilyName } from "../../profiles/families";
import { fanInProfile, maximumCv } from "../../profiles/fan-in-profile";
import { type RunConfig, resolveConfig, type TrainConfig } from "../../training/config";
import type { WiringRule } from "../../wiring/wire";
import type { GridRun } from "../part";

/** What the runs of an experiment share. */
export type Base = TrainConfig & { readonly dataset: string };

/** A named change of a config. */
export interface Variant {
  readonly label: string;
  readonly change: Partial<RunConfig>;
}

/** Every variant at every sparsity and seed; seeds outermost, so that an unfinished grid has whole seeds. */
export function sparseRuns(
  base: Base,
  { sparsities, seeds }: { readonly sparsities: readonly number[]; readonly seeds: readonly number[] },
  variants: (at: RunConfig) => readonly Variant[],
): GridRun[] {
  return seeds.flatMap((seed) =>
    sparsities.flatMap((sparsity) => {
      const at = resolveConfig({ ...base, sparsity, seed });
      return variants(at).map(({ label, change }) => ({ label, config: resolveConfig({ ...at, ...change }) }));
    }),
  );
}

/** The dense network, once a seed. */
export function denseRuns(base: Base, seeds: readonly number[]): GridRun[] {
  const dense: Variant = { label: "dense", change: { start: { kind: "dense" }, update: { kind: "static" } } };
  return sparseRuns(base, { sparsities: [0], seeds }, () => [dense]);
}

export interface ProfileChoice {
  readonly family: FamilyName;
  /** The same for every sparse layer, or one for each. */
  readonly cv: number | readonly number[];
  readonly rule?: WiringRule;
}

/** A profile in every sparse layer of a config; where a layer cannot have its CV, it takes the {@link nearestCv}. */
export function profileStart(at: RunConfig, { family, cv, rule = "window" }: ProfileChoice): Start {
  const wanted = (layer: number): number => (typeof cv === "number" ? cv : cv[layer]);
  const cvs = sparseLayers(at).map((layer, i) => nearestCv(family, layer, wanted(i)));
  const areEqual = cvs.every((each) => each === cvs[0]);
  return { kind: "profile", family, cv: areEqual ? cvs[0] : cvs, rule, permute: true };
}

/** The sparse layers of a config, with their numbers of connections. */
export function sparseLayers(at: RunConfig): LayerBudget[] {
  const { inputs, classes } = catalogue[at.dataset as DatasetName];
  return layerBudgets({ ...at, sizes: [inputs, ...at.hidden, classes] }).filter(isSparse);
}

/**
 * The CV nearest to the one wanted that a family has in a layer: that one, or the layer's ceiling rounded down to
 * 0.01, or, where even the most equal whole numbers vary more, 0: fan-in as equal as it can be.
 */
export function nearestCv(family: FamilyName, layer: LayerBudget, wanted: number): number {
  const key = JSON.stringify([family, layer, wanted]);
  const cv = nearest.get(key) ?? findNearestCv(family, layer, wanted);
  nearest.set(key, cv);
  return cv;
}

/** What was found already: a grid asks the same of every seed. */
const nearest = new Map<string, number>();

function findNearestCv(family: FamilyName, layer: LayerBudget, wanted: number): number {
  const ceiling = Math.floor(100 * maximumCv(family, layer)) / 100;
  const candidates = wanted < ceiling ? [wanted] : [ceiling, ceiling - 0.01];
  return candidates.find((cv) => cv > 0 && exists(family, layer, cv)) ?? 0;
}

function exists(family: FamilyName, layer: LayerBudget, cv: number): boolean {
  try {
    fanInProfile({ family, cv }, layer);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
