import assert from "node:assert/strict";
import { test } from "node:test";
import { cosineDropFraction, isUpdateStep } from "psn/dist/topology/schedule";

test("the drop fraction follows half a cosine", () => {
  for (const [step, fraction] of [
    [0, 0.3],
    [100, 0.299868425],
    [1875, 0.256066017],
    [3750, 0.15],
    [5625, 0.043933983],
    [7400, 0.000131575],
    [7500, 0],
  ]) {
    assert.ok(Math.abs(cosineDropFraction(step, { alpha: 0.3, end: 7500 }) - fraction) < 5e-10, `step ${step}`);
  }
});

test("nothing is dropped from the end on", () => {
  for (const step of [7500, 7501, 15000]) assert.equal(cosineDropFraction(step, { alpha: 0.3, end: 7500 }), 0);
});

test("updates come at multiples of the interval, before the end", () => {
  const times = { interval: 100, end: 400, firstUpdate: "interval" } as const;
  const steps = Array.from({ length: 601 }, (_, step) => step);
  assert.deepEqual(
    steps.filter((step) => isUpdateStep(step, times)),
    [100, 200, 300],
  );
  assert.deepEqual(
    steps.filter((step) => isUpdateStep(step, { ...times, firstUpdate: "zero" })),
    [0, 100, 200, 300],
  );
  assert.deepEqual(
    steps.filter((step) => isUpdateStep(step, { ...times, end: 300.5 })),
    [100, 200, 300],
  );
});

test("impossible schedules are refused", () => {
  assert.throws(() => cosineDropFraction(-1, { alpha: 0.3, end: 10 }), /step is -1/);
  assert.throws(() => cosineDropFraction(1, { alpha: 1.1, end: 10 }), /alpha is 1.1/);
  assert.throws(() => cosineDropFraction(1, { alpha: 0.3, end: 0 }), /end is 0/);
  assert.throws(() => isUpdateStep(1.5, { interval: 1, end: 4, firstUpdate: "zero" }), /step is 1.5/);
  assert.throws(() => isUpdateStep(1, { interval: 0, end: 4, firstUpdate: "zero" }), /interval is 0/);
});
