import assert from "node:assert/strict";
import { test } from "node:test";
import { drift, driftMargin, stationarity, type UpdateRun } from "psn/dist/measures/stationarity";
import { createRandom } from "psn/dist/random";

const random = createRandom(0);
const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
/** Updates at 100, 200, …, 3000, of 5 new connections out of 1000 each. */
const step = Array.from({ length: 30 }, (_, i) => 100 * (i + 1));
const run = (cv: (t: number) => number, start = "random", seed = 0): UpdateRun => ({
  start,
  seed,
  connections: 1000,
  step,
  cv: step.map((t) => cv(t / 3000)),
  grown: step.map(() => 5),
});

test("the drift of a straight line is its rise over the last third, over its end", () => {
  // updates after 2000 of 3000: 2100 … 3000, a length of 900
  near(drift(run((t) => 1 + t)), 900 / 3000 / 2);
  near(drift(run((t) => 1 - 0.5 * t)), (-0.5 * 900) / 3000 / 0.5);
});

test("what came before the last third does not count, and only a slope does", () => {
  near(drift(run((t) => (t > 2 / 3 ? 0.5 : 3 * t))), 0);
  near(drift(run((t) => 0.5 + 0.01 * (Math.round(t * 30) % 2))), 0, 0.01);
  assert.equal(drift(run(() => 0)), 0);
});

test("steps need not be even", () => {
  const uneven = { ...run(() => 1), step: [1, 5, 70, 80, 100], cv: [0, 0, 1.7, 1.8, 2], grown: [1, 1, 1, 1, 1] };
  near(drift(uneven), 0.3 / 2);
});

test("each start is tested by itself, so that falling and rising starts do not cancel", () => {
  const noise = () => 0.002 * random.normal();
  const seeds = [0, 1, 2, 3, 4];
  const runs = seeds.flatMap((seed) => [
    run((t) => 0.5 + 0.3 * t + noise(), "rising", seed),
    run((t) => 1.1 - 0.3 * t + noise(), "falling", seed),
    run(() => 0.8 + noise(), "still", seed),
  ]);
  const found = stationarity(runs);
  assert.deepEqual(
    found.map(({ start, test: { verdict } }) => [start, verdict]),
    [
      ["rising", "different"],
      ["falling", "different"],
      ["still", "equivalent"],
    ],
  );
  for (const {
    drifts,
    turnover,
    test: { n, margin, meanDifference },
  } of found) {
    assert.deepEqual([drifts.length, n, margin], [5, 5, driftMargin]);
    near(meanDifference, drifts.reduce((a, b) => a + b, 0) / 5);
    near(turnover, (10 * 5) / 1000);
  }
  assert.equal(stationarity(runs, { margin: 0.5 })[0].test.verdict, "equivalent");
});

test("too few updates or seeds, and columns that do not fit, are refused", () => {
  const sparse = { ...run(() => 1), step: [1, 2, 3, 4, 5], cv: [1, 1, 1, 1, 1], grown: [0, 0, 0, 0, 0] };
  assert.throws(() => drift(sparse), /run random, seed 0 has fewer than 3 of its 5 updates/);
  assert.throws(() => drift({ ...run(() => 1), step: [], cv: [], grown: [] }), /fewer than 3 of its 0/);
  assert.throws(() => drift({ ...run(() => 1), cv: [1] }), /30 steps, 1 CVs, 30 growths/);
  assert.throws(() => stationarity([run(() => 1)]), /at least 2/);
});
