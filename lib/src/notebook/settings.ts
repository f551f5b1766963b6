import { availableParallelism } from "node:os";
import { experimentNames } from "../experiments/experiments";
import { mainSparsity, type Protocol, paperDatasets, protocols, scales, sparsityLevels } from "../experiments/protocol";
import { checkSettings, type NameOf, namesOf, surplusOf } from "./check-settings";
import { type NotebookParameters, type NotebookSettings, type Parameter, parameters, variableOf } from "./parameters";
import { quickDatasets } from "./selection";

export type { NotebookParameters, NotebookSettings } from "./parameters";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of a notebook: the parameters in its first cell, and instead of them what variables of the environment
 * say (`npm run paper` sets those from its switches). The environment wins, and that is printed; a variable for a
 * parameter that the cell does not have is not used, and that is printed, too. A quick look takes one data set,
 * Fashion-MNIST if it can, protocol plain if it can, 90 % and two seeds of what is asked for.
 *
 * @throws RangeError naming the parameter or the variable, its value, what is allowed and what to do
 */
export function notebookSettings(
  asked: NotebookParameters = {},
  environment: Environment = process.env,
): NotebookSettings {
  const { settings, notes } = readSettings(asked, environment);
  for (const note of notes) console.log(note);
  return settings;
}

/** The settings, and what is to be said about the environment's part in them. */
function readSettings(
  asked: NotebookParameters,
  environment: Environment,
  toldBy: NameOf = variableOf,
): { settings: NotebookSettings; notes: readonly string[] } {
  const { changes, notes } = readEnvironment(asked, environment, toldBy);
  // What comes from text can be anything: the check is next.
  const settings = { ...defaults(asked), ...asked, ...changes } as Unfinished;
  const nameOf: NameOf = (parameter) => (parameter in changes ? toldBy(parameter) : parameter);
  checkSettings(settings, nameOf);
  notes.push(...surplusOf(settings, nameOf));
  const narrowed = settings.quick ? quickSettings(settings) : settings;
  const { sparsities } = narrowed;
  const main = sparsities.includes(mainSparsity) ? mainSparsity : sparsities[0];
  return { settings: { ...narrowed, mainSparsity: main }, notes };
}

/**
 * Checks what the environment says to all notebooks alike, before the first is run.
 *
 * @param toldBy how an error names a parameter: by its variable, or by the switch that set it
 * @throws RangeError as {@link notebookSettings} does
 */
export function checkEnvironment(environment: Environment, toldBy: NameOf = variableOf): void {
  const { experiments: _, ...everything } = defaults({});
  readSettings(everything, environment, toldBy);
}

type Unfinished = Omit<NotebookSettings, "mainSparsity">;

function defaults({ experiments = [] }: NotebookParameters): Unfinished {
  return {
    experiments,
    quick: false,
    datasets: paperDatasets,
    protocols: Object.keys(protocols) as Protocol[],
    sparsities: sparsityLevels.plain,
    starts: "all",
    structures: "all",
    seeds: Number.POSITIVE_INFINITY,
    engine: "sparse",
    workers: availableParallelism(),
    compute: false,
    rerun: false,
  };
}

function quickSettings(settings: Unfinished): Unfinished {
  const { sparsities, mostSeeds } = scales.quick;
  const seeds = Math.min(settings.seeds, mostSeeds);
  if (settings.experiments.length === 0) return { ...settings, seeds };
  return {
    ...settings,
    seeds,
    datasets: quickDatasets(settings),
    protocols: settings.protocols.includes("plain") ? ["plain"] : settings.protocols,
    sparsities: settings.sparsities.filter((sparsity) => sparsities === null || sparsities.includes(sparsity)),
  };
}

/** What variables change, and what is to be said about it. Values are checked later, with those of the cell. */
function readEnvironment(
  asked: NotebookParameters,
  environment: Environment,
  toldBy: NameOf,
): { changes: Partial<Record<Parameter, unknown>>; notes: string[] } {
  const changes: Partial<Record<Parameter, unknown>> = {};
  const notes: string[] = [];
  for (const parameter of parameters) {
    const variable = variableOf(parameter);
    const text = environment[variable];
    if (text === undefined || text === "") continue;
    // Every notebook can be quick, and what is not to be done, is not.
    if (!(parameter in asked) && parameter !== "quick") {
      if (text === "0") continue;
      notes.push(`${variable}=${text} is not used: this notebook has no ${parameter}.`);
      continue;
    }
    const value = readers[parameter](text, toldBy(parameter));
    changes[parameter] = value;
    const before = asked[parameter] ?? false;
    if (JSON.stringify(before) !== JSON.stringify(value)) {
      notes.push(
        `${variable} says ${parameter} = ${inWords(value)}, which goes before this cell's ${inWords(before)}.`,
      );
    }
  }
  return { changes, notes };
}

function inWords(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

type Reader = (text: string, toldBy: string) => unknown;

const words = (text: string): string[] => text.split(",").map((word) => word.trim());
const flag: Reader = (text, toldBy) => {
  if (text === "0" || text === "1") return text === "1";
  throw new RangeError(`${toldBy} is "${text}"; set it to 1 or 0`);
};
const labels: Reader = (text) => (text === "all" ? text : namesIn(text, namesOf(experimentNames)));

const readers: Readonly<Record<Parameter, Reader>> = {
  quick: flag,
  datasets: words,
  protocols: words,
  sparsities: (text) => words(text).map(toNumber),
  starts: labels,
  structures: labels,
  seeds: toNumber,
  engine: (text) => text,
  workers: toNumber,
  compute: flag,
  rerun: flag,
};

/** A number, or the text itself, for the check to refuse as it was written. */
function toNumber(text: string): unknown {
  return Number.isNaN(Number(text)) ? text : Number(text);
}

/** Names between commas, some of which have commas themselves: "ERK,matched, scattered" is two. */
export function namesIn(text: string, known: readonly string[]): string[] {
  const rest = words(text);
  const names: string[] = [];
  while (rest.length > 0) {
    const isKnown = (count: number): boolean => known.includes(rest.slice(0, count).join(", "));
    const count = [3, 2].find(isKnown) ?? 1;
    names.push(rest.splice(0, count).join(", "));
  }
  return names;
}
