import { createRandom, type Random } from "../random";

/**
 * The one seed of every split that the project makes itself (covtype 80/20, emnist-bymerge-116k 85/15). It is not the
 * seed of a run: all runs see the same parts.
 */
const splitSeed = 20_260_412;

/** The generator of the split of the data set `name`. */
export function splitRandom(name: string): Random {
  return createRandom(splitSeed).fork(`split ${name}`);
}

/** Two disjoint sets of rows, each ascending, that together are all rows. */
export interface StratifiedSplit {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Splits rows at random so that each class has its share in both parts.
 *
 * @param labels the class of each row, 0 … 255
 * @param testFraction the share of the test part, in (0, 1); it gets round(rows × testFraction) rows
 */
export function stratifiedSplit(labels: Uint8Array, testFraction: number, random: Random): StratifiedSplit {
  if (!(testFraction > 0 && testFraction < 1)) {
    throw new RangeError(`stratifiedSplit: testFraction ${testFraction} is not between 0 and 1; pass for example 0.2`);
  }
  const test = stratifiedSample(labels, Math.round(labels.length * testFraction), random);
  const inTest = new Uint8Array(labels.length);
  for (const row of test) inTest[row] = 1;
  const train = new Uint32Array(labels.length - test.length);
  let count = 0;
  for (let row = 0; row < labels.length; row++) if (!inTest[row]) train[count++] = row;
  return { train, test };
}

/**
 * `count` rows at random, ascending, of which each class has count × (its rows) / rows, by largest remainder: rounded
 * down, and the rows still missing go to the classes with the largest fractions, of equal ones the lower class.
 *
 * @throws RangeError unless 0 ≤ count ≤ rows
 */
export function stratifiedSample(labels: Uint8Array, count: number, random: Random): Uint32Array {
  const rows = labels.length;
  if (!Number.isInteger(count) || count < 0 || count > rows) {
    throw new RangeError(`stratifiedSample: cannot take ${count} of ${rows} rows; need an integer in 0 … ${rows}`);
  }
  const members = rowsByClass(labels);
  const sizes = members.map((list) => list.length);
  const drawn: number[] = [];
  shares(sizes, count, rows).forEach((share, label) => {
    for (const i of random.sample(sizes[label], share)) drawn.push(members[label][i]);
  });
  return Uint32Array.from(drawn).sort();
}

function rowsByClass(labels: Uint8Array): number[][] {
  const members: number[][] = Array.from({ length: 256 }, () => []);
  labels.forEach((label, row) => {
    members[label].push(row);
  });
  return members;
}

/** `count` in proportion to `sizes`, which sum to `rows`, in whole numbers: remainders are compared exactly. */
function shares(sizes: readonly number[], count: number, rows: number): number[] {
  if (rows === 0) return sizes.map(() => 0);
  const floors = sizes.map((size) => Math.floor((size * count) / rows));
  const remainders = sizes.map((size, i) => size * count - floors[i] * rows);
  const missing = count - floors.reduce((sum, floor) => sum + floor, 0);
  const byRemainder = sizes.map((_, i) => i).sort((a, b) => remainders[b] - remainders[a] || a - b);
  for (const i of byRemainder.slice(0, missing)) floors[i]++;
  return floors;
}
