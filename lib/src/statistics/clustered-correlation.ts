import { type BootstrapOptions, bootstrap, expandedLevel } from "./bootstrap";
import { type Correlation, correlationCoefficient } from "./correlation";
import { partialCorrelation } from "./partial-correlation";
import { checkPairs } from "./samples";

/** A correlation of values that come in clusters. */
export interface ClusteredCorrelation extends Correlation {
  /** Number of clusters: what varies independently. */
  readonly clusters: number;
}

/** Fewest clusters that an interval is made from. */
export const fewestClusters = 5;

export interface ClusteredCorrelationOptions extends BootstrapOptions {
  /** One value per pair: of a partial correlation, what it is given ({@link partialCorrelation}). */
  readonly given?: ArrayLike<number>;
}

/**
 * Pearson's r of pairs that come in clusters, such as the seeds of one profile, with a bootstrap interval that resamples
 * whole clusters: Fisher's would take each pair for independent, and be too short by far. Percentiles are expanded for
 * few clusters (`expandedLevel`). A resample without spread, of one cluster over and over, counts as r = 0. The interval
 * does not depend on the order of the pairs: clusters are drawn in that of their names.
 *
 * @param clusters name of the cluster of each pair; at least five different ones
 * @returns r NaN, with its interval, when either side is constant, or determined by what is given
 * @throws RangeError when lengths differ, a value is not finite, there are fewer clusters, or options are out of range
 */
export function clusteredCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  clusters: readonly string[],
  options: ClusteredCorrelationOptions = {},
): ClusteredCorrelation {
  const { level = 0.95, given } = options;
  checkPairs("clusteredCorrelation", x, y);
  if (given !== undefined) checkPairs("clusteredCorrelation", x, given);
  const names = [...new Set(clusters)].sort();
  if (clusters.length !== x.length || names.length < fewestClusters) {
    throw new RangeError(
      `clusteredCorrelation: ${clusters.length} names of ${names.length} clusters for ${x.length} pairs; pass one name ` +
        `a pair and at least ${fewestClusters} clusters`,
    );
  }
  const members = names.map((name) => Array.from(x, (_, i) => i).filter((i) => clusters[i] === name));
  const correlate = (at: readonly number[]): number => {
    const [left, right, third] = [x, y, given].map((values) => values && at.map((i) => values[i]));
    if (third !== undefined) return partialCorrelation(left!, right!, third).r;
    return correlationCoefficient(left!, right!);
  };
  const r = correlate(Array.from(x, (_, i) => i));
  const resampled = (drawn: readonly (readonly number[])[]): number => {
    const found = correlate(drawn.flat());
    return Number.isNaN(found) ? 0 : found;
  };
  const { low, high } = bootstrap(resampled, members, { ...options, level: expandedLevel(level, names.length) });
  const interval = Number.isNaN(r) ? { low: Number.NaN, high: Number.NaN } : { low, high };
  return { n: x.length, clusters: names.length, r, interval, level };
}
