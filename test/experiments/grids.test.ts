import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue, type DatasetName } from "psn/dist/datasets/catalogue";
import { experimentNames, experimentParts } from "psn/dist/experiments/experiments";
import { matchedGrid } from "psn/dist/experiments/grids/rigl";
import { nearestCv } from "psn/dist/experiments/grids/variants";
import type { ExperimentPart, GridRun } from "psn/dist/experiments/part";
import { canonicalJson } from "psn/dist/experiments/run-id";
import { startTopologies } from "psn/dist/network/start";
import { createRandom } from "psn/dist/random";
import type { RunConfig } from "psn/dist/training/config";
import { layerRecord, recordedRun } from "./runs";

const parts = experimentParts();

/** The topologies that a run starts from; for a transplant, those that its donor starts from. */
function topologies(config: RunConfig): ReturnType<typeof startTopologies> {
  const { inputs, classes } = catalogue[config.dataset as DatasetName];
  const start = config.start.kind === "transplant" ? config.start.from.start : config.start;
  assert.ok(start.kind !== "transplant");
  const sizes = [inputs, ...config.hidden, classes];
  return startTopologies({ ...config, start, sizes }, createRandom(config.seed).fork("wiring"));
}

const named = (name: string): ExperimentPart => parts.find((part) => part.name === name)!;
const runsOf = ({ runs }: ExperimentPart, label: string, sparsity = 0.9): GridRun[] =>
  runs.filter((run) => run.label === label && run.config.sparsity === sparsity);

for (const { name, runs } of parts) {
  test(`every run of ${name} can be wired, and is there once`, () => {
    assert.equal(new Set(runs.map(canonicalJson)).size, runs.length);
    for (const { config } of runs.filter(({ config }) => config.seed === 0)) {
      const layers = topologies(config);
      assert.equal(layers.at(-1), null, "the output layer is dense");
      assert.equal(
        layers.every((layer) => layer === null),
        config.start.kind === "dense",
      );
    }
  });
}

test("all experiments are there, under tuned those whose claims depend on the protocol", () => {
  assert.deepEqual([...new Set(parts.map(({ experiment }) => experiment))], [...experimentNames]);
  const tuned = parts.filter(({ protocol }) => protocol === "tuned");
  assert.deepEqual([...new Set(tuned.map(({ experiment }) => experiment))], ["static", "rigl", "equilibrium"]);
});

test("the static grid has dense, random, ERK and ten families at six sparsities, five seeds each", () => {
  const { runs } = named("static-plain-covtype");
  const labels = [...new Set(runs.map(({ label }) => label))];
  assert.equal(labels.length, 16);
  for (const label of labels.slice(1)) {
    for (const sparsity of [0.8, 0.9, 0.95, 0.98, 0.99, 0.999]) {
      const found = runsOf(named("static-plain-covtype"), label, sparsity);
      assert.deepEqual(
        found.map(({ config }) => config.seed),
        [0, 1, 2, 3, 4],
        `${label} at ${sparsity}`,
      );
    }
  }
});

test("RigL's starts but for random have equal numbers of connections in every layer, and R1 has ten seeds", () => {
  const part = named("rigl-plain-fashion-mnist");
  const nonzeros = (label: string): unknown =>
    topologies(runsOf(part, label)[0].config).map((layer) => layer?.columns.length);
  for (const label of ["constant", "lognormal CV 2", "power-law CV 1"])
    assert.deepEqual(nonzeros(label), nonzeros("ERK"));
  assert.notDeepEqual(nonzeros("random"), nonzeros("ERK"));
  assert.equal(runsOf(part, "ERK").length, 10);
});

test("matched starts take the CVs at which ERK runs of their sparsity ended, once in windows and once scattered", () => {
  const layers = [0, 1].map((layer) => layerRecord(layer, { 0: [2, 2], 100: [1, 3] }));
  const ended = (seed: number) => recordedRun("ERK", { sparsity: 0.9, seed }, { layers });
  const setting = { protocol: "tuned", dataset: "fashion-mnist", quick: true } as const;
  assert.deepEqual(matchedGrid(setting, [ended(0)]), [], "half of the ERK runs do not do");
  const runs = matchedGrid(setting, [ended(0), ended(1), recordedRun("random", { sparsity: 0.9 })]);
  assert.deepEqual(
    runs.map(({ label, config }) => [label, config.seed, config.layerNorm]),
    [
      ["matched", 0, true],
      ["matched, scattered", 0, true],
      ["matched", 1, true],
      ["matched, scattered", 1, true],
    ],
  );
  for (const { config } of runs) {
    assert.ok(config.start.kind === "profile" && config.update.kind === "rigl" && config.budget === "erk");
    assert.equal(config.start.cv, 0.5);
  }
});

test("a CV that a layer cannot have becomes its ceiling, or as equal as whole numbers can be", () => {
  const layer = { inputs: 512, neurons: 256, nnz: 26214 };
  assert.equal(nearestCv("lognormal", layer, 1), 1);
  assert.equal(nearestCv("linear", layer, 0.9), 0.57);
  assert.equal(nearestCv("lognormal", { inputs: 784, neurons: 512, nnz: 401 }, 0.25), 0);
});

test("a first look has every experiment, in little", () => {
  for (const { runs, dataset } of experimentParts({ dataset: "mnist", quick: true })) {
    assert.equal(dataset, "mnist");
    assert.ok(runs.length > 0 && runs.length < 120);
    for (const { config } of runs) assert.ok(config.epochs <= 2 && config.seed < 2);
  }
});

test("what does not exist is refused by name", () => {
  assert.throws(() => experimentParts({ experiments: ["statik"] }), /no experiment statik; there are static, cv/);
  assert.throws(() => experimentParts({ dataset: "cifar" }), /no data set cifar; there are mnist/);
});
