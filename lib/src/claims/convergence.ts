import type { PaperRun } from "../experiments/part";
import { mainSparsity, type Protocol } from "../experiments/protocol";
import { type Convergence, type Equilibrium, equilibrium, type FanInRun } from "../measures/equilibrium";
import { fanInStatistics } from "../measures/fan-in";
import { createRandom } from "../random";
import { mean } from "../statistics/samples";
import { type Cell, cellsOf } from "./cells";

/** The starts of equal budget that RigL has in the experiment `equilibrium`, whose runs are longest. */
export const equilibriumStarts: readonly string[] = [
  "ERK",
  "constant",
  "lognormal CV 0.5",
  "lognormal CV 1",
  "lognormal CV 2",
  "power-law CV 1",
  "power-law CV 2",
  "step CV 0.5",
];

/** Those in the experiment `rigl`; `random` has another budget, so that its layers cannot be compared. */
export const riglStarts: readonly string[] = [
  "ERK",
  "constant",
  "constant, scattered",
  "lognormal CV 0.5",
  "lognormal CV 1",
  "lognormal CV 2",
  "power-law CV 1",
];

/** What moves connections as RigL does, but for where they grow: at random, by shuffled gradients, within each neuron. */
export const controls: readonly string[] = ["SET", "shuffled gradients", "row-wise growth"];

/** The starts from which {@link controls} and other settings run: an even and an uneven one. */
export const twoStarts: readonly string[] = ["ERK", "lognormal CV 2"];

/** The starts that an experiment compares. */
export function startsOf(experiment: string): readonly string[] {
  return experiment === "rigl" ? riglStarts : equilibriumStarts;
}

/** How far starts are apart in one sparse layer before and after training, and whether the end is one law. */
export interface ConvergenceRow {
  readonly protocol: Protocol;
  readonly experiment: string;
  readonly dataset: string;
  readonly sparsity: number;
  /** "RigL", or what was varied: "SET", "ΔT 50", "deep", … */
  readonly setting: string;
  /** From 0. */
  readonly layer: number;
  /** Names of the starts, or "all" of the experiment's that are recorded. */
  readonly starts: string;
  readonly seeds: number;
  /** Mean W1n between starts before training and after, and between seeds of one start after. */
  readonly before: number;
  readonly after: number;
  readonly within: number;
  /** Contraction after/before, with one-sided 95 % bounds. */
  readonly contraction: number;
  readonly contractionLow: number;
  readonly contractionHigh: number;
  /** Equivalence ratio after/within, with one-sided 95 % bounds. */
  readonly ratio: number;
  readonly ratioLow: number;
  readonly ratioHigh: number;
  readonly verdict: "equivalent" | "different" | "inconclusive";
}

const variantKinds = ["RigL", "control", "schedule", "architecture"] as const;

/** A {@link ConvergenceRow} of an even and an uneven start, with the fan-in CVs at which each ends. */
export interface VariantRow extends ConvergenceRow {
  readonly kind: (typeof variantKinds)[number];
  /** How long these runs train: only rows of as many are comparable. */
  readonly epochs: number;
  readonly evenCv: number;
  readonly unevenCv: number;
}

/** The starts whose fan-ins are as even as chance, or evener: the paper's "uniform, ERK". */
export const evenStarts: readonly string[] = ["ERK", "constant", "constant, scattered"];

/** Which starts {@link convergenceRows} compares. */
export interface ConvergenceOptions {
  /** Compare them by twos as well. */
  readonly pairs?: boolean;
  /** Only these; all that the experiment has when not given. */
  readonly starts?: readonly string[];
}

/**
 * The starts of `equilibrium` and of `rigl` at 90 %, layer by layer: together (`starts` is "all" where they are not
 * chosen) and, if asked for, by twos. Layers with fewer than two starts of three seeds each are not there yet.
 */
export function convergenceRows(runs: readonly PaperRun[], options: ConvergenceOptions = {}): ConvergenceRow[] {
  const { pairs = false, starts } = options;
  return ["equilibrium", "rigl"].flatMap((experiment) => {
    const wanted = startsOf(experiment).filter((start) => starts?.includes(start) ?? true);
    return byDataset(mainCells(runs, experiment).filter(({ label }) => wanted.includes(label))).flatMap((cells) =>
      layersOf(cells).flatMap((layer) => {
        const found = convergenceOf(cells, layer, pairs);
        if (found === null) return [];
        const place = placeOf(cells[0], experiment, "RigL", layer);
        return [found, ...found.pairs].map((each, i) => ({ ...place, ...columns(each, i === 0 && !starts) }));
      }),
    );
  });
}

/**
 * An even start (ERK) against an uneven one (lognormal of CV 2): of RigL itself, then of its controls, and of other
 * schedules, depths and widths. The controls train as long as RigL in `equilibrium`, all others as in `rigl`.
 */
export function variantRows(runs: readonly PaperRun[]): VariantRow[] {
  const rows = ["equilibrium", "rigl"].flatMap((experiment) =>
    byDataset(mainCells(runs, experiment)).flatMap((cells) =>
      settingsOf(cells).flatMap((setting) => {
        const own = cellsFrom(cells, setting);
        return layersOf(own).flatMap((layer) => variantRow(own, experiment, setting, layer));
      }),
    ),
  );
  return variantKinds.flatMap((kind) => rows.filter((row) => row.kind === kind));
}

function variantRow(cells: readonly Cell[], experiment: string, setting: string, layer: number): VariantRow[] {
  const found = convergenceOf(cells, layer, false);
  if (found === null) return [];
  const [evenCv, unevenCv] = found.starts.map((start) =>
    mean(
      fanInRuns(cells, layer)
        .filter((run) => run.start === start)
        .map(({ final }) => fanInStatistics(final).cv),
    ),
  );
  const place = placeOf(cells[0], experiment, setting, layer);
  const { epochs } = cells[0].runs[0].record.config;
  return [{ ...place, ...columns(found, false), kind: kindOf(setting), epochs, evenCv, unevenCv }];
}

const twoNames = /^(?:(.+), )?(ERK|lognormal CV 2)$/;

function settingsOf(cells: readonly Cell[]): string[] {
  const names = cells.flatMap(({ label }) => {
    const match = twoNames.exec(label);
    return match === null ? [] : [match[1] ?? "RigL"];
  });
  return [...new Set(names)];
}

/** The cells of a setting, named by their starts, the even one first. */
function cellsFrom(cells: readonly Cell[], setting: string): Cell[] {
  return twoStarts.flatMap((start) => {
    const cell = cells.find(({ label }) => label === (setting === "RigL" ? start : `${setting}, ${start}`));
    return cell === undefined ? [] : [{ ...cell, label: start }];
  });
}

function kindOf(setting: string): VariantRow["kind"] {
  if (setting === "RigL") return "RigL";
  if (controls.includes(setting)) return "control";
  return ["deep", "wide"].includes(setting) ? "architecture" : "schedule";
}

/** The cells of an experiment at 90 %. */
export function mainCells(runs: readonly PaperRun[], experiment: string): Cell[] {
  return cellsOf(runs, [experiment]).filter(({ sparsity }) => sparsity === mainSparsity);
}

/** Cells of one protocol and data set each. */
export function byDataset(cells: readonly Cell[]): Cell[][] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = `${cell.protocol} ${cell.dataset}`;
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}

/** The sparse layers of cells. */
export function layersOf(cells: readonly Cell[]): number[] {
  return cells[0]?.runs[0].record.result.layers.map(({ layer }) => layer) ?? [];
}

/** Where the fan-ins of a layer began and ended in every run of some cells. */
export function fanInRuns(cells: readonly Cell[], layer: number): FanInRun[] {
  return cells.flatMap(({ label, runs }) =>
    runs.flatMap(({ record }) =>
      record.result.layers
        .filter((each) => each.layer === layer)
        .map(({ fanIn }) => {
          return { start: label, seed: record.config.seed, initial: fanIn[0], final: fanIn[fanIn.length - 1] };
        }),
    ),
  );
}

/** Fewest seeds of a start that {@link equilibrium} takes. */
const FEWEST_SEEDS = 3;

/** The runs of starts with three seeds or more, of the seeds that all of these have; none where too few are left. */
export function comparable(runs: readonly FanInRun[], fewestStarts: number): FanInRun[] {
  const starts = [...new Set(runs.map(({ start }) => start))];
  const seedsOf = (start: string): number[] => runs.filter((run) => run.start === start).map(({ seed }) => seed);
  const full = starts.filter((start) => seedsOf(start).length >= FEWEST_SEEDS);
  if (full.length < fewestStarts) return [];
  const shared = seedsOf(full[0]).filter((seed) => full.every((start) => seedsOf(start).includes(seed)));
  if (shared.length < FEWEST_SEEDS) return [];
  return runs.filter(({ start, seed }) => full.includes(start) && shared.includes(seed));
}

function convergenceOf(cells: readonly Cell[], layer: number, pairs: boolean): Equilibrium | null {
  const runs = comparable(fanInRuns(cells, layer), 2);
  if (runs.length === 0) return null;
  return equilibrium(runs, { pairs, random: createRandom(0) });
}

function placeOf({ protocol, dataset, sparsity }: Cell, experiment: string, setting: string, layer: number) {
  return { protocol, experiment, dataset, sparsity, setting, layer };
}

function columns({ starts, seeds, between, within, contraction, equivalence }: Convergence, all: boolean) {
  return {
    starts: all ? "all" : starts.join(", "),
    seeds,
    before: between.initial,
    after: between.final,
    within: within.final,
    contraction: contraction.estimate,
    contractionLow: contraction.low,
    contractionHigh: contraction.high,
    ratio: equivalence.estimate,
    ratioLow: equivalence.low,
    ratioHigh: equivalence.high,
    verdict: equivalence.verdict,
  };
}
