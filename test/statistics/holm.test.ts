import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { holm } from "psn/dist/statistics/holm";

const families = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

test("Holm's adjustment is the method's, in the order given", () => {
  assert.deepEqual(
    holm([0.036, 0.004, 0.2, 0.01]).map((p) => p.toFixed(6)),
    ["0.072000", "0.016000", "0.200000", "0.030000"],
  );
});

test("adjusted values never fall where raw ones rise, and stop at 1", () => {
  assert.deepEqual(holm([0.01, 0.02, 0.02]), [0.03, 0.04, 0.04]);
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
  assert.deepEqual(holm([0.3]), [0.3]);
  assert.deepEqual(holm([]), []);
});

test("adjusted values are at least the raw ones, at most 1 and m times them, and rank alike", () => {
  fc.assert(
    fc.property(families, (p) => {
      const adjusted = holm(p);
      p.forEach((raw, i) => {
        assert.ok(adjusted[i] >= raw && adjusted[i] <= 1);
        assert.ok(adjusted[i] >= Math.min(1, p.length * Math.min(...p)));
        p.forEach((other, j) => {
          if (raw < other) assert.ok(adjusted[i] <= adjusted[j]);
          if (raw === other) assert.equal(adjusted[i], adjusted[j]);
        });
      });
      assert.deepEqual(holm([...p].reverse()), adjusted.reverse());
    }),
  );
});

test("what is not a p value is refused", () => {
  for (const bad of [Number.NaN, -0.1, 1.1, Number.POSITIVE_INFINITY]) {
    assert.throws(() => holm([0.5, bad]), /holm: p .* at 1 is not in 0 … 1/);
  }
});
