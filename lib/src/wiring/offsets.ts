/**
 * The input at which each neuron's connections begin: ⌊i·φ·n⌋ mod n, φ the golden ratio, so that neighbours begin far
 * apart (arXiv 2604.10560). Exact for every i: rounding never decides.
 *
 * @param inputs number of inputs n ≥ 1
 * @param count number of neurons
 * @returns length count, each in 0 … n − 1
 */
export function inputOffsets(inputs: number, count: number): Uint32Array {
  checkInputs("inputOffsets", inputs);
  if (!Number.isSafeInteger(count) || count < 0 || !Number.isSafeInteger(count * inputs * 4)) {
    throw new RangeError(`inputOffsets: count ${count} is not an integer ≥ 0 with 4 × count × inputs below 2^53`);
  }
  return Uint32Array.from({ length: count }, (_, i) => floorGolden(i * inputs) % inputs);
}

/** ⌊p·φ⌋ = ⌊(p + ⌊√(5p²)⌋)/2⌋, the root taken in doubles and corrected in whole numbers. */
function floorGolden(p: number): number {
  const square = 5n * BigInt(p) ** 2n;
  let root = Math.floor(Math.sqrt(5) * p);
  while (BigInt(root) ** 2n > square) root--;
  while (BigInt(root + 1) ** 2n <= square) root++;
  return Math.floor((p + root) / 2);
}

/** The integer nearest to n/φ that is coprime to n: stepping by it visits every input once before any twice. */
export function goldenStride(inputs: number): number {
  checkInputs("goldenStride", inputs);
  const ideal = (inputs * (Math.sqrt(5) - 1)) / 2;
  const nearest = Math.round(ideal);
  const side = nearest > ideal ? -1 : 1;
  for (let distance = 0; ; distance++) {
    for (const candidate of [nearest + side * distance, nearest - side * distance]) {
      if (candidate >= 1 && greatestCommonDivisor(candidate, inputs) === 1) return candidate;
    }
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function checkInputs(where: string, inputs: number): void {
  if (!Number.isSafeInteger(inputs) || inputs < 1) {
    throw new RangeError(`${where}: ${inputs} inputs; it must be an integer ≥ 1`);
  }
}
