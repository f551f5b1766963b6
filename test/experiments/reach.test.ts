import assert from "node:assert/strict";
import { test } from "node:test";
import { cvGrid } from "psn/dist/experiments/grids/cv";
import { staticGrid } from "psn/dist/experiments/grids/static";
import { sparseLayers } from "psn/dist/experiments/grids/variants";
import { unreachedCvs } from "psn/dist/experiments/reach";
import { fanInProfile } from "psn/dist/profiles/fan-in-profile";

const setting = { protocol: "plain", quick: false } as const;

test("what a structure has instead exists in its layer, and what its name asks for does not", () => {
  const runs = cvGrid({ ...setting, dataset: "covtype" });
  const rows = unreachedCvs(runs);
  assert.ok(rows.some(({ reason }) => reason === "above the ceiling"));
  assert.ok(rows.some(({ reason }) => reason === "below what whole numbers give"));
  for (const { sparsity, layer, structures, got, inputs, neurons, meanFanIn } of rows) {
    const at = runs.find(({ config }) => config.sparsity === sparsity)!.config;
    const budget = sparseLayers(at)[layer];
    assert.deepEqual([budget.inputs, budget.neurons, budget.nnz / budget.neurons], [inputs, neurons, meanFanIn]);
    for (const structure of structures) {
      const [, family, cv] = /^(lognormal|power-law) CV ([\d.]+)$/.exec(structure)!;
      const profile = (value: number) => fanInProfile({ family: family as "lognormal", cv: value }, budget);
      assert.throws(() => profile(Number(cv)), RangeError, structure);
      assert.doesNotThrow(() => profile(got));
    }
  }
});

test("at 90 % on images every structure has its CV", () => {
  const runs = staticGrid({ ...setting, dataset: "mnist" }).filter(({ config }) => config.sparsity === 0.9);
  assert.ok(runs.some(({ label }) => label === "lognormal CV 1"));
  assert.deepEqual(unreachedCvs(runs), []);
});

test("structures that have the same CV instead share a row, whatever the number of seeds", () => {
  const runs = staticGrid({ ...setting, dataset: "mnist" }).filter(({ config }) => config.sparsity === 0.999);
  const rows = unreachedCvs(runs);
  assert.deepEqual(
    rows.map(({ layer, got, structures, reason }) => [layer, got, structures.length, reason]),
    [0, 1].map((layer) => [layer, 0, 8, "below what whole numbers give"]),
  );
  assert.ok(rows.every(({ structures }) => new Set(structures).size === structures.length));
});
