import assert from "node:assert/strict";
import { test } from "node:test";
import { type GridRun, matchedGrid, riglGrid, staticGrid } from "psn/dist/experiments/grids";
import { scales } from "psn/dist/experiments/protocol";
import { runId } from "psn/dist/experiments/run-id";
import { startTopologies } from "psn/dist/network/start";
import { createRandom } from "psn/dist/random";

const sizes = [784, 512, 256, 10];
const everyGrid: Record<string, GridRun[]> = {};
for (const size of ["reduced", "quick"] as const) {
  everyGrid[`static, ${size}`] = staticGrid("fashion-mnist", scales.static[size]);
  everyGrid[`rigl, ${size}`] = riglGrid("fashion-mnist", scales.rigl[size]);
  everyGrid[`matched, ${size}`] = matchedGrid("fashion-mnist", scales.rigl[size], () => [0.8, 0.4]);
}

for (const [name, grid] of Object.entries(everyGrid)) {
  test(`no run of the grid "${name}" is asked for twice`, () => {
    assert.equal(new Set(grid.map(({ config }) => runId(config, {}))).size, grid.length);
  });

  test(`every run of the grid "${name}" can be wired`, () => {
    for (const { config } of grid.filter(({ config }) => config.seed === 0)) {
      const topologies = startTopologies({ ...config, sizes }, createRandom(config.seed).fork("wiring"));
      assert.equal(topologies[0] === null, config.start.kind === "dense");
    }
  });
}

test("a static grid compares dense, random, ERK, constant and all ten families, with equal seeds", () => {
  const labels = new Set(everyGrid["static, reduced"].map(({ label }) => label.replace(/ CV .*/, "")));
  assert.equal(labels.size, 14);
  for (const label of labels) {
    const seeds = everyGrid["static, reduced"]
      .filter((run) => run.label.startsWith(label))
      .map((run) => run.config.seed);
    assert.deepEqual([...new Set(seeds)].sort(), [0, 1, 2, 3, 4]);
  }
});

test("RigL's starts other than random have the same number of connections in every layer", () => {
  const nonzeros = (label: string): unknown => {
    const { config } = everyGrid["rigl, reduced"].find((run) => run.label === label && run.config.sparsity === 0.9)!;
    const topologies = startTopologies({ ...config, sizes }, createRandom(0));
    return topologies.map((topology) => topology?.columns.length);
  };
  assert.deepEqual(nonzeros("constant"), nonzeros("ERK"));
  assert.deepEqual(nonzeros("lognormal CV 1"), nonzeros("ERK"));
  assert.notDeepEqual(nonzeros("random"), nonzeros("ERK"));
});

test("a matched start carries the CVs of its sparsity", () => {
  const scale = { ...scales.rigl.quick, sparsities: [0.8, 0.9] };
  const grid = matchedGrid("mnist", scale, (sparsity) => [sparsity, 0.3]);
  for (const { config } of grid) {
    assert.ok(config.start.kind === "profile" && config.update.kind === "rigl");
    assert.deepEqual(config.start.cv, [config.sparsity, 0.3]);
  }
});
