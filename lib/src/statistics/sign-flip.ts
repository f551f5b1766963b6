import { createRandom, type Random } from "../random";
import { checkPairs, differenceRounding } from "./samples";

/** Up to this many pairs every sign assignment is counted (2²⁰, some milliseconds); above, they are drawn. */
const EXACT_PAIRS = 20;
const DRAWS = 99_999;

/**
 * Two-sided paired sign-flip (permutation) test: how often random signs give a mean difference at least as far from 0.
 * It assumes nothing but that each difference b − a is symmetric about 0 if the arms do not differ.
 *
 * Exact up to 20 pairs, so with n pairs never below 2/2ⁿ (.0625 for five); above, 99 999 draws and
 * p = (1 + hits)/(1 + draws) (Phipson & Smyth 2010).
 *
 * @param options `random`: for the draws; a fresh `createRandom(0)` when not given
 * @returns p in (0, 1]; NaN of no pairs
 * @throws RangeError when lengths differ or a value is not finite
 */
export function signFlip(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: { readonly random?: Random } = {},
): number {
  checkPairs("signFlip", a, b);
  const differences = Float64Array.from(b, (value, i) => value - a[i]);
  const observed = Math.abs(differences.reduce((total, difference) => total + difference, 0));
  const reach = observed - differenceRounding(a, b);
  if (differences.length === 0) return Number.NaN;
  return differences.length <= EXACT_PAIRS
    ? exactShare(differences, reach)
    : drawnShare(differences, reach, options.random ?? createRandom(0));
}

function exactShare(differences: Float64Array, reach: number): number {
  const hits = (at: number, sum: number): number => {
    if (at === differences.length) return Math.abs(sum) >= reach ? 1 : 0;
    return hits(at + 1, sum + differences[at]) + hits(at + 1, sum - differences[at]);
  };
  // Flipping all signs changes nothing, so the first sign can stay.
  return hits(1, differences[0]) / 2 ** (differences.length - 1);
}

function drawnShare(differences: Float64Array, reach: number, random: Random): number {
  let hits = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    let sum = 0;
    for (const difference of differences) sum += random.integer(2) === 0 ? difference : -difference;
    if (Math.abs(sum) >= reach) hits++;
  }
  return (1 + hits) / (1 + DRAWS);
}
