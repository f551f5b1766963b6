import { type Equivalence, equivalenceToZero } from "../statistics/equivalence";

/** One sparse layer of one run, update by update: parallel arrays. */
export interface UpdateRun {
  /** Name of the start: runs of one name differ by seed only. */
  readonly start: string;
  readonly seed: number;
  /** Connections of the layer. */
  readonly connections: number;
  /** Step of each update, rising. */
  readonly step: ArrayLike<number>;
  /** Fan-in CV after it. */
  readonly cv: ArrayLike<number>;
  /** Connections that were not there before it. */
  readonly grown: ArrayLike<number>;
}

/** The drift over the last third, relative to the CV, up to which a layer counts as stationary, fixed beforehand. */
export const driftMargin: number = 0.05;

/** How a layer's fan-in CV still moves over the last third of its updates, over the seeds of one start. */
export interface Stationarity {
  readonly start: string;
  /** Drift of each run, in the order given: see {@link drift}. */
  readonly drifts: readonly number[];
  /**
   * Connections grown in that third over all connections, mean over runs. One that is dropped and grown again counts
   * each time, so that it can be above 1: it is no share of connections. Where it is near 0, the layer was not free to
   * move, so that standing still says nothing of an equilibrium.
   */
  readonly turnover: number;
  /** Whether the mean drift is within ±margin of 0. */
  readonly test: Equivalence;
}

/**
 * Stationarity of a sparse layer (method, measures), start by start: where some starts fall and others rise, the mean
 * over all would stand still. A layer is stationary whatever its start if every test says `equivalent`; as all have to,
 * there is nothing to adjust for their number.
 *
 * With a drop fraction that decays to 0, updates end by design: read `turnover` with it, and runs whose fraction stays.
 *
 * @param runs of one layer, data set and sparsity; of each start at least two seeds
 * @throws RangeError when a start has fewer, or a run fewer than three updates in its last third
 */
export function stationarity(
  runs: readonly UpdateRun[],
  options: { readonly margin?: number; readonly level?: number } = {},
): Stationarity[] {
  const { margin = driftMargin, level } = options;
  return [...new Set(runs.map(({ start }) => start))].map((start) => {
    const own = runs.filter((run) => run.start === start);
    const drifts = own.map(drift);
    const turnover = own.reduce((sum, run) => sum + turnoverOf(run), 0) / own.length;
    return { start, drifts, turnover, test: equivalenceToZero(drifts, { margin, level }) };
  });
}

/**
 * Drift of one run: the slope of its fan-in CV over the last third of its updates (least squares), times the length of
 * that third, over the last CV: 0.05 when the CV rose by a twentieth of what it is.
 *
 * @returns 0 where the CV stays as it is, also at 0
 * @throws RangeError when fewer than three updates are in the last third
 */
export function drift(run: UpdateRun): number {
  const { step, cv } = run;
  const first = firstOfLastThird(run);
  const last = step.length - 1;
  let centre = 0;
  for (let i = first; i <= last; i++) centre += step[i] / (last - first + 1);
  let rises = 0;
  let squares = 0;
  for (let i = first; i <= last; i++) {
    rises += (step[i] - centre) * (cv[i] - cv[last]);
    squares += (step[i] - centre) ** 2;
  }
  const change = (rises / squares) * (step[last] - step[first]);
  return change === 0 ? 0 : change / cv[last];
}

function turnoverOf(run: UpdateRun): number {
  let grown = 0;
  for (let i = firstOfLastThird(run); i < run.step.length; i++) grown += run.grown[i];
  return grown / run.connections;
}

/** Index of the first update after two thirds of the steps from 0 to the last update. */
function firstOfLastThird({ start, seed, step, cv, grown }: UpdateRun): number {
  const length = step.length;
  const first = Array.from(step).findIndex((at) => 3 * at > 2 * step[length - 1]);
  if (cv.length !== length || grown.length !== length) {
    throw new RangeError(
      `stationarity: ${length} steps, ${cv.length} CVs, ${grown.length} growths; pass one an update`,
    );
  }
  if (first < 0 || length - first < 3) {
    throw new RangeError(
      `stationarity: run ${start}, seed ${seed} has fewer than 3 of its ${length} updates in the last third`,
    );
  }
  return first;
}
