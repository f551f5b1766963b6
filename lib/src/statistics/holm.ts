/**
 * Holm's step-down adjustment of a family of p values (Holm 1979), in the order given. The family is to be named
 * before the numbers are seen.
 *
 * @param p p values in 0 … 1
 * @returns adjusted p values: never below the raw ones, capped at 1, never falling where the raw ones rise
 * @throws RangeError when a p is NaN or outside 0 … 1
 */
export function holm(p: ArrayLike<number>): number[] {
  const raw = Array.from(p);
  raw.forEach((value, i) => {
    if (!(value >= 0 && value <= 1)) {
      throw new RangeError(
        `holm: p ${value} at ${i} is not in 0 … 1; settle undefined tests before adjusting the family`,
      );
    }
  });
  const adjusted = new Array<number>(raw.length);
  let floor = 0;
  const order = raw.map((_, i) => i).sort((i, j) => raw[i] - raw[j]);
  order.forEach((i, rank) => {
    floor = Math.max(floor, Math.min(1, (raw.length - rank) * raw[i]));
    adjusted[i] = floor;
  });
  return adjusted;
}
