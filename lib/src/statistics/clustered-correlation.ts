import { type BootstrapOptions, bootstrap, expandedLevel } from "./bootstrap";
import { type Correlation, correlationCoefficient } from "./correlation";
import { checkPairs } from "./samples";

/** A correlation of values that come in clusters. */
export interface ClusteredCorrelation extends Correlation {
  /** Number of clusters: what varies independently. */
  readonly clusters: number;
}

/** Fewest clusters that an interval is made from. */
const FEWEST_CLUSTERS = 5;

/**
 * Pearson's r of pairs that come in clusters, such as the seeds of one profile, with a bootstrap interval that resamples
 * whole clusters: Fisher's would take each pair for independent, and be too short by far. Percentiles are expanded for
 * few clusters (`expandedLevel`). A resample without spread, of one cluster over and over, counts as r = 0.
 *
 * @param clusters name of the cluster of each pair; at least five different ones
 * @returns r NaN, with its interval, when either side is constant
 * @throws RangeError when lengths differ, a value is not finite, there are fewer clusters, or options are out of range
 */
export function clusteredCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  clusters: readonly string[],
  options: BootstrapOptions = {},
): ClusteredCorrelation {
  const { level = 0.95 } = options;
  checkPairs("clusteredCorrelation", x, y);
  const names = [...new Set(clusters)];
  if (clusters.length !== x.length || names.length < FEWEST_CLUSTERS) {
    throw new RangeError(
      `clusteredCorrelation: ${clusters.length} names of ${names.length} clusters for ${x.length} pairs; pass one name ` +
        `a pair and at least ${FEWEST_CLUSTERS} clusters`,
    );
  }
  const members = names.map((name) => Array.from(x, (_, i) => i).filter((i) => clusters[i] === name));
  const r = correlationCoefficient(x, y);
  const correlate = (drawn: readonly (readonly number[])[]): number => {
    const at = drawn.flat();
    const found = correlationCoefficient(
      at.map((i) => x[i]),
      at.map((i) => y[i]),
    );
    return Number.isNaN(found) ? 0 : found;
  };
  const { low, high } = bootstrap(correlate, members, { ...options, level: expandedLevel(level, names.length) });
  const interval = Number.isNaN(r) ? { low: Number.NaN, high: Number.NaN } : { low, high };
  return { n: x.length, clusters: names.length, r, interval, level };
}
