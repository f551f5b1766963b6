import assert from "node:assert/strict";
import { test } from "node:test";
import { type ExperimentName, experimentNames, experimentParts } from "psn/dist/experiments/experiments";
import type { ExperimentPart } from "psn/dist/experiments/part";
import { isShown, paperParts } from "psn/dist/notebook/selection";
import { type NotebookParameters, notebookSettings } from "psn/dist/notebook/settings";
import { layerRecord, recordedRun } from "../experiments/runs";

const settingsOf = (parameters: NotebookParameters) => notebookSettings(parameters, {});
const all = settingsOf({});

test("settings that leave out nothing let every part of every experiment through as it is", () => {
  const comparable = ({ secondStage, ...part }: ExperimentPart) => ({ ...part, staged: secondStage !== undefined });
  for (const experiment of experimentNames) {
    const whole = experimentParts({ experiments: [experiment], dataset: "mnist", quick: true });
    const parts = paperParts(experiment, { ...all, datasets: ["mnist"], quick: true });
    assert.deepEqual(parts.map(comparable), whole.filter(() => parts.length > 0).map(comparable), experiment);
  }
  const [rigl] = experimentParts({ experiments: ["rigl"], protocol: "tuned", dataset: "covtype" });
  assert.deepEqual(
    paperParts("rigl", { ...all, protocols: ["tuned"] })
      .map(comparable)
      .pop(),
    comparable(rigl),
  );
});

test("data sets are those that an experiment has; other versions of EMNIST go where its stand-in goes", () => {
  const datasets = (experiment: ExperimentName, asked: NotebookParameters["datasets"]): string[] =>
    paperParts(experiment, { ...all, quick: false, protocols: ["tuned"], datasets: asked! }).map(
      ({ dataset }) => dataset,
    );
  assert.deepEqual(datasets("static", ["covtype", "emnist-letters"]), ["covtype", "emnist-letters"]);
  assert.deepEqual(datasets("equilibrium", ["mnist", "emnist-balanced", "covtype"]), ["covtype"]);
});

const quickRigl = settingsOf({ experiments: ["rigl"], quick: true });

test("sparsities, seeds and names choose among runs; dense networks have no sparsity", () => {
  const [part] = paperParts("rigl", { ...quickRigl, starts: ["dense", "constant"], seeds: 1 });
  assert.deepEqual(
    part.runs.map(({ label, config }) => [label, config.sparsity, config.seed]),
    [
      ["dense", 0, 0],
      ["constant", 0.9, 0],
    ],
  );
  assert.equal(part.secondStage, undefined);
  const [none] = paperParts("rigl", { ...quickRigl, sparsities: [0.8] });
  assert.deepEqual(new Set(none.runs.map(({ label }) => label)), new Set(["dense"]));
});

test("runs that matched starts follow from come along, all their seeds, and are not shown", () => {
  const settings = { ...quickRigl, starts: ["matched"], seeds: 1 };
  const [part] = paperParts("rigl", settings);
  assert.deepEqual(
    part.runs.map(({ label, config }) => [label, config.seed]),
    [
      ["ERK", 0],
      ["ERK", 1],
    ],
  );
  assert.equal(part.runs.filter(isShown("rigl", settings)).length, 0);
  const layers = [0, 1].map((layer) => layerRecord(layer, { 0: [2, 2], 100: [1, 3] }));
  const ended = [0, 1].map((seed) => recordedRun("ERK", { seed, sparsity: 0.9 }, { layers }));
  assert.deepEqual(
    part.secondStage!(ended).map(({ label, config }) => [label, config.seed]),
    [["matched", 0]],
  );
});

test("calibration has its structures before the change, and anchors have settings of their own", () => {
  const calibration = settingsOf({ experiments: ["calibration"], quick: true, structures: ["dense"] });
  const labels = paperParts("calibration", calibration).flatMap(({ runs }) => runs.map(({ label }) => label));
  assert.ok(labels.length > 0 && labels.every((label) => label.startsWith("dense, ")));
  const anchors = settingsOf({ experiments: ["anchors"], quick: true });
  const [part] = paperParts("anchors", anchors);
  assert.equal(part.dataset, "mnist");
  assert.equal(
    part.runs.length,
    experimentParts({ experiments: ["anchors"], dataset: "mnist", quick: true })[0].runs.length,
  );
});

test("another engine makes other runs", () => {
  const [part] = paperParts("static", { ...settingsOf({ experiments: ["static"], quick: true }), engine: "tfjs" });
  assert.ok(part.runs.length > 0 && part.runs.every(({ config }) => config.engine === "tfjs"));
});
