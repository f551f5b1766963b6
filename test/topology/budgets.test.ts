import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { erkBudget, uniformBudget } from "psn/dist/topology/budgets";
import { fixture } from "../fixtures";

interface ErkCase {
  readonly architecture: string;
  readonly variant: "all layers" | "last layer dense, outside budget";
  readonly sparsity: number;
  readonly nnz: number[];
  readonly overallSparsity: number;
}

const cases: ErkCase[] = JSON.parse(readFileSync(fixture("erk.json"), "utf8"));

test("ERK budgets are those of the reference for every network, level and variant", () => {
  assert.equal(cases.length, 36);
  for (const { architecture, variant, sparsity, nnz, overallSparsity } of cases) {
    const sizes = architecture.split("-").map(Number);
    const budget = erkBudget(sizes, sparsity, { denseOutput: variant !== "all layers" });
    assert.deepEqual(budget, nnz, `${architecture}, ${variant}, ${sparsity}`);
    const possible = sizes.slice(1).reduce((sum, neurons, l) => sum + neurons * sizes[l], 0);
    const present = budget.reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(1 - present / possible - overallSparsity) < 1e-12);
  }
});

test("a uniform budget has the same density in every layer but a dense output", () => {
  const sizes = [784, 512, 256, 10];
  assert.deepEqual(uniformBudget(sizes, 0.9, { denseOutput: true }), [40141, 13108, 2560]);
  assert.deepEqual(uniformBudget(sizes, 0.9, { denseOutput: false }), [40141, 13108, 256]);
});

const networks = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 2, maxLength: 5 });

test("every budget is possible, and at sparsity 0 it is dense", () => {
  fc.assert(
    fc.property(
      networks,
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.boolean(),
      (sizes, sparsity, denseOutput) => {
        const full = sizes.slice(1).map((neurons, l) => neurons * sizes[l]);
        for (const budget of [erkBudget, uniformBudget]) {
          const nnz = budget(sizes, sparsity, { denseOutput });
          assert.ok(nnz.every((value, l) => Number.isInteger(value) && value >= 1 && value <= full[l]));
          if (denseOutput) assert.equal(nnz.at(-1), full.at(-1));
          assert.deepEqual(budget(sizes, 0, { denseOutput }), full);
        }
      },
    ),
  );
});

test("ERK keeps the sparsity of the sparse layers together, to within one connection a layer", () => {
  fc.assert(
    fc.property(networks, fc.double({ min: 0, max: 0.999, noNaN: true }), (sizes, sparsity) => {
      const total = (budget: typeof erkBudget): number =>
        budget(sizes, sparsity, { denseOutput: false }).reduce((sum, value) => sum + value, 0);
      assert.ok(Math.abs(total(erkBudget) - total(uniformBudget)) <= sizes.length);
    }),
  );
});

test("impossible networks and sparsities are refused", () => {
  assert.throws(() => erkBudget([784], 0.9, { denseOutput: false }), /sizes are \[784\]/);
  assert.throws(() => uniformBudget([784, 2.5], 0.9, { denseOutput: false }), /at least two integers/);
  for (const sparsity of [1, -0.1, Number.NaN]) {
    assert.throws(() => erkBudget([4, 2], sparsity, { denseOutput: false }), {
      name: "RangeError",
      message: /\[0, 1\)/,
    });
  }
});
