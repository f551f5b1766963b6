/**
 * The `count` candidates with the largest scores, by rank and not by threshold: exactly `count`, and on ties the lower
 * index wins. Expected time is linear in the number of candidates.
 *
 * @param candidates indices into `scores`, ascending
 * @param scores no NaN among those of candidates
 * @returns the chosen indices, ascending
 */
export function largest(candidates: Uint32Array, scores: Float64Array, count: number): Uint32Array {
  const chosen = new Uint32Array(count);
  if (count === 0) return chosen;
  const values = new Float64Array(candidates.length);
  for (let i = 0; i < candidates.length; i++) values[i] = scores[candidates[i]];
  const threshold = valueAtRank(values.slice(), candidates.length - count);
  let ties = count;
  for (const value of values) if (value > threshold) ties--;
  let filled = 0;
  for (let i = 0; i < values.length && filled < count; i++) {
    if (values[i] > threshold || (values[i] === threshold && ties-- > 0)) chosen[filled++] = candidates[i];
  }
  return chosen;
}

/** The value that ascending order would put at `rank` (Hoare's quickselect, pivot from the middle); reorders `values`. */
function valueAtRank(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low], values[(low + high) >>> 1], values[high]);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        const value = values[i];
        values[i++] = values[j];
        values[j--] = value;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return pivot;
  }
  return values[rank];
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
