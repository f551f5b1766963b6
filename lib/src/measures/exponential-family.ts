/** P(i) ∝ exp(θ₁ tᵢ + θ₂ tᵢ²) on finitely many points tᵢ. */
export interface TiltedLaw {
  readonly theta1: number;
  readonly theta2: number;
  /** log P of each point, as long as `t`. */
  readonly logProbability: Float64Array;
}

const STEPS = 200;
const HALVINGS = 60;

/**
 * The law of greatest likelihood for data whose t has mean 0 and mean square 1. The log-likelihood per datum,
 * θ₂ − log Z(θ), is concave, so damped Newton steps reach its only maximum; they start from equal probabilities, where
 * no direction is flat. This is what a truncated discrete lognormal (t the standardised ln k) and, with θ₂ = 0,
 * a power law come down to.
 *
 * @param t the points, ascending, at least two
 * @param quadratic false holds θ₂ at 0
 * @throws Error when 200 Newton steps do not reach the maximum: it lies at infinity, and the caller should have known
 */
export function maximumLikelihood(t: Float64Array, quadratic: boolean): TiltedLaw {
  let theta1 = 0;
  let theta2 = 0;
  let law = moments(t, theta1, theta2);
  for (let count = 0; count < STEPS; count++) {
    const [step1, step2, gain] = newtonStep(law, quadratic);
    // At the maximum the law's moments are those of the data.
    const mismatch = Math.max(Math.abs(law.mean1), quadratic ? Math.abs(1 - law.mean2) : 0);
    if (mismatch < 1e-9) return { theta1, theta2, logProbability: law.logProbability };
    // A step that promises much is long, and may end where the law is a single point and the next step has no direction:
    // it is shortened, as in damped Newton, and again where it overshoots. Below a gain of 1e-9 the likelihood is too
    // rounded to tell.
    let scale = gain > 1 ? 1 / (1 + Math.sqrt(gain)) : 1;
    let next = moments(t, theta1 + scale * step1, theta2 + scale * step2);
    for (let halving = 0; !(next.value > law.value) && gain > 1e-9 && halving < HALVINGS; halving++) {
      scale /= 2;
      next = moments(t, theta1 + scale * step1, theta2 + scale * step2);
    }
    theta1 += scale * step1;
    theta2 += scale * step2;
    law = next;
  }
  throw new Error(
    `fit: no maximum after ${STEPS} Newton steps (θ = ${theta1}, ${theta2}): it lies at infinity, where the limit is to be written out`,
  );
}

interface Moments {
  /** Log-likelihood per datum. */
  readonly value: number;
  readonly logProbability: Float64Array;
  readonly mean1: number;
  readonly mean2: number;
  readonly var11: number;
  readonly var12: number;
  readonly var22: number;
}

/** Step in θ₁ and θ₂, and twice the gain in log-likelihood it promises (the squared Newton decrement). */
function newtonStep(law: Moments, quadratic: boolean): [number, number, number] {
  const gradient1 = -law.mean1;
  const gradient2 = 1 - law.mean2;
  if (!quadratic) return [gradient1 / law.var11, 0, gradient1 ** 2 / law.var11];
  const determinant = law.var11 * law.var22 - law.var12 ** 2;
  const step1 = (law.var22 * gradient1 - law.var12 * gradient2) / determinant;
  const step2 = (law.var11 * gradient2 - law.var12 * gradient1) / determinant;
  return [step1, step2, gradient1 * step1 + gradient2 * step2];
}

function moments(t: Float64Array, theta1: number, theta2: number): Moments {
  const exponent = t.map((x) => (theta1 + theta2 * x) * x);
  const largest = exponent.reduce((a, b) => Math.max(a, b));
  const logZ = largest + Math.log(exponent.reduce((total, e) => total + Math.exp(e - largest), 0));
  const logProbability = exponent.map((e) => e - logZ);
  let mean1 = 0;
  let mean2 = 0;
  for (let i = 0; i < t.length; i++) {
    const p = Math.exp(logProbability[i]);
    mean1 += p * t[i];
    mean2 += p * t[i] ** 2;
  }
  let var11 = 0;
  let var12 = 0;
  let var22 = 0;
  for (let i = 0; i < t.length; i++) {
    const p = Math.exp(logProbability[i]);
    var11 += p * (t[i] - mean1) ** 2;
    var12 += p * (t[i] - mean1) * (t[i] ** 2 - mean2);
    var22 += p * (t[i] ** 2 - mean2) ** 2;
  }
  return { value: theta2 - logZ, logProbability, mean1, mean2, var11, var12, var22 };
}
