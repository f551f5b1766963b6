import { checkFanIn } from "./fan-in";
import { hubs } from "./hubs";

/** One value for each of the three ways to sum up a neuron's gradient over its active inputs. */
export interface GradientStatistics<T> {
  /** Of mean |∂L/∂w|: the substantive one, which fan-in alone does not move. */
  readonly mean: T;
  /** Of the L2 norm, which grows as √k by itself. */
  readonly l2: T;
  /** Of the sum of |∂L/∂w|, which grows as k by itself. */
  readonly sum: T;
}

/**
 * How much gradient the hubs of a layer get, against its other neurons.
 *
 * A ratio is the mean over the top decile by fan-in over the mean over the rest: 1 means no concentration.
 * Neurons without input have no gradient and take no part, neither in the decile (⌈active/10⌉) nor in the rest.
 * A ratio is NaN when nothing is left to compare with (fewer than two active neurons, or no gradient anywhere),
 * and Infinity when only hubs have a gradient.
 */
export interface GradientConcentration {
  /** Per neuron, length neurons. Without input: mean NaN, l2 and sum 0. */
  readonly perNeuron: GradientStatistics<Float64Array>;
  /** Hubs over the rest, as measured. */
  readonly ratio: GradientStatistics<number>;
  /** What the ratio would be if gradients ignored fan-in: {@link mechanicalNull}. */
  readonly null: GradientStatistics<number>;
  /** ratio / null: what is left to explain. */
  readonly overNull: GradientStatistics<number>;
}

/**
 * Gradient concentration of one layer in three statistics, raw and against its mechanical null.
 *
 * @param fanIn one count per neuron
 * @param gradients ∂L/∂w of the active weights in topology order: neuron by neuron, Σ fanIn values
 * @throws RangeError when a fan-in is not a count, a gradient is not finite, or their numbers do not fit
 */
export function gradientConcentration(fanIn: ArrayLike<number>, gradients: ArrayLike<number>): GradientConcentration {
  checkFanIn("gradientConcentration", fanIn);
  const perNeuron = neuronGradients(fanIn, gradients);
  const { isHub, isRest } = splitByFanIn(fanIn);
  const ratio = mapStatistics(perNeuron, (values) => meanWhere(values, isHub) / meanWhere(values, isRest));
  const expected = mechanicalNull(fanIn);
  const overNull = {
    mean: ratio.mean / expected.mean,
    l2: ratio.l2 / expected.l2,
    sum: ratio.sum / expected.sum,
  };
  return { perNeuron, ratio, null: expected, overNull };
}

/**
 * The concentration ratios of a layer whose per-weight gradients ignore fan-in: a neuron of fan-in k then has mean
 * gradient ∝ 1, L2 norm ∝ √k and sum ∝ k, so that uneven fan-ins alone look like concentration.
 *
 * @param fanIn one count per neuron
 * @returns the null of each ratio; NaN with fewer than two active neurons
 * @throws RangeError when a fan-in is not a count
 */
export function mechanicalNull(fanIn: ArrayLike<number>): GradientStatistics<number> {
  checkFanIn("mechanicalNull", fanIn);
  const { isHub, isRest } = splitByFanIn(fanIn);
  const sum = Float64Array.from(fanIn);
  const perNeuron = { mean: sum.map(() => 1), l2: sum.map(Math.sqrt), sum };
  return mapStatistics(perNeuron, (values) => meanWhere(values, isHub) / meanWhere(values, isRest));
}

function neuronGradients(fanIn: ArrayLike<number>, gradients: ArrayLike<number>): GradientStatistics<Float64Array> {
  const connections = Array.from(fanIn).reduce((total, k) => total + k, 0);
  if (gradients.length !== connections) {
    throw new RangeError(
      `gradientConcentration: ${gradients.length} gradients for ${connections} connections; pass one for each active weight`,
    );
  }
  const sum = new Float64Array(fanIn.length);
  const squares = new Float64Array(fanIn.length);
  for (let neuron = 0, at = 0; neuron < fanIn.length; neuron++) {
    for (const end = at + fanIn[neuron]; at < end; at++) {
      if (!Number.isFinite(gradients[at])) {
        throw new RangeError(`gradientConcentration: gradient ${gradients[at]} at ${at} is not finite`);
      }
      sum[neuron] += Math.abs(gradients[at]);
      squares[neuron] += gradients[at] ** 2;
    }
  }
  return { mean: sum.map((total, i) => total / fanIn[i]), l2: squares.map(Math.sqrt), sum };
}

function splitByFanIn(fanIn: ArrayLike<number>): { isHub: Uint8Array; isRest: Uint8Array } {
  const active = Array.from({ length: fanIn.length }, (_, i) => i).filter((i) => fanIn[i] > 0);
  const isHub = new Uint8Array(fanIn.length);
  const isRest = new Uint8Array(fanIn.length);
  for (const i of active) isRest[i] = 1;
  for (const h of hubs(active.map((i) => fanIn[i]))) {
    isHub[active[h]] = 1;
    isRest[active[h]] = 0;
  }
  return { isHub, isRest };
}

function meanWhere(values: Float64Array, chosen: Uint8Array): number {
  let total = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (chosen[i] === 0) continue;
    total += values[i];
    count++;
  }
  return total / count;
}

function mapStatistics(
  statistics: GradientStatistics<Float64Array>,
  reduce: (values: Float64Array) => number,
): GradientStatistics<number> {
  return { mean: reduce(statistics.mean), l2: reduce(statistics.l2), sum: reduce(statistics.sum) };
}
