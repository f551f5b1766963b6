import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom, type Random } from "psn/dist/random";

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.uniform());
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test("the same seed gives the same stream, and another seed another", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (seed, other) => {
      const stream = draw(createRandom(seed), 8);
      assert.deepEqual(draw(createRandom(seed), 8), stream);
      if (seed !== other) assert.notDeepEqual(draw(createRandom(other), 8), stream);
    }),
  );
});

test("seed 0 is a seed like any other, and its stream never changes between versions", () => {
  const random = createRandom(0);
  const words = Array.from({ length: 4 }, () => random.integer(2 ** 32));
  assert.deepEqual(words, [3029598072, 4118618849, 3664722793, 2448206966]);
});

test("the generator is xoshiro128** as its authors publish it", () => {
  const random = createRandom({ key: [0, 0, 0, 0], words: [1, 2, 3, 4] });
  // Reference: rand_xoshiro, the test vector of Xoshiro128StarStar
  assert.deepEqual(
    Array.from({ length: 4 }, () => random.integer(2 ** 32)),
    [11520, 0, 5927040, 70819200],
  );
});

test("seeds that differ only above 32 bits give different streams", () => {
  assert.notDeepEqual(draw(createRandom(7), 4), draw(createRandom(7 + 2 ** 32), 4));
});

test("a saved state continues where it was saved, also after a passage through JSON", () => {
  const random = createRandom(3).fork("weights");
  draw(random, 11);
  const saved = JSON.parse(JSON.stringify(random.state()));
  const expected = [draw(random, 9), random.permutation(20), random.fork("later").uniform()];
  const restored = createRandom(saved);
  assert.deepEqual([draw(restored, 9), restored.permutation(20), restored.fork("later").uniform()], expected);
});

test("a fork depends on the seed and its label, not on what was drawn before", () => {
  const random = createRandom(5);
  const fresh = draw(random.fork("order"), 6);
  draw(random, 100);
  random.permutation(10);
  assert.deepEqual(draw(random.fork("order"), 6), fresh);
  assert.notDeepEqual(draw(random.fork("weights"), 6), fresh);
  assert.notDeepEqual(draw(createRandom(6).fork("order"), 6), fresh);
  assert.notDeepEqual(draw(random.fork("order").fork("order"), 6), fresh);
});

test("drawing from a fork leaves its parent where it was", () => {
  const untouched = draw(createRandom(8), 5);
  const random = createRandom(8);
  draw(random.fork("a"), 50);
  assert.deepEqual(draw(random, 5), untouched);
});

test("uniform deviates fill [0, 1) evenly", () => {
  const values = draw(createRandom(1), 100_000);
  assert.ok(values.every((value) => value >= 0 && value < 1));
  assert.ok(Math.abs(mean(values) - 0.5) < 0.004); // 4 standard errors
  const tenths = new Array(10).fill(0);
  for (const value of values) tenths[Math.floor(value * 10)]++;
  const chiSquare = tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  assert.ok(chiSquare < 27.9, `χ² of ten bins is ${chiSquare}`); // p = .001 at 9 degrees of freedom
});

test("uniform deviates have 53 random bits", () => {
  const values = draw(createRandom(2), 64);
  assert.ok(values.every((value) => Number.isInteger(value * 2 ** 53)));
  assert.ok(values.some((value) => !Number.isInteger(value * 2 ** 52)));
});

test("integers are unbiased even where the bound does not divide 2³²", () => {
  const random = createRandom(4);
  const bound = 3 * 2 ** 30; // plain remainders would make the first third twice as frequent
  const thirds = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) thirds[Math.floor(random.integer(bound) / 2 ** 30)]++;
  for (const count of thirds) assert.ok(Math.abs(count - 10_000) < 330, `thirds are ${thirds}`); // 4 standard errors
  assert.equal(random.integer(1), 0);
});

test("normal deviates have the moments of a standard normal", () => {
  const random = createRandom(9);
  const values = Array.from({ length: 100_000 }, () => random.normal());
  const moment = (power: number): number => mean(values.map((value) => value ** power));
  assert.ok(Math.abs(moment(1)) < 0.013); // each bound is 4 standard errors
  assert.ok(Math.abs(moment(2) - 1) < 0.018);
  assert.ok(Math.abs(moment(3)) < 0.049);
  assert.ok(Math.abs(moment(4) - 3) < 0.124);
});

test("a permutation holds every index once, and every place is equally likely", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 0, max: 60 }), (seed, n) => {
      const sorted = createRandom(seed).permutation(n).sort();
      assert.deepEqual(
        Array.from(sorted),
        Array.from({ length: n }, (_, i) => i),
      );
    }),
  );
  const random = createRandom(10);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const key = random.permutation(4).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  for (const [key, count] of counts) assert.ok(Math.abs(count - 1000) < 130, `${key} came ${count} times of 1000`);
});

test("a sample is distinct, in range, and includes every index equally often", () => {
  const random = createRandom(12);
  const counts = new Array(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const sample = random.sample(10, 3);
    assert.equal(new Set(sample).size, 3);
    for (const index of sample) counts[index]++;
  }
  for (const count of counts) assert.ok(Math.abs(count - 3000) < 190, `counts are ${counts}`);
  assert.equal(random.sample(5, 0).length, 0);
});

test("bad arguments are refused by name and value", () => {
  for (const seed of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
    assert.throws(() => createRandom(seed), { name: "RangeError", message: new RegExp(`seed ${seed} `) });
  }
  const random = createRandom(0);
  for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
    assert.throws(() => random.integer(bound), { name: "RangeError", message: /bound/ });
  }
  assert.throws(() => random.sample(3, 4), /cannot draw 4 distinct integers out of 3/);
  assert.throws(() => random.sample(3, -1), RangeError);
  const words = [1, 2, 3, 4];
  assert.throws(() => createRandom({ key: words, words: [1, 2, 3] }), /not a saved state/);
  assert.throws(() => createRandom({ key: [1, 2, 3, -1], words }), /not a saved state/);
});
