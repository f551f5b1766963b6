import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { matchedGrid } from "psn/dist/experiments/grids/rigl";
import { namesOf } from "psn/dist/notebook/check-settings";
import { type NotebookParameters, parameters, variableOf } from "psn/dist/notebook/parameters";
import { paperEnvironment } from "psn/dist/notebook/run-notebooks";
import { checkEnvironment, namesIn, notebookSettings } from "psn/dist/notebook/settings";
import { layerRecord, recordedRun } from "../experiments/runs";

const rigl: NotebookParameters = {
  experiments: ["rigl"],
  quick: false,
  datasets: ["mnist", "fashion-mnist", "covtype"],
  protocols: ["plain", "tuned"],
  sparsities: [0.8, 0.9, 0.999],
  starts: "all",
  seeds: 10,
  engine: "sparse",
  workers: 2,
  compute: false,
  rerun: false,
};

const printed: string[] = [];
const log = console.log;
beforeEach(() => {
  printed.length = 0;
  console.log = (text: string) => void printed.push(text);
});
afterEach(() => {
  console.log = log;
});

test("without a word from the environment the cell's own parameters hold, and nothing is said", () => {
  const settings = notebookSettings(rigl, {});
  for (const [name, value] of Object.entries(rigl)) assert.deepEqual(settings[name as keyof typeof rigl], value, name);
  assert.equal(settings.structures, "all");
  assert.equal(settings.mainSparsity, 0.9);
  assert.deepEqual(printed, []);
});

const texts: Readonly<Record<string, readonly [string, unknown]>> = {
  quick: ["0", false],
  datasets: ["covtype, emnist-balanced", ["covtype", "emnist-balanced"]],
  protocols: ["tuned", ["tuned"]],
  sparsities: ["0.8,.999", [0.8, 0.999]],
  starts: ["ERK,matched, scattered,constant", ["ERK", "matched, scattered", "constant"]],
  structures: ["dense", "all"], // this notebook has none
  seeds: ["3", 3],
  engine: ["tfjs", "tfjs"],
  workers: ["7", 7],
  compute: ["1", true],
  rerun: ["1", true],
};

for (const parameter of parameters) {
  test(`${variableOf(parameter)} goes before the cell, and says so`, () => {
    const [text, value] = texts[parameter];
    const settings = notebookSettings(rigl, { [variableOf(parameter)]: text });
    assert.deepEqual(settings[parameter], value);
    const says = parameter === "structures" ? /=dense is not used: this notebook has no structures/ : / goes before/;
    assert.equal(printed.length, parameter === "quick" ? 0 : 1);
    for (const line of printed) assert.match(line, new RegExp(`^${variableOf(parameter)}.*${says.source}`));
  });
}

test("what cannot be is refused by the name of who said it, its value, and what can be", () => {
  const cases: readonly [Record<string, string>, RegExp][] = [
    [{ PSN_DATASETS: "mnits" }, /PSN_DATASETS has no mnits; choose from mnist; fashion-mnist; emnist-balanced/],
    [{ PSN_DATASETS: "mnist,mnist" }, /PSN_DATASETS is mnist,mnist; mnist is there twice/],
    [{ PSN_PROTOCOLS: "fine" }, /PSN_PROTOCOLS has no fine; choose from plain; tuned/],
    [{ PSN_SPARSITIES: "0.5" }, /PSN_SPARSITIES has no 0.5; choose from 0.8; 0.9; 0.95/],
    [{ PSN_SPARSITIES: "much" }, /PSN_SPARSITIES has no much/],
    [{ PSN_SPARSITIES: "0.95", PSN_QUICK: "1" }, /PSN_SPARSITIES is 0.95; a quick look has 0.9 only/],
    [{ PSN_STARTS: "ERKK" }, /PSN_STARTS has no ERKK; choose from dense; ERK; .*matched, scattered, or "all"/],
    [{ PSN_SEEDS: "0" }, /PSN_SEEDS is 0; it must be an integer ≥ 1/],
    [{ PSN_SEEDS: "1.5" }, /PSN_SEEDS is 1.5; /],
    [{ PSN_WORKERS: "0" }, /PSN_WORKERS is 0; it must be an integer ≥ 1/],
    [{ PSN_ENGINE: "gpu" }, /PSN_ENGINE has no gpu; choose from sparse; tfjs/],
    [{ PSN_COMPUTE: "yes" }, /PSN_COMPUTE is "yes"; set it to 1 or 0/],
  ];
  for (const [environment, message] of cases) {
    assert.throws(() => notebookSettings(rigl, environment), { name: "RangeError", message }, String(message));
  }
  assert.throws(() => notebookSettings({ ...rigl, seeds: 0 }, {}), { name: "RangeError", message: /^seeds is 0; it/ });
  assert.throws(
    () => notebookSettings({ ...rigl, datasets: [] }, {}),
    /^RangeError: datasets is empty; name at least one/,
  );
  const wrong = { ...rigl, datasets: "mnist" as unknown as [] };
  assert.throws(() => notebookSettings(wrong, {}), /^RangeError: datasets is mnist; it must be a list/);
});

test("a quick look takes one data set, Fashion-MNIST if it can, MNIST for the anchors, plain if it can, two seeds", () => {
  const quick = (changes: NotebookParameters) => notebookSettings({ ...rigl, ...changes, quick: true }, {});
  const { datasets, protocols, sparsities, seeds } = quick({});
  assert.deepEqual([datasets, protocols, sparsities, seeds], [["fashion-mnist"], ["plain"], [0.9], 2]);
  assert.deepEqual(quick({ datasets: ["covtype", "mnist"] }).datasets, ["covtype"]);
  assert.deepEqual(quick({ protocols: ["tuned"] }).protocols, ["tuned"]);
  assert.deepEqual(quick({ experiments: ["rigl", "anchors"] }).datasets, ["mnist", "fashion-mnist"]);
  assert.equal(quick({ seeds: 1 }).seeds, 1);
});

test("the sparsity of tables that show one is 90 % if it can be", () => {
  assert.equal(notebookSettings({ ...rigl, sparsities: [0.99, 0.9] }, {}).mainSparsity, 0.9);
  assert.equal(notebookSettings({ ...rigl, sparsities: [0.99, 0.8] }, {}).mainSparsity, 0.99);
});

test("a notebook without records can have any sparsity, and a quick look leaves it", () => {
  const { sparsities, seeds } = notebookSettings({ sparsities: [0.5], seeds: 20, quick: true }, {});
  assert.deepEqual([sparsities, seeds], [[0.5], 2]);
  assert.throws(() => notebookSettings({ sparsities: [1] }, {}), /sparsities is 1; each must be above 0 and below 1/);
});

test("the environment is checked before the first notebook is run, silently", () => {
  checkEnvironment({ PSN_DATASETS: "mnist", PSN_STARTS: "ERK,from its own masks", PSN_SEEDS: "1000" });
  assert.throws(() => checkEnvironment({ PSN_DATASETS: "nothing" }), RangeError);
  assert.throws(() => checkEnvironment({ PSN_STARTS: "anything" }), /PSN_STARTS has no anything; choose from dense; /);
  assert.deepEqual(printed, []);
});

test("more seeds than there are, and names of other experiments, are noted, and take all that there is", () => {
  assert.equal(notebookSettings(rigl, { PSN_SEEDS: "11" }).seeds, 11);
  assert.deepEqual(printed.splice(0), [
    "PSN_SEEDS says seeds = 11, which goes before this cell's 10.",
    "PSN_SEEDS is 11: there are 10, all of them taken.",
  ]);
  const { starts } = notebookSettings({ ...rigl, starts: ["step CV 0.5", "ERK"] }, {});
  assert.deepEqual(starts, ["step CV 0.5", "ERK"]);
  assert.deepEqual(printed.splice(0), ["starts: nothing in rigl is named step CV 0.5."]);
  notebookSettings({ ...rigl, seeds: 11, quick: true }, {});
  notebookSettings({ seeds: 11 }, {});
  assert.deepEqual(printed, []);
});

test("switches go before variables, both are checked, and say where notebooks and figures go", () => {
  const places: readonly [NodeJS.ProcessEnv, Parameters<typeof paperEnvironment>[0], string, string][] = [
    [{}, {}, "0", ""],
    [{ PSN_QUICK: "" }, {}, "0", ""],
    [{ PSN_QUICK: "1" }, {}, "1", "quick"],
    [{ PSN_QUICK: "0" }, { quick: "1" }, "1", "quick"],
    [{ PSN_SEEDS: "3" }, {}, "0", "selection"],
    [{}, { workers: "3", compute: "1" }, "0", ""],
  ];
  for (const [given, asked, quick, place] of places) {
    const made = paperEnvironment(asked, given);
    assert.deepEqual([made.environment.PSN_QUICK, made.place], [quick, place]);
  }
  assert.throws(() => paperEnvironment({}, { PSN_QUICK: "yes" }), /^RangeError: PSN_QUICK is "yes"; set it to 1 or 0/);
  assert.throws(() => paperEnvironment({}, { PSN_SEEDS: "abc" }), /PSN_SEEDS is abc; /);
  assert.throws(() => paperEnvironment({ seeds: "abc" }, {}), /--seeds is abc; it must be an integer ≥ 1/);
  assert.throws(() => paperEnvironment({ starts: "abc" }, { PSN_STARTS: "ERK" }), /--starts has no abc; /);
});

test("names between commas may have one themselves", () => {
  const known = ["constant", "constant, scattered", "ERK"];
  assert.deepEqual(namesIn("constant, scattered,constant", known), ["constant, scattered", "constant"]);
  assert.deepEqual(namesIn("constant,scattered", known), ["constant, scattered"]);
  assert.deepEqual(namesIn("constant,ERK,x", known), ["constant", "ERK", "x"]);
  assert.deepEqual(namesIn("ERK,a, b, ERK,a", ["a", "ERK", "a, b, ERK"]), ["ERK", "a, b, ERK", "a"]);
});

test("the starts that can be asked for are those of the grid and of its second stage", () => {
  const setting = { protocol: "plain", dataset: "mnist", quick: true } as const;
  const layers = [0, 1].map((layer) => layerRecord(layer, { 0: [2, 2], 100: [1, 3] }));
  const ended = [0, 1].map((seed) => recordedRun("ERK", { seed, sparsity: 0.9 }, { layers }));
  const second = new Set(matchedGrid(setting, ended).map(({ label }) => label));
  assert.equal(second.size, 2);
  for (const label of second) assert.ok(namesOf(["rigl"]).includes(label), label);
  assert.deepEqual(namesOf(["calibration"]), ["dense", "random"]);
});
