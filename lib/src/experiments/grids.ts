import type { Start } from "../network/start";
import { familyNames } from "../profiles/families";
import { type RunConfig, resolveConfig, rigl } from "../training/config";
import type { Scale } from "./protocol";

/** One run of a grid, with the name of its structure or start as tables and figures show it. */
export interface GridRun {
  readonly label: string;
  readonly config: RunConfig;
}

/** A named change of a config. */
interface Variant {
  readonly label: string;
  readonly change: Partial<RunConfig>;
}

type ProfileStart = Extract<Start, { kind: "profile" }>;

function profile(family: ProfileStart["family"], cv: ProfileStart["cv"]): ProfileStart {
  return { kind: "profile", family, cv, rule: "window", permute: true };
}

const dense: Variant = { label: "dense", change: { start: { kind: "dense" }, sparsity: 0 } };
const random: Variant = { label: "random", change: { start: { kind: "random" } } };
const erk: Variant = { label: "ERK", change: { start: { kind: "random" }, budget: "erk" } };

/** Every family at the CV that all can reach; lognormal and power-law layers, which have no such limit, also far above. */
const profiles: readonly Variant[] = familyNames.flatMap((family) => {
  if (family === "constant") return [{ label: family, change: { start: profile(family, 0) } }];
  const cvs = family === "lognormal" || family === "power-law" ? [0.5, 1, 2] : [0.5];
  return cvs.map((cv) => ({ label: `${family} CV ${cv}`, change: { start: profile(family, cv) } }));
});

/**
 * Claims S1 and S2: every static structure at every sparsity and seed, with dense beside them once a seed.
 * Structures share a uniform budget, so that only the distribution of fan-in differs; ERK is the exception.
 */
export function staticGrid(dataset: string, scale: Scale, base: Partial<RunConfig> = {}): GridRun[] {
  return grid(dataset, scale, base, [random, erk, ...profiles]);
}

/** Claim R1, E1: RigL from homogeneous and heterogeneous starts. All but `random` share the ERK budget. */
export function riglGrid(dataset: string, scale: Scale, base: Partial<RunConfig> = {}): GridRun[] {
  const starts: Variant[] = [
    random,
    erk,
    { label: "constant", change: { start: profile("constant", 0), budget: "erk" } },
    { label: "lognormal CV 1", change: { start: profile("lognormal", 1), budget: "erk" } },
  ];
  return grid(dataset, scale, { ...base, update: { ...rigl, interval: scale.interval } }, starts);
}

/**
 * RigL started from lognormal profiles matched to its own equilibrium: `cv(sparsity)` gives the fan-in CV of every
 * sparse layer at the end of runs started from ERK.
 */
export function matchedGrid(
  dataset: string,
  scale: Scale,
  cv: (sparsity: number) => readonly number[],
  base: Partial<RunConfig> = {},
): GridRun[] {
  const update = { ...rigl, interval: scale.interval };
  return scale.sparsities.flatMap((sparsity) => {
    const start = profile("lognormal", cv(sparsity));
    const matched: Variant = { label: "matched", change: { start, budget: "erk" } };
    return sparseRuns(dataset, { ...scale, sparsities: [sparsity] }, { ...base, update }, [matched]);
  });
}

function grid(dataset: string, scale: Scale, base: Partial<RunConfig>, variants: readonly Variant[]): GridRun[] {
  const once = { ...scale, sparsities: [0] };
  const reference = sparseRuns(dataset, once, { ...base, update: { kind: "static" } }, [dense]);
  return [...reference, ...sparseRuns(dataset, scale, base, variants)];
}

function sparseRuns(dataset: string, scale: Scale, base: Partial<RunConfig>, variants: readonly Variant[]): GridRun[] {
  const { epochs, trainingRows } = scale;
  return scale.seeds.flatMap((seed) =>
    scale.sparsities.flatMap((sparsity) =>
      variants.map(({ label, change }) => ({
        label,
        config: resolveConfig({ dataset, epochs, trainingRows, sparsity, seed, ...base, ...change }),
      })),
    ),
  );
}
