/**
 * One seeded generator for everything random in the project: wiring, weights, order, resampling.
 *
 * xoshiro128** (Blackman & Vigna, "Scrambled linear pseudorandom number generators", 2021), seeded by
 * splitmix32. Streams for different purposes are forked by name, so that drawing more weights never
 * changes the order of the batches.
 */
export interface Random {
  /** A double in [0, 1) with 53 random bits. */
  uniform(): number;
  /** An unbiased integer in 0 … bound − 1; `bound` is in 1 … 2³². */
  integer(bound: number): number;
  /** A standard normal deviate (Box–Muller). */
  normal(): number;
  /** A uniformly random permutation of 0 … n − 1. */
  permutation(n: number): Uint32Array;
  /** `k` distinct integers out of 0 … n − 1, in random order. */
  sample(n: number, k: number): Uint32Array;
  /** An independent stream named by `label`. It depends on the seed and the label only, not on what was drawn before. */
  fork(label: string): Random;
  /** The state, to be stored as JSON and handed to {@link createRandom} later. */
  state(): RandomState;
}

/** A saved generator: `key` names the stream (for forks), `words` is where it stands. Both are four uint32. */
export interface RandomState {
  readonly key: readonly number[];
  readonly words: readonly number[];
}

/**
 * A generator from a seed, or from a state saved with {@link Random.state}.
 *
 * @param seed an integer in 0 … 2⁵³ − 1 (0 is a seed like any other), or a saved state
 * @throws RangeError on any other seed
 */
export function createRandom(seed: number | RandomState): Random {
  if (typeof seed === "number") {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`createRandom: seed ${seed} is not an integer in 0 … 2^53 − 1; pass for example 0`);
    }
    const key = expand([seed >>> 0, Math.floor(seed / 2 ** 32)]);
    return new Xoshiro128(key, key);
  }
  if (!isState(seed)) {
    throw new RangeError(
      "createRandom: not a saved state ({ key, words } of four uint32 each); pass what state() returned",
    );
  }
  return new Xoshiro128(seed.key, seed.words);
}

class Xoshiro128 implements Random {
  private readonly key: readonly number[];
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(key: readonly number[], words: readonly number[]) {
    this.key = key;
    [this.a, this.b, this.c, this.d] = words;
  }

  private next(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  uniform(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > 2 ** 32) {
      throw new RangeError(`Random.integer: bound ${bound} is not an integer in 1 … 2^32`);
    }
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = this.next();
    while (word >= limit) word = this.next();
    return word % bound;
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  permutation(n: number): Uint32Array {
    return this.sample(n, n);
  }

  sample(n: number, k: number): Uint32Array {
    if (!Number.isInteger(n) || n < 0 || n > 2 ** 32 || !Number.isInteger(k) || k < 0 || k > n) {
      throw new RangeError(`Random.sample: cannot draw ${k} distinct integers out of ${n}; need 0 ≤ k ≤ n ≤ 2^32`);
    }
    const pool = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const j = i + this.integer(n - i);
      const drawn = pool[j];
      pool[j] = pool[i];
      pool[i] = drawn;
    }
    return pool.slice(0, k);
  }

  fork(label: string): Random {
    let hash = 0x811c9dc5; // FNV-1a
    for (const byte of Buffer.from(label, "utf8")) hash = Math.imul(hash ^ byte, 0x01000193);
    const key = expand([...this.key, hash >>> 0, label.length]);
    return new Xoshiro128(key, key);
  }

  state(): RandomState {
    return { key: [...this.key], words: [this.a >>> 0, this.b >>> 0, this.c >>> 0, this.d >>> 0] };
  }
}

/** Four well-mixed words from any number of words: splitmix32 absorbs each in turn. */
function expand(words: readonly number[]): number[] {
  let state = words.length;
  const mix = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  const lanes: number[] = [0, 0, 0, 0];
  for (const word of words) {
    state ^= word;
    for (let lane = 0; lane < 4; lane++) lanes[lane] = (Math.imul(lanes[lane], 0x01000193) ^ mix()) >>> 0;
  }
  const stuck = lanes.every((lane) => lane === 0); // the one state xoshiro cannot leave
  return stuck ? [1, 0, 0, 0] : lanes;
}

function isState(value: RandomState): boolean {
  const isWords = (words: unknown): boolean =>
    Array.isArray(words) &&
    words.length === 4 &&
    words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32);
  return typeof value === "object" && value !== null && isWords(value.key) && isWords(value.words);
}
