import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { largest } from "psn/dist/topology/largest";

test("the largest are those that a stable sort puts first, ties to the lower index", () => {
  // few different values, so that ties are the rule
  const scores = fc.array(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(Number.POSITIVE_INFINITY)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(scores, fc.nat(), fc.nat(), (values, chooser, part) => {
      const candidates = values.map((_, i) => i).filter((i) => ((chooser >> (i % 20)) & 1) === 1);
      const count = part % (candidates.length + 1);
      const expected = [...candidates].sort((i, j) => values[j] - values[i] || i - j).slice(0, count);
      const found = largest(Uint32Array.from(candidates), Float64Array.from(values), count);
      assert.deepEqual(
        Array.from(found),
        expected.sort((i, j) => i - j),
      );
    }),
    { numRuns: 500 },
  );
});

test("sorted, reversed and constant scores are no trouble at a million", () => {
  const n = 1_000_000;
  const all = Uint32Array.from({ length: n }, (_, i) => i);
  const firstOf = (score: (i: number) => number): number => largest(all, Float64Array.from(all, score), n / 4)[0];
  assert.equal(
    firstOf((i) => i),
    n - n / 4,
  );
  assert.equal(
    firstOf((i) => n - i),
    0,
  );
  assert.equal(
    firstOf(() => 1),
    0,
  );
});
