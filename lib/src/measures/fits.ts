import { normalTwoSided } from "../statistics/distributions";
import { maximumLikelihood, type TiltedLaw } from "./exponential-family";
import { checkFanIn } from "./fan-in";

/** A law fitted to the active neurons of a layer, with the share of silent ones beside it. */
export interface FanInFit {
  /** Number of inputs n: the law lives on fan-ins 1 … n. */
  readonly inputs: number;
  /** Number of neurons with at least one input. */
  readonly active: number;
  /** Share of neurons without input, in [0, 1): the other parameter of the zero-inflated law. */
  readonly zeroShare: number;
  /** Natural log-likelihood of the active neurons. */
  readonly logLikelihood: number;
  /** Kolmogorov–Smirnov distance of the active neurons from the law, in 0 … 1. */
  readonly ks: number;
  /** ln P(k) at index k − 1, length inputs; −Infinity where the law has no mass. Its exponential is the curve to draw over a histogram of active neurons. */
  readonly logProbability: Float64Array;
}

/** A discrete lognormal truncated to 1 … n. */
export interface LognormalFit extends FanInFit {
  /** Location of ln k; NaN where sigma is Infinity, for it then runs away to −∞ or +∞ with it. */
  readonly mu: number;
  /**
   * Scale of ln k. 0: the active neurons have one fan-in or two adjacent ones, which the law then reproduces exactly.
   * Infinity: they are at least as heavy-tailed as a power law, which is the lognormal's limit and then its best fit.
   */
  readonly sigma: number;
}

/** A power law P(k) ∝ k^−exponent truncated to 1 … n. */
export interface PowerLawFit extends FanInFit {
  /** Any real: negative where large fan-ins are the commoner; ±Infinity when all are 1, or all n; NaN for n = 1. */
  readonly exponent: number;
}

/** Lognormal against power law on the same active neurons. */
export interface FitComparison {
  readonly lognormal: LognormalFit;
  readonly powerLaw: PowerLawFit;
  /** log L(lognormal) − log L(power law). Never negative: the power law is the lognormal's limit of infinite sigma. */
  readonly logLikelihoodRatio: number;
  /** Vuong's (1989) statistic: the ratio over √active times the sd of its terms. NaN where the fits do not differ. */
  readonly z: number;
  /** Two-sided p of z; NaN with it. */
  readonly p: number;
  /**
   * p of the likelihood-ratio test of "a power law", which is nested at the edge of the lognormals: under it, twice
   * the ratio is half a point at 0 and half a χ² with one df (Self & Liang 1987). The sharper of the two tests.
   */
  readonly nestedP: number;
}

/** How often each fan-in occurs among the active neurons. */
interface Tally {
  readonly inputs: number;
  readonly neurons: number;
  readonly active: number;
  /** Neurons of fan-in k at index k − 1. */
  readonly counts: Float64Array;
  readonly min: number;
  readonly max: number;
  /** Mean and standard deviation of ln k, the latter 1 where it would be 0. */
  readonly centre: number;
  readonly scale: number;
}

/**
 * Maximum-likelihood discrete lognormal, truncated to 1 … n, of the active neurons' fan-ins.
 *
 * The law is the density at the integers, P(k) ∝ exp(−(ln k − μ)²/2σ²)/k (the DGX law of Bi, Faloutsos & Korn, KDD
 * 2001), rather than the mass of (k − ½, k + ½]: its likelihood is concave in (μ/σ², 1/σ²), so the maximum is unique
 * and found surely; it does not lose its tails to rounding; and it contains the power law as a limit, so that the
 * two compare. The two readings part only where σ·k is below about one half.
 *
 * @param fanIn one count per neuron, all in 0 … inputs
 * @param options `inputs`: the layer's number of inputs n
 * @throws RangeError when no neuron is active or a count is out of range
 */
export function fitTruncatedLognormal(fanIn: ArrayLike<number>, options: { readonly inputs: number }): LognormalFit {
  const counted = tally("fitTruncatedLognormal", fanIn, options.inputs);
  return lognormalFit(counted, powerLawFit(counted));
}

/**
 * Maximum-likelihood power law P(k) ∝ k^−exponent of the active neurons' fan-ins, truncated (sharply, not by an
 * exponential) to 1 … n.
 *
 * @param fanIn one count per neuron, all in 0 … inputs
 * @param options `inputs`: the layer's number of inputs n
 * @throws RangeError when no neuron is active or a count is out of range
 */
export function fitTruncatedPowerLaw(fanIn: ArrayLike<number>, options: { readonly inputs: number }): PowerLawFit {
  return powerLawFit(tally("fitTruncatedPowerLaw", fanIn, options.inputs));
}

/**
 * Fits both laws and compares their likelihoods.
 *
 * @param fanIn one count per neuron, all in 0 … inputs
 * @param options `inputs`: the layer's number of inputs n
 * @throws RangeError when no neuron is active or a count is out of range
 */
export function compareFits(fanIn: ArrayLike<number>, options: { readonly inputs: number }): FitComparison {
  const counted = tally("compareFits", fanIn, options.inputs);
  const powerLaw = powerLawFit(counted);
  const lognormal = lognormalFit(counted, powerLaw);
  const ratio = Math.max(0, lognormal.logLikelihood - powerLaw.logLikelihood);
  const mean = ratio / counted.active;
  let squares = 0;
  counted.counts.forEach((count, i) => {
    if (count > 0) squares += count * (lognormal.logProbability[i] - powerLaw.logProbability[i] - mean) ** 2;
  });
  const sd = Math.sqrt(squares / counted.active);
  const z = counted.min < counted.max && sd > 1e-9 ? ratio / (Math.sqrt(counted.active) * sd) : Number.NaN;
  const nestedP = ratio === 0 ? 1 : normalTwoSided(Math.sqrt(2 * ratio)) / 2;
  return { lognormal, powerLaw, logLikelihoodRatio: ratio, z, p: normalTwoSided(z), nestedP };
}

function powerLawFit(counted: Tally): PowerLawFit {
  const { inputs, min, max } = counted;
  if (min === max && (min === 1 || min === inputs)) {
    const exponent = inputs === 1 ? Number.NaN : min === 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    return { exponent, ...describe(counted, observedLogShares(counted)) };
  }
  const law = maximumLikelihood(standardisedLogs(counted), false);
  return { exponent: 0 - law.theta1 / counted.scale, ...describe(counted, law.logProbability) };
}

function lognormalFit(counted: Tally, powerLaw: PowerLawFit): LognormalFit {
  const { centre, scale, min, max } = counted;
  if (max - min <= 1) {
    return { mu: (Math.log(min) + Math.log(max)) / 2, sigma: 0, ...describe(counted, observedLogShares(counted)) };
  }
  const t = standardisedLogs(counted);
  const meanSquare = powerLaw.logProbability.reduce((total, log, i) => total + Math.exp(log) * t[i] ** 2, 0);
  if (meanSquare <= 1 + 1e-9) {
    const { exponent: _, ...fit } = powerLaw;
    return { mu: Number.NaN, sigma: Number.POSITIVE_INFINITY, ...fit };
  }
  const law: TiltedLaw = maximumLikelihood(t, true);
  const sigma = scale / Math.sqrt(-2 * law.theta2);
  const mu = centre + sigma ** 2 * (1 + law.theta1 / scale);
  return { mu, sigma, ...describe(counted, law.logProbability) };
}

function tally(caller: string, fanIn: ArrayLike<number>, inputs: number): Tally {
  checkFanIn(caller, fanIn, inputs);
  const counts = new Float64Array(inputs);
  for (let i = 0; i < fanIn.length; i++) if (fanIn[i] > 0) counts[fanIn[i] - 1]++;
  const active = counts.reduce((total, count) => total + count, 0);
  if (active === 0) {
    throw new RangeError(
      `${caller}: none of ${fanIn.length} neurons has an input; a law needs at least one active neuron`,
    );
  }
  const logMoment = (of: (log: number) => number): number =>
    counts.reduce((total, count, i) => total + count * of(Math.log(i + 1)), 0) / active;
  const min = counts.findIndex((count) => count > 0) + 1;
  const max =
    inputs -
    counts
      .slice()
      .reverse()
      .findIndex((count) => count > 0);
  const centre = logMoment((log) => log);
  const scale = min === max ? 1 : Math.sqrt(logMoment((log) => (log - centre) ** 2));
  return { inputs, neurons: fanIn.length, active, counts, min, max, centre, scale };
}

function standardisedLogs({ inputs, centre, scale }: Tally): Float64Array {
  return Float64Array.from({ length: inputs }, (_, i) => (Math.log(i + 1) - centre) / scale);
}

function observedLogShares({ counts, active }: Tally): Float64Array {
  return counts.map((count) => Math.log(count / active));
}

function describe({ inputs, neurons, active, counts }: Tally, logProbability: Float64Array): FanInFit {
  let logLikelihood = 0;
  let gap = 0;
  let ks = 0;
  for (let i = 0; i < inputs; i++) {
    if (counts[i] > 0) logLikelihood += counts[i] * logProbability[i];
    gap += counts[i] / active - Math.exp(logProbability[i]);
    ks = Math.max(ks, Math.abs(gap));
  }
  return { inputs, active, zeroShare: (neurons - active) / neurons, logLikelihood, ks, logProbability };
}
