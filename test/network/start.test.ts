import assert from "node:assert/strict";
import { test } from "node:test";
import { type StartConfig, startTopologies, type WiredStart } from "psn/dist/network/start";
import { createRandom } from "psn/dist/random";
import { checkTopology, fanIn } from "psn/dist/topology/masks";
import type { Topology } from "psn/dist/topology/topology";

const lognormal = { kind: "profile", family: "lognormal", cv: 1, rule: "window", permute: true } as const;
const config: StartConfig = {
  sizes: [784, 512, 256, 10],
  sparsity: 0.9,
  budget: "erk",
  denseOutput: true,
  start: { kind: "random" },
};
const start = (change: Partial<StartConfig>, seed = 0) => startTopologies({ ...config, ...change }, createRandom(seed));
const nnz = (topologies: (Topology | null)[]) => topologies.map((topology) => topology?.columns.length ?? null);

function cvOf(topology: Topology | null): number {
  assert.ok(topology !== null);
  const counts = Array.from(fanIn(topology));
  const mean = topology.columns.length / counts.length;
  return Math.sqrt(counts.reduce((sum, k) => sum + (k - mean) ** 2, 0) / counts.length) / mean;
}

test("every start keeps the budget of every layer, and null is dense", () => {
  const starts: WiredStart[] = [
    { kind: "random" },
    lognormal,
    { ...lognormal, family: "constant", cv: 0, rule: "stream" },
  ];
  for (const kind of starts) {
    assert.deepEqual(nnz(start({ start: kind })), [33436, 19814, null]);
    assert.deepEqual(nnz(start({ start: kind, budget: "uniform" })), [40141, 13108, null]);
    for (const topology of start({ start: kind })) if (topology !== null) checkTopology(topology);
  }
});

test("a layer that ERK makes dense is null", () => {
  assert.deepEqual(nnz(start({ denseOutput: false })), [31989, 18957, null]);
  assert.deepEqual(nnz(start({ denseOutput: false, sparsity: 0.98 })), [5954, 3528, 1222]);
});

test("sparsity 0 and the dense start are dense throughout", () => {
  assert.deepEqual(start({ sparsity: 0 }), [null, null, null]);
  assert.deepEqual(start({ sparsity: 0, start: lognormal, budget: "uniform" }), [null, null, null]);
  assert.deepEqual(start({ start: { kind: "dense" } }), [null, null, null]);
});

test("one CV goes to every sparse layer, or each gets its own", () => {
  const same = start({ start: lognormal });
  const own = start({ start: { ...lognormal, cv: [0.5, 2] } });
  for (const layer of [0, 1]) {
    assert.ok(Math.abs(cvOf(same[layer]) - 1) < 1e-3);
    assert.ok(Math.abs(cvOf(own[layer]) - [0.5, 2][layer]) < 1e-3);
  }
  const output = start({ start: { ...lognormal, cv: [1, 1, 0.3] }, budget: "uniform", denseOutput: false });
  assert.ok(Math.abs(cvOf(output[2]) - 0.3) < 0.02);
});

test("a number of CVs that does not fit is refused with both numbers", () => {
  assert.throws(() => start({ start: { ...lognormal, cv: [1, 1, 1] } }), {
    name: "RangeError",
    message: /3 CVs for 2 sparse layers of \[784, 512, 256, 10\]/,
  });
});

test("a CV above the ceiling of one layer is an error there", () => {
  assert.throws(() => start({ start: { ...lognormal, cv: 2.5 } }), /CV 2.5 in a layer of 512 inputs × 256 neurons/);
});

test("the same seed gives the same topologies, and another seed others", () => {
  for (const kind of [{ kind: "random" }, lognormal, { ...lognormal, rule: "random" }] as const) {
    assert.deepEqual(start({ start: kind }, 0), start({ start: kind }, 0));
    assert.notDeepEqual(start({ start: kind }, 0), start({ start: kind }, 1));
  }
  const fixed = { ...lognormal, permute: false };
  assert.deepEqual(start({ start: fixed }, 0), start({ start: fixed }, 1));
});

test("a layer's wiring depends neither on what was drawn before nor on other layers", () => {
  const random = createRandom(0);
  random.uniform();
  assert.deepEqual(startTopologies(config, random), start({}));
  const [first, second] = start({ sizes: [20, 20, 20, 2], budget: "uniform" });
  assert.notDeepEqual(first, second);
  const deeper = start({ sizes: [784, 512, 256, 10, 10], budget: "uniform" });
  assert.deepEqual(deeper[0], start({ budget: "uniform" })[0]);
});
