import type { LogFamily } from "./families";

/** A layer and how many connections it may have. */
export interface LayerBudget {
  /** Number of inputs n, the largest possible fan-in. */
  readonly inputs: number;
  /** Number of neurons M. */
  readonly neurons: number;
  /** Number of connections E, 1 … n·M. */
  readonly nnz: number;
}

/** @throws RangeError when the sizes are not integers ≥ 1, or nnz is not in 1 … inputs × neurons */
export function checkLayer({ inputs, neurons, nnz }: LayerBudget): void {
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
  if (!isCount(inputs) || !isCount(neurons)) {
    throw new RangeError(`layer of ${inputs} inputs × ${neurons} neurons: both must be integers ≥ 1`);
  }
  if (!isCount(nnz) || nnz > inputs * neurons) {
    throw new RangeError(
      `layer of ${inputs} inputs × ${neurons} neurons: nnz is ${nnz}; it must be an integer in 1 … ${inputs * neurons}`,
    );
  }
}

/** The least fan-in of any neuron: 1, or 0 where there are fewer connections than neurons. */
export function leastFanIn({ neurons, nnz }: LayerBudget): number {
  return nnz < neurons ? 0 : 1;
}

/** Population σ/mean of fan-ins whose squares sum to `squares`. */
export function cvOfSquares(squares: number, { neurons, nnz }: LayerBudget): number {
  return Math.sqrt(Math.max(0, (squares * neurons) / nnz ** 2 - 1));
}

export function sumOfSquares(fanIn: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < fanIn.length; i++) sum += fanIn[i] ** 2;
  return sum;
}

/** A family on the ranks x = (i + ½)/M of a layer. */
export interface LayerShape {
  /** ln r at every rank, for one shape parameter. */
  readonly logShape: (a: number) => Float64Array;
  /** Real-valued fan-ins k = clip(c·r, least, n) with c such that they sum to nnz. */
  readonly fanIn: (a: number) => Float64Array;
}

export function layerShape(family: LogFamily, layer: LayerBudget): LayerShape {
  const curves = Array.from({ length: layer.neurons }, (_, i) => family.at((i + 0.5) / layer.neurons));
  const logShape = (a: number): Float64Array => Float64Array.from(curves, (curve) => curve(a));
  return { logShape, fanIn: (a) => scaleToBudget(logShape(a), layer, `family "${family.name}" at a = ${a}`) };
}

/**
 * k_i = clip(c·r_i, least, n), c found by bisection.
 *
 * r is taken relative to the *pivot*, the largest neuron that cannot be full when all above it are. There c·r is
 * within the bounds of a fan-in, which brackets c; whatever overflows or vanishes beside it is clipped anyway.
 */
function scaleToBudget(logShape: Float64Array, layer: LayerBudget, what: string): Float64Array {
  const { inputs, neurons, nnz } = layer;
  const least = leastFanIn(layer);
  if (nnz === inputs * neurons) return new Float64Array(neurons).fill(inputs);
  const full = Math.floor((nnz - neurons * least) / (inputs - least));
  const pivot = Float64Array.from(logShape).sort()[neurons - 1 - full];
  if (pivot === -Infinity) {
    throw new RangeError(`${what} is 0 at too many neurons to place ${nnz} connections on the others`);
  }
  const ratio = logShape.map((value) => Math.exp(value - pivot));
  const total = (c: number): number => {
    let sum = 0;
    for (const r of ratio) sum += Math.min(inputs, Math.max(least, c * r));
    return sum;
  };
  const c = bisect((value) => total(value) >= nnz, least, inputs);
  return ratio.map((r) => Math.min(inputs, Math.max(least, c * r)));
}

/** The smallest number in (low, high] for which a monotone condition holds, or `high`, to the last bit. */
export function bisect(holds: (value: number) => boolean, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (holds(middle)) high = middle;
    else low = middle;
  }
}

/**
 * Whole fan-ins that sum to nnz: every one rounded down, then the units left over to the largest remainders
 * (on ties the larger fan-in, then the lower index, goes first). A unit goes only where something was cut off, so no
 * fan-in leaves its bounds.
 *
 * @param fanIn real-valued, summing to nnz
 */
export function roundToBudget(fanIn: Float64Array, { nnz }: LayerBudget): Uint32Array {
  const whole = Uint32Array.from(fanIn, Math.floor);
  const order = Uint32Array.from(fanIn, (_, i) => i).sort(
    (i, j) => fanIn[j] - whole[j] - (fanIn[i] - whole[i]) || fanIn[j] - fanIn[i] || i - j,
  );
  let left = nnz;
  for (const k of whole) left -= k;
  for (const i of order.subarray(0, left)) whole[i]++;
  return whole;
}
