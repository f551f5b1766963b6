import assert from "node:assert/strict";
import { test } from "node:test";
import * as psn from "psn";

const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

test("the library is used by its public names alone, from a profile to a trained network", async () => {
  const [nnz] = psn.erkBudget([784, 512, 256, 10], 0.9, { denseOutput: false });
  assert.equal(nnz, 31989);
  const fanIn = psn.fanInProfile({ family: "lognormal", cv: 1 }, { inputs: 784, neurons: 512, nnz });
  assert.ok(fanIn instanceof Uint32Array);
  near(psn.fanInStatistics(fanIn).cv, 1, 1e-3);
  const random = psn.createRandom(0);
  const { rowPointers, columns } = psn.wire(fanIn, { inputs: 784, rule: "window", random });
  assert.deepEqual([rowPointers.length, columns.length], [513, nnz]);

  const labels = Uint8Array.from({ length: 60 }, (_, row) => row % 2);
  const features = Float32Array.from({ length: 60 * 4 }, (_, i) => labels[Math.floor(i / 4)] + 0.1 * random.normal());
  const dataset = psn.datasetFromArrays({ name: "two", features, labels, inputs: 4, testFraction: 0.5, random });
  const { accuracy } = await psn.train({
    dataset,
    hidden: [8],
    sparsity: 0.5,
    batch: 8,
    epochs: 20,
    learningRate: 0.01,
  });
  assert.equal(accuracy, 1);
});

test("the update oracle holds through the public face", () => {
  const weights = [0.5, 0, -0.3, 0, 0, 0.05, 0, 0.9, -0.02, 0, 0.4, 0, 0, -0.7, 0, 0.01, 0.2, 0, 0, -0.6];
  const gradients = [
    0.1, 0.62, 0.2, 0.97, 0.8, 0.1, 0.05, 0.2, 0.95, 0.4, 0.3, 0.6, 0.7, 0.2, 0.15, 0.99, 0.1, 0.55, 0.65, 0.2,
  ];
  const mask = weights.map((weight) => (weight === 0 ? 0 : 1));
  const moved = psn.riglUpdate({ weights, gradients, mask, inputs: 5, neurons: 4, fraction: 0.3 });
  assert.deepEqual([moved.dropped, moved.regrown, moved.grown], [3, 2, 1]);
  assert.deepEqual([...psn.fanIn(psn.fromMask(moved.mask, 5, 4))], [3, 1, 2, 4]);
  assert.deepEqual([moved.weights[8], moved.weights[15], moved.weights[3]], [-0.02, 0.01, 0]);
});

test("schedule, distance and statistics are the method's through the public face", () => {
  near(psn.cosineDropFraction(1875, { alpha: 0.3, end: 7500 }), 0.256066017, 1e-9);
  assert.equal(psn.wasserstein([1, 2, 3], [3, 2, 1]), 0);
  const comparison = psn.pairedComparison([90.1, 90.3, 90.2, 90.4, 90.0], [90.3, 90.35, 90.45, 90.5, 90.1]);
  near(comparison.pairedT.p, 0.018935, 5e-7);
  assert.deepEqual(
    psn.holm([0.036, 0.004, 0.2, 0.01]).map((p) => Number(p.toFixed(3))),
    [0.072, 0.016, 0.2, 0.03],
  );
});

test("claims are tested by margins through the public face", () => {
  const runs = ["random", "constant"].flatMap((start, s) =>
    [0, 1, 2, 3].map((seed) => ({
      start,
      seed,
      initial: [4 - 2 * s, 4 + 2 * s],
      final: [1 + (seed % 2), 7 - (seed % 2)],
    })),
  );
  const { equivalence, contraction } = psn.equilibrium(runs, { random: psn.createRandom(0), resamples: 100 });
  assert.equal(equivalence.margin, psn.equivalenceMargin);
  near(equivalence.estimate, 1, 1e-12);
  near(contraction.estimate, 1 / 3, 1e-12);
  assert.equal(psn.equivalence([90.1, 90.3, 90.2], [90.2, 90.3, 90.1], { margin: 0.6 }).verdict, "equivalent");
  assert.equal(psn.hubIdentity([1, 2, 9], [2, 3, 8]).jaccard, 1);
  near(
    psn.trend([
      [0, 1],
      [1, 2],
      [2, 3],
    ]).slope,
    1,
    1e-12,
  );
});
