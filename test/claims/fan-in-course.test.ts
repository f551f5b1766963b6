import assert from "node:assert/strict";
import { test } from "node:test";
import { fanInCourseRows, finalFanInRows } from "psn/dist/claims/fan-in-course";
import { layerRecord } from "../experiments/runs";
import { fanInsOfCv, withLayers } from "./layers";
import { paperRuns } from "./paper-runs";

/** CV 2 at the start, then 1/1, 1/2, 1/3, … after update 1, 2, 3, … */
const layer = (updates: number) => {
  const steps = Array.from({ length: updates }, (_, i) => [100 * (i + 1), fanInsOfCv(1 / (i + 1))] as const);
  return layerRecord(0, { 0: fanInsOfCv(2), ...Object.fromEntries(steps) });
};

const runs = (updates: number) =>
  withLayers(
    paperRuns({
      experiment: "equilibrium",
      protocol: "tuned",
      datasets: ["covtype"],
      sparsities: [0.9, 0.99],
      labels: ["ERK"],
      seeds: 2,
      percent: () => 80,
    }),
    () => [layer(updates)],
  );

test("a course begins before training, is thinned out more and more, and ends with the last update, at 90 % only", () => {
  const rows = fanInCourseRows(runs(17), "equilibrium", 5);
  const own = rows.filter(({ seed }) => seed === 1);
  assert.deepEqual(
    own.map(({ step }) => step),
    [0, 100, 200, 500, 1000, 1700],
  );
  assert.ok(Math.abs(own[0].cv - 2) < 0.01 && Math.abs(own[2].cv - 0.5) < 0.01 && Math.abs(own[4].cv - 0.1) < 0.01);
  assert.equal(rows.length, 12, "two seeds at one sparsity");
  const { protocol, experiment, dataset, start, layer: index } = own[0];
  assert.deepEqual([protocol, experiment, dataset, start, index], ["tuned", "equilibrium", "covtype", "ERK", 0]);
});

test("a course with few updates has them all", () => {
  const steps = fanInCourseRows(runs(3), "equilibrium").map(({ step }) => step);
  assert.deepEqual(steps, [0, 100, 200, 300, 0, 100, 200, 300]);
});

test("a course is thinned to no step twice", () => {
  const steps = fanInCourseRows(runs(8), "equilibrium", 7).map(({ step }) => step);
  assert.deepEqual(steps.slice(0, steps.length / 2), [0, 100, 200, 300, 400, 600, 800]);
});

test("runs of another experiment are left out", () => {
  assert.deepEqual(fanInCourseRows(runs(3), "rigl"), []);
  assert.deepEqual(finalFanInRows(runs(3), "rigl"), []);
});

test("final fan-ins are those after the last update", () => {
  const rows = finalFanInRows(runs(4), "equilibrium");
  assert.deepEqual(
    rows.map(({ seed, fanIn }) => [seed, fanIn]),
    [0, 1].map((seed) => [seed, fanInsOfCv(0.25)]),
  );
});
