import assert from "node:assert/strict";
import { test } from "node:test";
import { familyNames, profileShape } from "psn/dist/profiles/families";
import { normalQuantile } from "psn/dist/profiles/normal-quantile";

test("every family is its formula", () => {
  const formulas: Record<string, (x: number, a: number) => number> = {
    linear: (x, a) => 1 + a * (2 * x - 1),
    power: (x, a) => x ** a,
    exponential: (x, a) => Math.exp(a * (x - 1)),
    logistic: (x, a) => 1 / (1 + Math.exp(-40 * (x - a / (1 + a)))),
    cosine: (x, a) => ((1 - Math.cos(2 * Math.PI * x)) / 2) ** a,
    gaussian: (x, a) => Math.exp(-0.5 * (a * (x - 0.5)) ** 2),
    logarithmic: (x, a) => 1 - a * Math.log(1 - x),
    step: (x, a) => 1 + a * (x >= 0.9 ? 1 : 0),
    lognormal: (x, a) => Math.exp(a * normalQuantile(x)),
    "power-law": (x, a) => (1 - x) ** -a,
  };
  assert.deepEqual(["constant", ...Object.keys(formulas)], [...familyNames]);
  for (const [family, formula] of Object.entries(formulas)) {
    for (const a of [0.3, 1, 2.5].filter((value) => family !== "linear" || value <= 1)) {
      for (const x of [0.001, 0.25, 0.5, 0.8999, 0.9, 0.999]) {
        const value = profileShape(family as "linear", a)(x);
        assert.ok(Math.abs(value / formula(x, a) - 1) < 1e-9, `${family} at x = ${x}, a = ${a}: ${value}`);
      }
    }
  }
});

test("the normal quantile agrees with tables", () => {
  // Reference: Python 3.12, statistics.NormalDist().inv_cdf
  for (const [p, z] of [
    [0.5, 0],
    [0.975, 1.9599639845400536],
    [1 / 1024, -3.097269078198784],
  ]) {
    assert.ok(Math.abs(normalQuantile(p) - z) < 1e-12);
  }
});

test("every family is flat at a = 0", () => {
  for (const family of familyNames) {
    for (const x of [0.01, 0.5, 0.95]) assert.ok(Math.abs(profileShape(family, 0)(x) - 1) < 1e-15, family);
  }
});

test("a shape parameter outside the family's range is refused", () => {
  assert.throws(() => profileShape("linear", 1.01), { name: "RangeError", message: /a = 1.01 is not in 0 … 1,/ });
  assert.throws(() => profileShape("power", -0.1), RangeError);
  assert.throws(() => profileShape("power", Number.NaN), RangeError);
});

test("an unknown family is refused with the list of those that exist", () => {
  assert.throws(() => profileShape("pareto" as "power", 1), { name: "RangeError", message: /"pareto".*power-law/ });
  assert.throws(() => profileShape("toString" as "power", 1), RangeError);
});
