import { createRandom, type Random } from "../random";
import { spearman } from "./correlation";
import { studentCritical, studentTwoSided } from "./distributions";
import { checkFinite, checkLevel, type Interval, mean, variance } from "./samples";

const DRAWS = 9_999;

/** Whether a quantity rises along an ordered factor. */
export interface Trend {
  /** Number of values at each level. */
  readonly n: readonly number[];
  readonly means: readonly number[];
  /** Rise of the mean for each unit of the scores: least squares through the means. */
  readonly slope: number;
  /** Of the slope, by Student's t with Welch–Satterthwaite degrees of freedom. NaN without variance, as t and p are. */
  readonly interval: Interval;
  readonly t: number;
  readonly df: number;
  /** Two-sided, of no slope: by permutation of the values over levels, of |t|. */
  readonly p: number;
  /** The same from Student's distribution, without permutation. */
  readonly tP: number;
  /**
   * With the levels themselves as the sample: Spearman's ρ of means and scores and its exact two-sided p, never below
   * 2/k! for k levels (1/12 for four).
   */
  readonly levels: { readonly rho: number; readonly p: number };
}

export interface TrendOptions {
  /** Place of each level on the factor, all different; 0, 1, 2, … when not given. */
  readonly scores?: readonly number[];
  /** Coverage of the interval; 0.95 when not given. */
  readonly level?: number;
  /** Of the permutations; a fresh `createRandom(0)` when not given. */
  readonly random?: Random;
}

/**
 * Trend test over an ordered factor, such as the gains of one start over another on data sets of rising difficulty.
 *
 * The statistic is the linear contrast of the level means over its own standard error, in which every level has its own
 * variance (gains scatter differently on different data sets, which rank tests such as Jonckheere's take for a trend);
 * permuted, the test is exact where levels do not differ at all and holds for many values where only variances do
 * (Janssen 1997). Values of different levels are taken as independent: a seed shared by two data sets shares no data.
 * Page's test, which ranks within seeds, would rank four unrelated runs.
 *
 * `p` is about these levels, and says nothing of others: for that, the levels are the sample, as in `levels`.
 *
 * @param groups values at each level, at least two levels with at least two values each
 * @throws RangeError on fewer, values that are not finite, or scores that do not fit
 */
export function trend(groups: readonly ArrayLike<number>[], options: TrendOptions = {}): Trend {
  const { scores = groups.map((_, level) => level), level = 0.95, random = createRandom(0) } = options;
  checkGroups(groups, scores);
  checkLevel("trend", level);
  const { slope, standardError, t, df } = contrast(groups, scores);
  const half = standardError > 0 ? studentCritical(level, df) * standardError : Number.NaN;
  const means = groups.map(mean);
  return {
    n: groups.map((values) => values.length),
    means,
    slope,
    interval: { low: slope - half, high: slope + half },
    t,
    df,
    p: permutationP(groups, scores, Math.abs(t), random),
    tP: studentTwoSided(t, df),
    levels: { rho: spearman(scores, means), p: exactRankP(scores, means) },
  };
}

/** Σ c·mean with c = (score − mean score)/Σ(score − mean score)²: the least-squares slope; Welch's error of it. */
function contrast(
  groups: readonly ArrayLike<number>[],
  scores: readonly number[],
): { slope: number; standardError: number; t: number; df: number } {
  const centre = mean(scores);
  const norm = scores.reduce((sum, score) => sum + (score - centre) ** 2, 0);
  let slope = 0;
  let total = 0;
  let parts = 0;
  groups.forEach((values, at) => {
    const weight = (scores[at] - centre) / norm;
    const part = (weight ** 2 * variance(values)) / values.length;
    slope += weight * mean(values);
    total += part;
    parts += part ** 2 / (values.length - 1);
  });
  const standardError = Math.sqrt(total);
  const exists = standardError > 0;
  return {
    slope,
    standardError,
    t: exists ? slope / standardError : Number.NaN,
    df: exists ? total ** 2 / parts : Number.NaN,
  };
}

/** Share of drawn permutations, the one at hand among them, with |t| at least as large. */
function permutationP(
  groups: readonly ArrayLike<number>[],
  scores: readonly number[],
  observed: number,
  random: Random,
): number {
  if (Number.isNaN(observed)) return Number.NaN;
  const pool = Float64Array.from(groups.flatMap((values) => Array.from(values)));
  const reach = observed * (1 - 1e-12); // a tie is a hit, whatever order it was added up in
  let hits = 1;
  const permuted: Float64Array[] = [];
  let at = 0;
  for (const { length } of groups) {
    permuted.push(pool.subarray(at, at + length));
    at += length;
  }
  for (let draw = 0; draw < DRAWS; draw++) {
    shuffle(pool, random);
    const { t } = contrast(permuted, scores);
    if (!(Math.abs(t) < reach)) hits++; // a permutation without variance is as far as can be
  }
  return hits / (DRAWS + 1);
}

function shuffle(values: Float64Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}

/** Two-sided p of Spearman's ρ over all orders of the means; NaN where ρ is. */
function exactRankP(scores: readonly number[], means: readonly number[]): number {
  const observed = Math.abs(spearman(scores, means)) - 1e-12;
  if (Number.isNaN(observed)) return Number.NaN;
  const rhos = orders(means).map((order) => Math.abs(spearman(scores, order)));
  return rhos.filter((rho) => rho >= observed).length / rhos.length;
}

function orders(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, at) =>
    orders([...values.slice(0, at), ...values.slice(at + 1)]).map((rest) => [value, ...rest]),
  );
}

/** Most levels: all 8! orders of their means are gone through. */
const MOST_LEVELS = 8;

function checkGroups(groups: readonly ArrayLike<number>[], scores: readonly number[]): void {
  if (groups.length < 2 || groups.length > MOST_LEVELS) {
    throw new RangeError(`trend: ${groups.length} levels; it takes 2 to ${MOST_LEVELS}`);
  }
  if (scores.length !== groups.length || new Set(scores).size < scores.length) {
    throw new RangeError(
      `trend: scores ${scores.join(", ")} for ${groups.length} levels; pass a different one for each`,
    );
  }
  checkFinite("trend scores", scores);
  groups.forEach((values, level) => {
    checkFinite(`trend level ${level}`, values);
    if (values.length < 2) throw new RangeError(`trend: level ${level} has ${values.length} values; at least 2 needed`);
  });
}
