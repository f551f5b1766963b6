/** Spread of a fan-in vector. Every value is NaN where it does not exist: of no neurons, or, but for the mean, of zeros only. */
export interface FanInSpread {
  /** How many neurons these numbers are about. */
  readonly neurons: number;
  /** Mean fan-in. */
  readonly mean: number;
  /** Coefficient of variation: population standard deviation over mean. */
  readonly cv: number;
  /** Gini coefficient, in 0 … 1 − 1/neurons; 0 when all are equal. */
  readonly gini: number;
  /** Share of all connections held by the ⌈neurons/10⌉ neurons of largest fan-in, in (0, 1]. */
  readonly topDecileShare: number;
}

/**
 * What a layer's fan-ins look like (method, measures): their spread over all neurons, and again over the active ones.
 * Shares are in 0 … 1, and NaN for a layer without neurons.
 */
export interface FanInStatistics extends FanInSpread {
  /** Share of neurons without any input, z. */
  readonly zeroShare: number;
  /** Share of neurons with at least one input, 1 − z. */
  readonly activeShare: number;
  /** Largest fan-in; NaN without neurons. */
  readonly max: number;
  /** Largest fan-in over the number of inputs; NaN when `inputs` was not given. */
  readonly maxShare: number;
  /** Over the neurons with at least one input. */
  readonly active: FanInSpread;
}

/**
 * The fan-in measures of one layer, over all neurons and again over the active ones.
 *
 * @param fanIn one count per neuron
 * @param options `inputs`: the layer's number of inputs n, which no count may exceed
 * @throws RangeError when a count is not an integer in 0 … inputs
 */
export function fanInStatistics(fanIn: ArrayLike<number>, options: { readonly inputs?: number } = {}): FanInStatistics {
  checkFanIn("fanInStatistics", fanIn, options.inputs);
  const sorted = Float64Array.from(fanIn).sort();
  const active = sorted.filter((k) => k > 0);
  const max = sorted.length === 0 ? Number.NaN : sorted[sorted.length - 1];
  return {
    ...spread(sorted),
    zeroShare: (sorted.length - active.length) / sorted.length,
    activeShare: active.length / sorted.length,
    max,
    maxShare: options.inputs === undefined ? Number.NaN : max / options.inputs,
    active: spread(active),
  };
}

/** How many neurons the top decile of `count` neurons has: ⌈count/10⌉, so that it is never empty. */
export function topDecileSize(count: number): number {
  return Math.ceil(count / 10);
}

/** @throws RangeError unless every count is an integer in 0 … inputs (any size when inputs is not given) */
export function checkFanIn(caller: string, fanIn: ArrayLike<number>, inputs?: number): void {
  if (inputs !== undefined && (!Number.isInteger(inputs) || inputs < 1)) {
    throw new RangeError(`${caller}: inputs ${inputs} is not a positive integer; pass the layer's number of inputs`);
  }
  for (let i = 0; i < fanIn.length; i++) {
    if (!Number.isInteger(fanIn[i]) || fanIn[i] < 0 || fanIn[i] > (inputs ?? Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(
        `${caller}: fan-in of neuron ${i} is ${fanIn[i]}; pass counts, integers in 0 … ${inputs ?? "the number of inputs"}`,
      );
    }
  }
}

function spread(sorted: Float64Array): FanInSpread {
  const neurons = sorted.length;
  const top = neurons - topDecileSize(neurons);
  let total = 0;
  let topTotal = 0;
  let ranked = 0;
  for (let i = 0; i < neurons; i++) {
    total += sorted[i];
    ranked += (2 * i + 1 - neurons) * sorted[i];
    if (i >= top) topTotal += sorted[i];
  }
  const mean = total / neurons;
  let squares = 0;
  for (const k of sorted) squares += (k - mean) ** 2;
  return {
    neurons,
    mean,
    cv: Math.sqrt(squares / neurons) / mean,
    gini: ranked / (neurons * total),
    topDecileShare: topTotal / total,
  };
}
