import { spearman } from "../statistics/correlation";
import { checkFanIn } from "./fan-in";
import { hubs, jaccard } from "./hubs";

/** Whether the neurons that end with many inputs are those that began with many. */
export interface HubIdentity {
  /** Spearman's ρ between the fan-ins at both times, in −1 … 1; NaN when either has no spread. */
  readonly rho: number;
  /** Jaccard index of the two sets of hubs, in 0 … 1; NaN when there are none at all. */
  readonly jaccard: number;
  /** What the Jaccard index is on average when as many hubs are drawn at random. */
  readonly jaccardByChance: number;
}

/**
 * Hub identity of one layer over time (method, measures). Where fan-ins tie at the edge of the decile, as all do in a
 * constant start, hubs are those of lower index, which is as good as chance.
 *
 * @param start fan-in of every neuron
 * @param end of the same neurons later
 * @throws RangeError when lengths differ or a fan-in is not a count
 */
export function hubIdentity(start: ArrayLike<number>, end: ArrayLike<number>): HubIdentity {
  checkFanIn("hubIdentity", start);
  checkFanIn("hubIdentity", end);
  const rho = spearman(start, end);
  const before = hubs(start);
  const after = hubs(end);
  return {
    rho,
    jaccard: jaccard(before, after),
    jaccardByChance: chanceJaccard(start.length, before.length, after.length),
  };
}

/**
 * The mean Jaccard index of a set and another drawn at random, both out of `count` elements: i are shared with the
 * hypergeometric probability of i, and make an index of i/(first + second − i).
 *
 * @returns in 0 … 1; NaN for two empty sets
 */
export function chanceJaccard(count: number, first: number, second: number): number {
  const least = Math.max(0, first + second - count);
  const most = Math.min(first, second);
  const logs = [0]; // of the probabilities, but for a constant, which their sum takes away again
  for (let i = least; i < most; i++) {
    const step = ((first - i) * (second - i)) / ((i + 1) * (count - first - second + i + 1));
    logs.push(logs[logs.length - 1] + Math.log(step));
  }
  const highest = Math.max(...logs);
  let total = 0;
  let mean = 0;
  logs.forEach((log, at) => {
    const weight = Math.exp(log - highest);
    const shared = least + at;
    total += weight;
    mean += (weight * shared) / (first + second - shared);
  });
  return mean / total;
}
