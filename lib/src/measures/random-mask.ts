/**
 * The fan-in CV that chance alone gives: a uniformly random mask's fan-ins are binomial, so their CV is
 * √((1 − d)/(n·d)). Every measured CV is read against this null before it is called structure.
 *
 * @param inputs number of inputs n of the layer, at least 1
 * @param density share d of the possible weights that exist, in (0, 1]
 * @returns the CV in the limit of many neurons; a finite layer scatters by about CV/√(2·neurons) around it
 * @throws RangeError on other values
 */
export function randomMaskCv(inputs: number, density: number): number {
  if (!Number.isInteger(inputs) || inputs < 1) {
    throw new RangeError(`randomMaskCv: inputs ${inputs} is not a positive integer`);
  }
  if (!(density > 0 && density <= 1)) {
    throw new RangeError(`randomMaskCv: density ${density} is not in (0, 1]; it is 1 − sparsity`);
  }
  return Math.sqrt((1 - density) / (inputs * density));
}
