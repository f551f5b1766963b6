import {
  bisect,
  checkLayer,
  cvOfSquares,
  type LayerBudget,
  type LayerShape,
  layerShape,
  leastFanIn,
  roundToBudget,
  sumOfSquares,
} from "./allocation";
import { type Family, logFamily } from "./families";
import { repair } from "./repair";

/** A distribution of fan-in: a family, and how much it varies. */
export interface Profile {
  readonly family: Family;
  /** Coefficient of variation of fan-in: population σ/mean over all neurons of the layer. 0 is constant fan-in. */
  readonly cv: number;
}

/** Whole numbers give a CV right to four digits in all but tiny layers; further off than this is an error. */
const CV_TOLERANCE = 0.02;

/**
 * Fan-ins of a layer by a profile, with exactly `nnz` connections and, to the resolution of whole numbers, exactly the
 * CV asked for. No neuron has fewer than 1 input (0 where nnz < neurons) or more than `inputs`.
 * Source: arXiv 2604.10560; how curves become whole numbers is ours, since the paper does not say.
 *
 * @returns length neurons, in the order of the profile's x = (i + ½)/neurons: ascending but for the hump-shaped
 *   `cosine` and `gaussian`, and but for ties, where what rounding leaves over goes to the lower index
 * @throws RangeError when the layer or the family does not exist, or the CV is outside what the family reaches in this
 *   layer; the message names the reachable range
 */
export function fanInProfile({ family, cv }: Profile, layer: LayerBudget): Uint32Array {
  checkLayer(layer);
  const shape = layerShape(logFamily(family), layer);
  if (!(cv >= 0 && cv < Infinity)) throw new RangeError(`fanInProfile: cv is ${cv}; it must be a finite number ≥ 0`);
  if (cv === 0) return evenFanIn(layer);
  const a = solveShape(shape, { family, cv }, layer);
  const whole = roundToBudget(shape.fanIn(a), layer);
  return withExactCv(whole, shape.logShape(a), { family, cv }, layer);
}

/** Fan-ins as equal as whole numbers allow. */
function evenFanIn(layer: LayerBudget): Uint32Array {
  return roundToBudget(new Float64Array(layer.neurons).fill(layer.nnz / layer.neurons), layer);
}

/**
 * The largest CV of fan-in that a family reaches in a layer. No profile at all exceeds √((k̄−1)(n−k̄))/k̄, k̄ the mean
 * fan-in and n the inputs.
 */
export function maximumCv(family: Family, layer: LayerBudget): number {
  checkLayer(layer);
  const { maximum, ...rest } = logFamily(family);
  const steepest = cvOf(layerShape({ maximum, ...rest }, layer).fanIn(maximum), layer);
  return Math.min(steepest, mostUnequalCv(layer));
}

/** The CV of as many full neurons as nnz allows beside neurons with the least fan-in. */
function mostUnequalCv(layer: LayerBudget): number {
  const { inputs, neurons, nnz } = layer;
  const least = leastFanIn(layer);
  const spare = nnz - neurons * least;
  if (spare === 0) return cvOfSquares(neurons * least ** 2, layer);
  const full = Math.floor(spare / (inputs - least));
  const rest = least + spare - full * (inputs - least);
  const others = neurons - full - 1;
  return cvOfSquares(full * inputs ** 2 + (others >= 0 ? rest ** 2 + others * least ** 2 : 0), layer);
}

function cvOf(fanIn: ArrayLike<number>, layer: LayerBudget): number {
  return cvOfSquares(sumOfSquares(fanIn), layer);
}

/** The shape parameter whose real-valued fan-ins have the CV. CV grows with it: a steeper shape majorises a flatter. */
function solveShape(shape: LayerShape, profile: Profile, layer: LayerBudget): number {
  const { cv } = profile;
  const { maximum } = logFamily(profile.family);
  const reaches = (a: number): boolean => cvOf(shape.fanIn(a), layer) >= cv;
  let low = 0;
  let high = Math.min(1, maximum);
  while (high < maximum && !reaches(high)) {
    low = high;
    high = Math.min(2 * high, maximum);
  }
  const most = high < maximum ? mostUnequalCv(layer) : maximumCv(profile.family, layer);
  if (cv > most) throw outOfReach(profile, layer, `the maximum that it reaches is ${most.toFixed(4)}`);
  const even = cvOf(evenFanIn(layer), layer);
  if (cv < even)
    throw outOfReach(profile, layer, `cv 0 aside, the minimum that whole numbers give is ${even.toFixed(4)}`);
  const a = bisect(reaches, low, high);
  const found = cvOf(shape.fanIn(a), layer);
  if (found <= cv + CV_TOLERANCE) return a;
  throw outOfReach(profile, layer, `cv 0 aside, the minimum that it reaches is ${found.toFixed(4)}`);
}

/** Moves units between neurons, ranks kept, until Σk² is what the CV asks for. */
function withExactCv(whole: Uint32Array, logShape: Float64Array, profile: Profile, layer: LayerBudget): Uint32Array {
  const ranks = Uint32Array.from(whole, (_, i) => i).sort((i, j) => logShape[i] - logShape[j] || j - i);
  const rounded = whole.slice().sort();
  const squares = (layer.nnz ** 2 * (1 + profile.cv ** 2)) / layer.neurons;
  const half = Math.round((squares - sumOfSquares(rounded)) / 2);
  const sorted = repair(rounded, half, { least: leastFanIn(layer), most: layer.inputs });
  const found = cvOf(sorted, layer);
  if (Math.abs(found - profile.cv) > CV_TOLERANCE) {
    throw outOfReach(profile, layer, `the nearest that whole numbers give is ${found.toFixed(4)}`);
  }
  const fanIn = new Uint32Array(layer.neurons);
  ranks.forEach((i, rank) => {
    fanIn[i] = sorted[rank];
  });
  return fanIn;
}

function outOfReach({ family, cv }: Profile, { inputs, neurons, nnz }: LayerBudget, reach: string): RangeError {
  return new RangeError(
    `fanInProfile: family "${logFamily(family).name}" has no CV ${cv} in a layer of ${inputs} inputs × ${neurons} ` +
      `neurons with ${nnz} connections: ${reach}; choose another CV, family or density`,
  );
}
