import { catalogue } from "../datasets/catalogue";
import { type ExperimentName, experimentNames, experimentParts } from "../experiments/experiments";
import { protocols, scales, sparsityLevels } from "../experiments/protocol";
import type { NotebookSettings, Parameter } from "./parameters";
import { labelOf, matched } from "./selection";

type Unchecked = Omit<NotebookSettings, "mainSparsity">;
/** How an error names a parameter. */
export type NameOf = (parameter: Parameter) => string;

/**
 * Checks the settings of a notebook, all of them here.
 *
 * @param nameOf how an error names a parameter: by itself, or by the variable that set it
 * @throws RangeError naming the parameter, its value, what is allowed and what to do
 */
export function checkSettings(settings: Unchecked, nameOf: NameOf = (name) => name): void {
  const { experiments } = settings;
  checkOneOf("experiments", experiments, experimentNames);
  for (const name of ["quick", "compute", "rerun"] as const) {
    if (typeof settings[name] !== "boolean") fail(nameOf(name), settings[name], "it must be true or false");
  }
  checkChoice(nameOf("datasets"), settings.datasets, Object.keys(catalogue));
  checkChoice(nameOf("protocols"), settings.protocols, Object.keys(protocols));
  checkSparsities(nameOf("sparsities"), settings);
  for (const name of ["starts", "structures"] as const) {
    if (settings[name] !== "all") checkNames(nameOf(name), settings[name], experiments);
  }
  checkOneOf(nameOf("engine"), [settings.engine], ["sparse", "tfjs"]);
  checkCount(nameOf("workers"), settings.workers);
  checkCount(nameOf("seeds"), settings.seeds);
}

/** What checked settings ask for that some experiments do not have, as far as others may have it, in words. */
export function surplusOf({ experiments, quick, ...settings }: Unchecked, nameOf: NameOf): string[] {
  if (experiments.length === 0) return [];
  const notes: string[] = [];
  for (const name of ["starts", "structures"] as const) {
    const value = settings[name];
    const known = value === "all" ? [] : namesOf(experiments);
    const others = value === "all" ? [] : value.filter((label) => !known.includes(label));
    if (others.length > 0)
      notes.push(`${nameOf(name)}: nothing in ${experiments.join(", ")} is named ${others.join(" or ")}.`);
  }
  const most = quick || settings.seeds === Number.POSITIVE_INFINITY ? settings.seeds : mostSeeds(experiments);
  if (settings.seeds > most)
    notes.push(`${nameOf("seeds")} is ${settings.seeds}: there are ${most}, all of them taken.`);
  return notes;
}

/** Names that only other experiments have do no harm: one switch is for all notebooks. */
function checkNames(name: string, values: readonly string[], experiments: readonly ExperimentName[]): void {
  const [own, all] = [experiments, experimentNames].map(namesOf);
  checkChoice(name, values, all, { told: own.length > 0 ? own : all, more: ', or "all" of them' });
}

/** Records are of some levels only; what is trained here and now can have any. */
function checkSparsities(name: string, { experiments, quick, sparsities }: Unchecked): void {
  const isShare = (value: number): boolean => value > 0 && value < 1;
  checkChoice(name, sparsities, experiments.length > 0 ? sparsityLevels.plain : sparsities);
  const wrong = sparsities.find((value) => !isShare(value));
  if (wrong !== undefined) fail(name, wrong, "each must be above 0 and below 1");
  const levels = scales.quick.sparsities;
  if (quick && experiments.length > 0 && levels !== null && !levels.some((level) => sparsities.includes(level))) {
    fail(name, sparsities, `a quick look has ${levels.join(", ")} only; add that, or leave out quick`);
  }
}

/** The names of all structures and starts of some experiments, in their order. */
export function namesOf(experiments: readonly ExperimentName[]): string[] {
  const named = experiments.filter((name) => name !== "anchors" && experimentNames.includes(name));
  const labels = named.flatMap((experiment) => [
    ...experimentParts({ experiments: [experiment], quick: true }).flatMap(({ runs }) =>
      runs.map(({ label }) => labelOf(experiment, label)),
    ),
    ...(experiment === "rigl" ? matched.labels : []),
  ]);
  return [...new Set(labels)];
}

/** The most seeds that any of some experiments has. */
function mostSeeds(experiments: readonly ExperimentName[]): number {
  // No experiment has more seeds anywhere.
  const parts = experimentParts({ experiments, protocol: "plain", dataset: "fashion-mnist" });
  return 1 + Math.max(...parts.flatMap(({ runs }) => runs.map(({ config }) => config.seed)));
}

function checkChoice<T>(
  name: string,
  values: readonly T[],
  allowed: readonly T[],
  { told = allowed, more = "" } = {},
): void {
  if (!Array.isArray(values)) fail(name, values, `it must be a list of some of ${told.join(", ")}${more}`);
  if (values.length === 0) fail(name, "empty", `name at least one of ${told.join(", ")}${more}`);
  checkOneOf(name, values, allowed, { told, more });
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice !== undefined) fail(name, values, `${twice} is there twice; leave one out`);
}

function checkOneOf<T>(
  name: string,
  values: readonly T[],
  allowed: readonly T[],
  { told = allowed, more = "" } = {},
): void {
  const wrong = values.find((value) => !allowed.includes(value));
  if (wrong !== undefined) {
    throw new RangeError(`${name} has no ${wrong}; choose from ${told.join("; ")}${more}`);
  }
}

function checkCount(name: string, value: number): void {
  if (value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && value >= 1)) return;
  fail(name, value, "it must be an integer ≥ 1");
}

function fail(name: string, value: unknown, allowed: string): never {
  throw new RangeError(`${name} is ${value}; ${allowed}`);
}
