import assert from "node:assert/strict";
import { test } from "node:test";
import { signedPoints } from "psn/dist/figures/estimate";
import { commonRanges, logRange, logTicks, padded, ticksInside } from "psn/dist/figures/ticks";

test("ticks are round, inside, and as many as their labels have room for", () => {
  assert.deepEqual(ticksInside([0, 10], 400).length, 19);
  assert.deepEqual(
    ticksInside([0, 10], 100),
    [1, 2, 3, 4, 5, 6, 7, 8, 9].filter((tick) => tick % 2 === 0),
  );
  assert.deepEqual(ticksInside([-0.3, 0.3], 80), [-0.2, 0, 0.2]);
});

test("a narrow panel gets more than one tick where steps of 3 or 4 allow it", () => {
  assert.deepEqual(ticksInside([-0.45, 0.45], 78), [-0.3, 0, 0.3]);
});

test("ticks of a logarithmic axis thin out with its room, and are fine where it spans little", () => {
  assert.deepEqual(logTicks([0.9, 110], 120, 20), [1, 3, 10, 30, 100]);
  assert.deepEqual(logTicks([0.75, 1.3], 128, 20), [0.8, 1, 1.2]);
  assert.deepEqual(logTicks([0.9, 12], 120, 40), [1, 3, 10]);
});

test("a range is padded by its length, or by a least one where it has none", () => {
  assert.deepEqual(padded([0, 10], 0.1, 1), [-1, 11]);
  assert.deepEqual(padded([5, 5], 0.5, 2), [4, 6]);
});

test("points have a sign, and no more digits than they need", () => {
  assert.deepEqual([0.0012, -0.013, 0.1234, 0, -0.00001, 0.09996].map(signedPoints), [
    "+0.12",
    "−1.30",
    "+12.3",
    "0.00",
    "0.00",
    "+10.0",
  ]);
});

test("the range of a logarithmic axis holds means, but not intervals that reach 0", () => {
  assert.deepEqual(logRange([{ mean: 2, low: 1.5, high: 3 }], [1]), [1, 3]);
  assert.deepEqual(logRange([{ mean: 2, low: -1, high: 30 }], [1]), [0.5, 4]);
  assert.deepEqual(logRange([{ mean: 2, low: Number.NaN, high: Number.NaN }], [1]), [1, 2]);
});

test("similar ranges become one, as long as none is stretched too far", () => {
  const ranges = [
    [-1, 1],
    [4, 6],
    [-0.5, 1.5],
    [-0.5, 0.5],
  ] as const;
  assert.deepEqual(commonRanges(ranges, 3), [
    [-1, 1.5],
    [4, 6],
    [-1, 1.5],
    [-1, 1.5],
  ]);
  assert.deepEqual(commonRanges(ranges, 1), ranges);
  assert.deepEqual(commonRanges([], 3), []);
});
