import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceOfEstimates } from "psn/dist/statistics/difference-of-estimates";

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-12;

test("ends of a difference take the sides of both intervals that matter", () => {
  const { estimate, low, high } = differenceOfEstimates(
    { estimate: 1, low: 0.5, high: 2 },
    { estimate: 3, low: 1, high: 5.5 },
  );
  assert.equal(estimate, 2);
  assert.ok(near(low, 2 - Math.sqrt(2 ** 2 + 1 ** 2)));
  assert.ok(near(high, 2 + Math.sqrt(2.5 ** 2 + 0.5 ** 2)));
});

test("an exact number moves the other interval and does not widen it", () => {
  const exact = { estimate: 1, low: 1, high: 1 };
  assert.deepEqual(differenceOfEstimates(exact, { estimate: 3, low: 2, high: 7 }), { estimate: 2, low: 1, high: 6 });
});

test("an end that does not exist leaves one that does not, and an open one stays open", () => {
  const none = { estimate: 1, low: Number.NaN, high: Number.NaN };
  const open = { estimate: 3, low: 2, high: Number.POSITIVE_INFINITY };
  const { low, high } = differenceOfEstimates({ estimate: 1, low: 1, high: 1 }, open);
  assert.deepEqual([low, high], [1, Number.POSITIVE_INFINITY]);
  assert.ok(Number.isNaN(differenceOfEstimates(none, { estimate: 3, low: 2, high: 4 }).low));
});
