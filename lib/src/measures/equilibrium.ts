import type { Random } from "../random";
import { bootstrap, expandedLevel } from "../statistics/bootstrap";
import type { Interval } from "../statistics/samples";
import { wasserstein } from "./distances";

/** One sparse layer of one run: where its fan-ins began and where they ended. */
export interface FanInRun {
  /** Name of the start: runs of one name differ by seed only. */
  readonly start: string;
  readonly seed: number;
  /** Fan-in of every neuron before training, and at its end. */
  readonly initial: ArrayLike<number>;
  readonly final: ArrayLike<number>;
}

/** The equivalence ratio below which ends count as one law, fixed before the full runs. */
export const equivalenceMargin: number = 1.25;

export interface EquilibriumOptions {
  /** {@link equivalenceMargin} when not given. */
  readonly margin?: number;
  /** Number of bootstrap resamples; 10 000 when not given. */
  readonly resamples?: number;
  /** Whether to compare starts by twos as well, which takes most of the time; true when not given. */
  readonly pairs?: boolean;
  readonly random: Random;
}

/** A ratio of mean distances, between bounds of 95 % each, one-sided: together an interval of 90 %. */
export interface DistanceRatio extends Interval {
  readonly estimate: number;
}

/** A ratio held against a margin. */
export interface EquivalenceRatio extends DistanceRatio {
  readonly margin: number;
  /** `equivalent`: its upper bound is below the margin; `different`: its lower bound is above. */
  readonly verdict: "equivalent" | "different" | "inconclusive";
}

/** How far apart starts are, before training and after: mean W1n over pairs of runs. */
export interface Convergence {
  readonly starts: readonly string[];
  /** Number of seeds. */
  readonly seeds: number;
  /** Runs of different start and different seed. */
  readonly between: { readonly initial: number; readonly final: number };
  /** Runs of one start and different seed. */
  readonly within: { readonly initial: number; readonly final: number };
  /** C = between.final / between.initial: 0 is complete contraction, 1 none. */
  readonly contraction: DistanceRatio;
  /** R = between.final / within.final: 1 when the end says nothing of the start. */
  readonly equivalence: EquivalenceRatio;
}

/** {@link Convergence} of all starts together, and of each two of them, which the mean over all may hide. */
export interface Equilibrium extends Convergence {
  readonly pairs: readonly Convergence[];
}

/**
 * "Converges regardless of initialisation" as a test (method, measures), for one sparse layer.
 *
 * The distance between starts is taken between runs of different seeds only, as that within a start must be: pairs
 * then differ in nothing but the start, whatever runs of one seed share (order of data, wiring), and R is 1 where the
 * start does not matter.
 *
 * Bounds are by bootstrap over seeds. A seed is drawn with its runs of all starts, which need not be independent; drawn
 * twice it is not paired with itself, whose distance of 0 is no distance between runs. Percentiles are expanded for few
 * seeds ({@link expandedLevel}). Of simulated runs (CVs normal about a mean for each start, 2 to 8 starts), those with R
 * at the margin pass in 0–9 of 100 tries, against 5–14 by plain percentiles; those with R = 1 in 5–44 with five seeds
 * and in 44–99 with ten: five are few.
 *
 * What R does not say is how large a difference is: where runs vary little, it is large for ends that hardly differ;
 * where they vary much, near 1 for ends that do. So read it with the contraction, the distances and the pairs. Two
 * distances of 0 are a ratio of 1; a distance over none (of fan-ins that are frozen, say) is Infinity.
 *
 * @param runs of one layer, data set and sparsity: at least two starts, at least three seeds of each
 * @throws RangeError on fewer, two runs of one start and seed, layers unlike in neurons or connections, or options out
 *   of range
 */
export function equilibrium(runs: readonly FanInRun[], options: EquilibriumOptions): Equilibrium {
  checkRuns("equilibrium", runs);
  const starts = distinct(runs.map(({ start }) => start));
  if (starts.length < 2) throw new RangeError(`equilibrium: runs of ${starts.length} start; two or more are compared`);
  const pairs = runPairs(runs);
  const twos = starts.flatMap((first, i) => starts.slice(i + 1).map((second) => [first, second]));
  return {
    ...convergence(pairs, starts, options),
    pairs: options.pairs === false ? [] : twos.map((two) => convergence(pairs, two, options)),
  };
}

/** Where runs went that began at the claimed equilibrium. */
export interface FixedPoint {
  /** Number of seeds. */
  readonly seeds: number;
  /** Mean distance from the start of a run to its end, W1n. */
  readonly moved: number;
  /** Mean distance of ends of one start and different seed, among the runs that the equilibrium is claimed of. */
  readonly within: number;
  /** moved / within. */
  readonly ratio: EquivalenceRatio;
}

/**
 * The fixed-point test of an equilibrium: a run that begins there should move no further than seeds are apart. A start
 * that is a profile, without the noise of a run, makes the ratio less than 1 at a true fixed point.
 *
 * @param matched runs from the claimed equilibrium
 * @param reference runs of the same layer from other starts, which the equilibrium is claimed of
 * @throws RangeError as {@link equilibrium}, for one start or more
 */
export function fixedPoint(
  matched: readonly FanInRun[],
  reference: readonly FanInRun[],
  options: EquilibriumOptions,
): FixedPoint {
  const renamed = matched.map((run) => ({ ...run, start: `from equilibrium: ${run.start}` }));
  if (matched.length === 0 || reference.length === 0) throw new RangeError("fixedPoint: no runs; pass some of either");
  checkRuns("fixedPoint", [...renamed, ...reference]);
  const seeds = distinct([...matched, ...reference].map(({ seed }) => seed));
  const all = seeds.map(() => 1);
  const moved = meanOverRuns(
    matched.map(({ seed, initial, final }) => ({ seed, distance: wasserstein(initial, final) })),
    seeds,
  );
  const sameStart = runPairs(reference).filter(({ starts: [a, b] }) => a === b);
  const within = meanOverPairs(sameStart, "final", seeds);
  return {
    seeds: seeds.length,
    moved: moved(all),
    within: within(all),
    ratio: judged(boundedRatio(moved, within, seeds, options, "fixed point"), options),
  };
}

/** Two runs of different seed and how far apart they are at both ends. */
interface RunPair {
  readonly starts: readonly [string, string];
  readonly seeds: readonly [number, number];
  readonly initial: number;
  readonly final: number;
}

function runPairs(runs: readonly FanInRun[]): RunPair[] {
  return runs.flatMap((a, i) =>
    runs
      .slice(i + 1)
      .filter((b) => a.seed !== b.seed)
      .map((b) => ({
        starts: [a.start, b.start] as const,
        seeds: [a.seed, b.seed] as const,
        initial: wasserstein(a.initial, b.initial),
        final: wasserstein(a.final, b.final),
      })),
  );
}

function convergence(pairs: readonly RunPair[], starts: readonly string[], options: EquilibriumOptions): Convergence {
  const among = pairs.filter((pair) => pair.starts.every((start) => starts.includes(start)));
  const seeds = distinct(among.flatMap((pair) => pair.seeds));
  const apart = among.filter(({ starts: [a, b] }) => a !== b);
  const together = among.filter(({ starts: [a, b] }) => a === b);
  const all = seeds.map(() => 1);
  const between = { initial: meanOverPairs(apart, "initial", seeds), final: meanOverPairs(apart, "final", seeds) };
  const within = { initial: meanOverPairs(together, "initial", seeds), final: meanOverPairs(together, "final", seeds) };
  const name = [...starts].sort().join(", "); // the same draws, in whatever order runs come
  return {
    starts,
    seeds: seeds.length,
    between: { initial: between.initial(all), final: between.final(all) },
    within: { initial: within.initial(all), final: within.final(all) },
    contraction: boundedRatio(between.final, between.initial, seeds, options, `contraction of ${name}`),
    equivalence: judged(boundedRatio(between.final, within.final, seeds, options, `equivalence of ${name}`), options),
  };
}

/** A mean distance, given how often each seed was drawn; NaN where no pair or run is left. */
type WeightedMean = (drawn: ArrayLike<number>) => number;

function meanOverPairs(pairs: readonly RunPair[], end: "initial" | "final", seeds: readonly number[]): WeightedMean {
  const sums = new Float64Array(seeds.length ** 2);
  const counts = new Float64Array(seeds.length ** 2);
  for (const pair of pairs) {
    const cell = seeds.indexOf(pair.seeds[0]) * seeds.length + seeds.indexOf(pair.seeds[1]);
    sums[cell] += pair[end];
    counts[cell]++;
  }
  return (drawn) => {
    let total = 0;
    let weight = 0;
    for (let cell = 0; cell < sums.length; cell++) {
      const times = drawn[Math.floor(cell / seeds.length)] * drawn[cell % seeds.length];
      total += times * sums[cell];
      weight += times * counts[cell];
    }
    return total / weight;
  };
}

function meanOverRuns(
  runs: readonly { readonly seed: number; readonly distance: number }[],
  seeds: readonly number[],
): WeightedMean {
  return (drawn) => {
    let total = 0;
    let weight = 0;
    for (const { seed, distance } of runs) {
      total += drawn[seeds.indexOf(seed)] * distance;
      weight += drawn[seeds.indexOf(seed)];
    }
    return total / weight;
  };
}

/** Bounds of 95 % each, one-sided. A resample that leaves nothing to average (of one seed alone) says nothing: Infinity. */
function boundedRatio(
  top: WeightedMean,
  bottom: WeightedMean,
  seeds: readonly number[],
  { resamples, random }: EquilibriumOptions,
  purpose: string,
): DistanceRatio {
  const ratio = (indices: readonly number[]): number => {
    const drawn = new Float64Array(seeds.length);
    for (const index of indices) drawn[index]++;
    const [above, below] = [top(drawn), bottom(drawn)];
    if (Number.isNaN(above) || Number.isNaN(below)) return Number.POSITIVE_INFINITY;
    return above === 0 && below === 0 ? 1 : above / below;
  };
  const { estimate, low, high } = bootstrap(
    ratio,
    seeds.map((_, index) => index),
    { resamples, level: expandedLevel(0.9, seeds.length), random: random.fork(purpose) },
  );
  return { estimate, low, high };
}

function judged(ratio: DistanceRatio, { margin = equivalenceMargin }: EquilibriumOptions): EquivalenceRatio {
  if (!(margin > 1)) throw new RangeError(`equilibrium: margin ${margin} is not above 1, the ratio of equal laws`);
  const verdict = ratio.high < margin ? "equivalent" : ratio.low > margin ? "different" : "inconclusive";
  return { ...ratio, margin, verdict };
}

/** Fewest seeds of a start: of two, hardly any resample leaves a pair. */
const FEWEST_SEEDS = 3;

function checkRuns(caller: string, runs: readonly FanInRun[]): void {
  const total = (fanIn: ArrayLike<number>): number => Array.from(fanIn).reduce((sum, k) => sum + k, 0);
  for (const { start, seed, initial, final } of runs) {
    for (const fanIn of [initial, final]) {
      const [neurons, connections] = [fanIn.length, total(fanIn)];
      if (neurons !== runs[0].initial.length || connections !== total(runs[0].initial)) {
        throw new RangeError(
          `${caller}: run ${start}, seed ${seed} has ${connections} connections in ${neurons} neurons, another ` +
            `${total(runs[0].initial)} in ${runs[0].initial.length}; pass runs of one layer and budget`,
        );
      }
    }
  }
  for (const start of distinct(runs.map((run) => run.start))) {
    const seeds = runs.filter((run) => run.start === start).map(({ seed }) => seed);
    const different = distinct(seeds).length;
    if (different < seeds.length) throw new RangeError(`${caller}: start ${start} has two runs of one seed`);
    if (different < FEWEST_SEEDS) {
      throw new RangeError(`${caller}: start ${start} has ${different} seeds; at least ${FEWEST_SEEDS} are needed`);
    }
  }
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
