import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { kolmogorovSmirnov, wasserstein } from "psn/dist/measures/distances";
import { fixture } from "../fixtures";

interface Distance {
  a: number[];
  b: number[];
  wasserstein: number;
  kolmogorovSmirnov: number;
}
const { distances } = JSON.parse(readFileSync(fixture("measures.json"), "utf8")) as { distances: Distance[] };

const counts = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 30 });
/** Three vectors of one length and one sum: layers of equal nnz. */
const threeOfEqualSum = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }))
  .chain(([length, total]) => {
    const drops = fc.array(fc.integer({ min: 0, max: length - 1 }), { minLength: total, maxLength: total });
    const vector = drops.map((bins) => {
      const fanIn = new Array<number>(length).fill(0);
      for (const bin of bins) fanIn[bin]++;
      return fanIn;
    });
    return fc.tuple(vector, vector, vector);
  });

test("both distances are scipy's, equal lengths or not", () => {
  for (const { a, b, ...expected } of distances) {
    assert.ok(Math.abs(wasserstein(a, b) - expected.wasserstein) < 1e-12);
    assert.ok(Math.abs(kolmogorovSmirnov(a, b) - expected.kolmogorovSmirnov) < 1e-12);
  }
});

test("for equal lengths, W1 is the mean gap of sorted values over the mean", () => {
  assert.equal(wasserstein([3, 1, 2], [2, 2, 2]), 1 / 3);
  assert.equal(wasserstein([0, 0, 6], [2, 2, 2]), 4 / 3);
  assert.equal(wasserstein([1, 1], [3, 3]), 1);
});

test("unequal lengths are matched by quantile", () => {
  assert.equal(wasserstein([1, 3], [1, 1, 3, 3]), 0);
  assert.equal(wasserstein([2], [1, 3]), 0.5);
  assert.equal(kolmogorovSmirnov([1, 3], [1, 1, 3, 3]), 0);
});

test("W1 and KS are symmetric, blind to order and to repetition, and bounded", () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      for (const [distance, bound] of [[wasserstein, 2] as const, [kolmogorovSmirnov, 1] as const]) {
        const reference = distance(a, b);
        assert.ok(reference >= 0 && reference <= bound + 1e-12);
        assert.ok(Math.abs(distance(b, a) - reference) < 1e-12);
        assert.equal(distance([...a].reverse(), b), reference);
        assert.ok(Math.abs(distance([...a, ...a], b) - reference) < 1e-12);
      }
    }),
  );
});

test("W1 and KS are zero exactly when the sorted vectors are equal", () => {
  fc.assert(
    fc.property(threeOfEqualSum, ([a, b]) => {
      assert.equal(wasserstein(a, [...a].reverse()), 0);
      assert.equal(kolmogorovSmirnov(a, [...a].reverse()), 0);
      const sorted = (v: number[]) => [...v].sort((x, y) => x - y).join();
      const equal = sorted(a) === sorted(b);
      assert.equal(wasserstein(a, b) === 0, equal);
      assert.equal(kolmogorovSmirnov(a, b) === 0, equal);
    }),
  );
});

test("between layers of equal nnz, W1 and KS keep the triangle inequality", () => {
  fc.assert(
    fc.property(threeOfEqualSum, ([a, b, c]) => {
      for (const distance of [wasserstein, kolmogorovSmirnov]) {
        assert.ok(distance(a, c) <= distance(a, b) + distance(b, c) + 1e-12);
      }
    }),
  );
});

test("W1 does not depend on scale", () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const scaled = wasserstein(
        a.map((k) => 10 * k),
        b.map((k) => 10 * k),
      );
      assert.ok(Math.abs(scaled - wasserstein(a, b)) < 1e-12);
    }),
  );
});

test("two vectors of zeros are equal; nothing is at no distance from anything", () => {
  assert.equal(wasserstein([0, 0], [0]), 0);
  assert.equal(wasserstein([0], [5]), 2);
  assert.equal(wasserstein([7], [7]), 0);
  assert.ok(Number.isNaN(wasserstein([], [1])) && Number.isNaN(wasserstein([1], [])));
  assert.ok(Number.isNaN(kolmogorovSmirnov([], [1])) && Number.isNaN(kolmogorovSmirnov([1], [])));
});

test("NaN, infinite and negative values are refused", () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1]) {
    assert.throws(() => wasserstein([1, bad], [1]), RangeError);
    assert.throws(() => kolmogorovSmirnov([1], [1, bad]), RangeError);
  }
});
