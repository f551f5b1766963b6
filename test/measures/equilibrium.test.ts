import assert from "node:assert/strict";
import { test } from "node:test";
import { wasserstein } from "psn/dist/measures/distances";
import { equilibrium, equivalenceMargin, type FanInRun, fixedPoint } from "psn/dist/measures/equilibrium";
import { createRandom } from "psn/dist/random";

const random = createRandom(0);
const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)), `${actual} is not ${expected}`);
/** Fan-ins 20 − spread and 20 + spread: the W1n of two of these is the difference of spreads over 20. */
const pair = (spread: number) => [20 - spread, 20 + spread];
const run = (start: string, seed: number, initial: number, final: number): FanInRun => ({
  start,
  seed,
  initial: pair(initial),
  final: pair(final),
});
const options = { resamples: 500, random: createRandom(0) };
/** Starts at spreads 0, 5, 10, …, ends about those given, with noise. */
const runs = (ends: readonly number[], seeds: number, noise: number): FanInRun[] =>
  ends.flatMap((end, s) =>
    Array.from({ length: seeds }, (_, seed) => run(`start ${s}`, seed, 5 * s, end + noise * random.normal())),
  );

test("distances are means over pairs of different seed: between starts, and within", () => {
  const ends = [
    [4, 5, 7],
    [6, 5, 9],
  ];
  const found = equilibrium(
    ends.flatMap((spreads, s) => spreads.map((end, seed) => run(`s${s}`, seed, 2 + 3 * s, end))),
    options,
  );
  const mean = (...spreads: number[]) => spreads.reduce((a, b) => a + b, 0) / spreads.length / 20;
  // of seeds 0 and 1, 0 and 2, 1 and 0, 1 and 2, 2 and 0, 2 and 1
  near(found.between.final, mean(1, 5, 1, 4, 1, 2));
  near(found.within.final, mean(1, 3, 2, 1, 3, 4));
  near(found.between.initial, 3 / 20);
  assert.equal(found.within.initial, 0);
  near(found.contraction.estimate, found.between.final / found.between.initial);
  near(found.equivalence.estimate, found.between.final / found.within.final);
  assert.deepEqual([found.starts, found.seeds], [["s0", "s1"], 3]);
});

test("vectors are compared sorted, since a neuron's index means nothing", () => {
  const shuffled = runs([5, 6], 4, 1).map((r, i) => (i % 2 === 0 ? r : { ...r, final: Array.from(r.final).reverse() }));
  const sorted = shuffled.map((r) => ({ ...r, final: Array.from(r.final).sort((a, b) => a - b) }));
  const fixed = () => ({ ...options, random: createRandom(3) });
  assert.deepEqual(equilibrium(shuffled, fixed()), equilibrium(sorted, fixed()));
});

test("one law whatever the start is equivalent: R about 1, contraction near 0", () => {
  const { equivalence, contraction, pairs } = equilibrium(runs([8, 8, 8, 8], 12, 0.2), options);
  near(equivalence.estimate, 1, 0.15);
  assert.equal(equivalence.verdict, "equivalent");
  assert.ok(equivalence.low < equivalence.estimate && equivalence.estimate < equivalence.high);
  assert.ok(equivalence.high < equivalenceMargin && contraction.high < 0.1);
  assert.equal(pairs.length, 6);
});

test("ends that remember their starts are different, though nearer than they began", () => {
  const { equivalence, contraction } = equilibrium(runs([5, 7, 9], 8, 0.3), options);
  assert.equal(equivalence.verdict, "different");
  assert.ok(equivalence.low > equivalenceMargin && contraction.high < 0.6 && contraction.low > 0.2);
});

test("one start apart shows in its pairs, and three seeds decide little", () => {
  const { pairs } = equilibrium(runs([8, 8, 14], 10, 0.3), options);
  assert.deepEqual(
    pairs.map(({ starts, equivalence }) => [...starts, equivalence.estimate > 3]),
    [
      ["start 0", "start 1", false],
      ["start 0", "start 2", true],
      ["start 1", "start 2", true],
    ],
  );
  const few = equilibrium(runs([8, 8.1], 3, 0.5), options).equivalence;
  assert.deepEqual([few.verdict, few.high], ["inconclusive", Number.POSITIVE_INFINITY]);
});

test("a margin is held against the same bounds", () => {
  const sample = runs([8, 8.5, 9], 10, 0.3);
  const verdict = (margin: number) => equilibrium(sample, { ...options, margin }).equivalence.verdict;
  const { low, estimate, high } = equilibrium(sample, options).equivalence;
  assert.ok(low > 1 && low + 0.1 < estimate && estimate + 0.1 < high);
  assert.deepEqual([low - 0.01, low + 0.01, high - 0.01, high + 0.01].map(verdict), [
    "different",
    "inconclusive",
    "inconclusive",
    "equivalent",
  ]);
  assert.throws(() => verdict(1), /margin 1 is not above 1/);
});

test("fan-ins that are frozen are infinitely unlike, and those that are all the same are one", () => {
  const frozen = [0, 1].flatMap((s) => [0, 1, 2].map((seed) => run(`s${s}`, seed, 3 * s, 3 * s)));
  const { equivalence, contraction } = equilibrium(frozen, options);
  assert.deepEqual([equivalence.estimate, equivalence.verdict], [Number.POSITIVE_INFINITY, "different"]);
  assert.equal(contraction.estimate, 1);
  const same = frozen.map((r) => ({ ...r, final: pair(4) }));
  assert.equal(equilibrium(same, options).equivalence.estimate, 1);
  assert.equal(equilibrium(same, options).contraction.estimate, 0);
});

test("runs of one seed may share what they like: the seed is drawn with all of them", () => {
  // Ends are the seed's alone, so that starts are equal though seeds are far apart; a pair of one seed would be at 0.
  const shared = [0, 1, 2].flatMap((s) => Array.from({ length: 8 }, (_, seed) => run(`s${s}`, seed, 5 * s, seed)));
  const { equivalence } = equilibrium(shared, options);
  near(equivalence.estimate, 1);
  near(equivalence.low, 1);
  near(equivalence.high, 1);
  assert.equal(equivalence.verdict, "equivalent");
});

test("order of runs and names of seeds do not matter, and bounds repeat", () => {
  const sample = runs([8, 9], 6, 0.4);
  const reference = equilibrium(sample, { ...options, random: createRandom(5) });
  assert.deepEqual(equilibrium(sample, { ...options, random: createRandom(5) }), reference);
  const renamed = sample.map((r) => ({ ...r, seed: 100 - r.seed }));
  assert.deepEqual(equilibrium(renamed, { ...options, random: createRandom(5) }), reference);
  const starts = [...new Set(sample.map(({ start }) => start))].reverse();
  const reversed = starts.flatMap((start) => sample.filter((r) => r.start === start));
  const other = equilibrium(reversed, { ...options, random: createRandom(5) });
  for (const ratio of ["contraction", "equivalence"] as const) {
    near(other[ratio].low, reference[ratio].low);
    near(other[ratio].high, reference[ratio].high);
  }
});

test("a run from the fixed point moves no further than seeds are apart, one from elsewhere does", () => {
  const reference = runs([8, 8], 10, 0.4);
  const from = (spread: number) =>
    Array.from({ length: 10 }, (_, seed) => run("matched", seed, spread, 8 + 0.4 * random.normal()));
  const there = fixedPoint(from(8), reference, options);
  const alike = from(8).map((r) => ({ ...r, start: "start 0" })); // the name of another start is no matter
  assert.equal(fixedPoint(alike, reference, options).ratio.verdict, "equivalent");
  assert.equal(there.ratio.verdict, "equivalent");
  near(there.ratio.estimate, Math.SQRT1_2, 0.2);
  assert.equal(fixedPoint(from(11), reference, options).ratio.verdict, "different");
  const [moved] = from(11);
  const single = fixedPoint(
    [0, 1, 2].map((seed) => ({ ...moved, seed })),
    reference,
    options,
  );
  near(single.moved, wasserstein(moved.initial, moved.final));
  near(single.within, equilibrium(reference, options).within.final);
  assert.equal(single.seeds, 10);
});

test("runs that cannot be compared are refused", () => {
  const sample = runs([8, 9], 3, 0.4);
  const broken = (replace: Partial<FanInRun>, message: RegExp) =>
    assert.throws(() => equilibrium([{ ...sample[0], ...replace }, ...sample.slice(1)], options), message);
  broken({ final: [20, 21] }, /41 connections in 2 neurons, another 40 in 2/);
  broken({ final: [20, 10, 10] }, /40 connections in 3 neurons/);
  broken({ seed: 1 }, /start start 0 has two runs of one seed/);
  assert.throws(() => equilibrium(sample.slice(1), options), /start start 0 has 2 seeds; at least 3/);
  assert.throws(() => equilibrium(sample.slice(0, 3), options), /1 start; two or more/);
  assert.throws(() => equilibrium([], options), /0 start/);
  assert.throws(() => fixedPoint([], sample, options), /no runs/);
  assert.throws(() => fixedPoint(sample, [], options), /no runs/);
});
