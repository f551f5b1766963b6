import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PNG } from "pngjs";
import { fanInEvolution } from "psn/dist/figures/fan-in-evolution";
import type { Figure } from "psn/dist/figures/figure";
import { figure1 } from "psn/dist/figures/figure-1";
import { figure2 } from "psn/dist/figures/figure-2";
import { figure3 } from "psn/dist/figures/figure-3";
import { maskImage } from "psn/dist/figures/mask-image";
import { validateFigure } from "psn/dist/notebook/export";
import { closeBrowser } from "psn/dist/notebook/plotly-page";
import { evolutionRows, overview, riglRows, staticRows } from "./tables";

after(closeBrowser);

const four = ["mnist", "fashion-mnist", "emnist-bymerge-116k", "covtype"];

const makers: Record<string, () => Figure> = {
  "figure 1": () => figure1(overview(), { note: "quick run" }),
  "figure 2 of one panel": () => figure2(staticRows(["fashion-mnist"], 1, 2), { note: "quick run" }),
  "figure 2 of all panels": () => figure2(staticRows(four, 6, 5)),
  "figure 3 of one panel": () => figure3(riglRows(["fashion-mnist"], 3, 1)),
  "figure 3 of all panels": () =>
    figure3(riglRows(four, 6, 5), { differences: riglRows(four, 6, 5).map((row) => shifted(row, -0.89)) }),
  "the fan-in evolution": () => fanInEvolution(evolutionRows(), { note: "quick run" }),
};

function shifted<T extends { mean: number; low: number; high: number }>(row: T, by: number): T {
  return { ...row, mean: row.mean + by, low: row.low + by, high: row.high + by };
}

for (const [name, make] of Object.entries(makers)) {
  test(`${name} holds nothing that Plotly refuses or ignores`, async () => {
    assert.deepEqual(await validateFigure(make()), []);
  });

  test(`${name} is a pure function of its tables, and plain JSON`, () => {
    assert.equal(JSON.stringify(make()), JSON.stringify(make()));
    assert.deepEqual(JSON.parse(JSON.stringify(make())), make());
  });
}

test("the check of figures sees a title that is a bare string", async () => {
  const figure = makers["figure 1"]();
  assert.notDeepEqual(await validateFigure({ ...figure, layout: { ...figure.layout, title: "dropped" } }), []);
});

test("captions say n, what varies and how the bars were made", () => {
  const { caption } = figure2(staticRows(["fashion-mnist"], 2, 3));
  assert.match(caption, /95 % t intervals of the mean over n = 3 seeds/);
  assert.match(caption, /a seed fixes the order of the batches, the wiring and the initial weights/);
  assert.match(caption, /Fashion-MNIST at 80 %, 90 % sparsity/);
  const mixed = [...riglRows(["mnist"], 2, 2), ...riglRows(["covtype"], 2, 5)];
  assert.match(
    figure3(mixed, { interval: "bootstrap intervals" }).caption,
    /bootstrap intervals over n = 2 to 5 seeds/,
  );
  assert.match(figure3(riglRows(["mnist"], 2, 1)).caption, /no interval can be given/);
  assert.match(fanInEvolution(evolutionRows()).caption, /3 seeds each/);
});

test("alternative texts give the numbers that the picture shows", () => {
  const rows = [
    { dataset: "mnist", sparsity: 0.9, structure: "random", mean: 0.975, low: 0.97, high: 0.98, n: 3 },
    { dataset: "mnist", sparsity: 0.9, structure: "lognormal", mean: 0.962, low: 0.96, high: 0.97, n: 3 },
    { dataset: "mnist", sparsity: 0, structure: "dense", mean: 0.981, low: 0.98, high: 0.982, n: 3 },
  ];
  assert.match(
    figure2(rows).alt,
    /MNIST at 90 %: structures from 96\.2 to 97\.5 %, random mask 97\.5 %, dense 98\.1 %/,
  );
});

test("accuracies are drawn in per cent, at their structure's line, with their bars", () => {
  const [, random] = staticRows(["mnist"], 1, 3);
  const { data, layout } = figure2(staticRows(["mnist"], 1, 3));
  const trace = data.find((candidate) => candidate.name === "random") as Record<string, never>;
  const ticks = (layout.yaxis as { ticktext: string[] }).ticktext;
  assert.deepEqual(trace.x, [random.mean * 100]);
  assert.deepEqual(trace.y, [ticks.indexOf("random")]);
  const { array } = trace.error_x as { array: number[] };
  assert.ok(Math.abs(array[0] - (random.high - random.mean) * 100) < 1e-9);
});

test("a dense network far from the masks is an arrow, not a squeezed panel", () => {
  const near = { dataset: "mnist", sparsity: 0.999, low: 0.6, high: 0.61, n: 2 };
  const rows = [
    { ...near, structure: "random", mean: 0.605 },
    { ...near, structure: "step", mean: 0.606 },
    { ...near, structure: "dense", mean: 0.98, low: 0.97, high: 0.99 },
  ];
  const { layout } = figure2(rows);
  const texts = (layout.annotations as { text: string }[]).map((annotation) => annotation.text);
  assert.ok(texts.includes("dense 98.0 →"));
  assert.ok((layout.xaxis as { range: number[] }).range[1] < 62);
});

test("a table in per cent, without rows, or with an interval beside its mean is refused", () => {
  const [row] = staticRows(["mnist"], 1, 3);
  assert.throws(() => figure2([{ ...row, mean: 89.3, low: 89, high: 90 }]), /a share, not per cent/);
  assert.throws(() => figure2([]), /no rows/);
  assert.throws(() => figure2([{ ...row, low: row.mean + 0.1, high: row.mean + 0.2 }]), /does not hold its mean/);
  assert.throws(() => figure3(riglRows(["mnist"], 1, 3).map((r) => ({ ...r, n: 0 }))), /n = 0/);
  assert.throws(() => figure2([{ ...row, mean: Number.NaN }]), /mean NaN/);
  assert.throws(() => figure1({ ...overview(), masks: [] }), /masks has no rows/);
});

test("a note stands on the figure, and only where it is given", () => {
  const noted = JSON.stringify(figure3(riglRows(["mnist"], 2, 3), { note: "quick run: 2 seeds" }).layout);
  assert.match(noted, /quick run: 2 seeds/);
  assert.doesNotMatch(JSON.stringify(figure3(riglRows(["mnist"], 2, 3)).layout), /quick run/);
});

test("a mask's picture is black exactly where a connection is", () => {
  const topology = { inputs: 3, neurons: 2, rowPointers: Uint32Array.of(0, 2, 3), columns: Uint32Array.of(0, 2, 1) };
  const bytes = Buffer.from(maskImage(topology).replace("data:image/png;base64,", ""), "base64");
  const { width, height, data } = PNG.sync.read(bytes);
  assert.deepEqual([width, height], [2, 3]);
  const grey = Array.from({ length: 6 }, (_, i) => data[4 * i]);
  assert.deepEqual(grey, [0, 255, 255, 0, 0, 255]);
});

test("a window round the end of the inputs is drawn as two pieces", () => {
  const { data } = figure1({ ...overview(), windows: [{ offset: 55, fanIn: 8 }] });
  assert.ok(data.some((trace) => JSON.stringify(trace.x) === "[55,60,null,0,3,null]"));
});
