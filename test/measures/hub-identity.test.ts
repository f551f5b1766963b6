import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { chanceJaccard, hubIdentity } from "psn/dist/measures/hub-identity";
import { hubs, jaccard } from "psn/dist/measures/hubs";
import { createRandom } from "psn/dist/random";
import { fixture } from "../fixtures";

interface Case {
  count: number;
  first: number;
  second: number;
  mean: number;
}
const { jaccards } = JSON.parse(readFileSync(fixture("statistics.json"), "utf8")) as { jaccards: Case[] };
const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test("the Jaccard index by chance is the mean over scipy's hypergeometric law", () => {
  for (const { count, first, second, mean } of jaccards) near(chanceJaccard(count, first, second), mean);
});

test("chance is symmetric, and certain where everything or nothing is drawn", () => {
  fc.assert(
    fc.property(fc.nat(30), fc.nat(30), fc.nat(30), (a, b, rest) => {
      const count = Math.max(a, b) + rest;
      const [forth, back] = [chanceJaccard(count, a, b), chanceJaccard(count, b, a)];
      if (a + b === 0) assert.ok(Number.isNaN(forth) && Number.isNaN(back));
      else near(forth, back);
    }),
  );
  assert.deepEqual([chanceJaccard(7, 7, 7), chanceJaccard(8, 8, 2), chanceJaccard(8, 0, 3)], [1, 0.25, 0]);
  near(chanceJaccard(100_000, 10_000, 10_000), 0.1 / 1.9, 1e-4);
});

test("hubs that stay are known by rank and set; hubs dealt out anew are at chance", () => {
  const random = createRandom(0);
  const fanIn = Array.from({ length: 200 }, (_, i) => i + 1);
  assert.deepEqual(
    hubIdentity(
      fanIn,
      fanIn.map((k) => 2 * k),
    ),
    { rho: 1, jaccard: 1, jaccardByChance: chanceJaccard(200, 20, 20) },
  );
  let sum = 0;
  for (let trial = 0; trial < 400; trial++) sum += hubIdentity(fanIn, random.permutation(200)).jaccard / 400;
  near(sum, chanceJaccard(200, 20, 20), 0.008);
});

test("its parts are the measures themselves, dead neurons and ties included", () => {
  const [start, end] = [
    [0, 0, 9, 1, 1, 1, 1, 1, 1, 1, 1],
    [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  ];
  const found = hubIdentity(start, end);
  assert.equal(found.jaccard, jaccard(hubs(start), hubs(end)));
  near(found.jaccardByChance, chanceJaccard(11, 2, 1));
  const constant = hubIdentity([2, 2, 2], [1, 2, 3]);
  assert.ok(Number.isNaN(constant.rho));
  assert.deepEqual([constant.jaccard, constant.jaccardByChance], [0, 1 / 3]);
});

test("what is not a count, or of another layer, is refused", () => {
  assert.throws(() => hubIdentity([1.5], [1]), /neuron 0 is 1.5/);
  assert.throws(() => hubIdentity([1], [1, 2]), /1 values against 2/);
});
