import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PNG } from "pngjs";
import type { Figure } from "psn/dist/figures/figure";
import { figure1 } from "psn/dist/figures/figure-1";
import { figure2 } from "psn/dist/figures/figure-2";
import { figure2Margin } from "psn/dist/figures/figure-2-margin";
import { figure3 } from "psn/dist/figures/figure-3";
import { figure3Gain } from "psn/dist/figures/figure-3-gain";
import { figure4 } from "psn/dist/figures/figure-4";
import { figure5 } from "psn/dist/figures/figure-5";
import { figure6 } from "psn/dist/figures/figure-6";
import { figure6Pixels } from "psn/dist/figures/figure-6-pixels";
import { figure7 } from "psn/dist/figures/figure-7";
import { maskImage } from "psn/dist/figures/mask-image";
import { validateFigure } from "psn/dist/notebook/export";
import { closeBrowser } from "psn/dist/notebook/plotly-page";
import {
  endRows,
  evolutionRows,
  four,
  gainRows,
  gradientRows,
  gradientTimeRows,
  hubsRows,
  moved,
  overview,
  ratioRows,
  riglRows,
  staticRows,
  verdictRows,
} from "./tables";

after(closeBrowser);

const one = ["fashion-mnist"];
const quick = { note: "quick run" };
const losses = () => staticRows(four, 1, 5).map((row) => moved(row, -0.885));
const riglGains = () => riglRows(four, 6, 5).map((row) => moved(row, -0.89));
const places = { evolution: evolutionRows(), ends: endRows(), ratios: ratioRows() };
const plainFashion = <T extends { dataset: string; protocol: string }>(rows: T[]): T[] =>
  rows.filter(({ dataset, protocol }) => dataset === "fashion-mnist" && protocol === "plain");

const pixelMaps = () =>
  ["Read by hubs", "Read by none"].map((title, i) => {
    return { title, unit: "readers over mean", values: Array.from({ length: 9 }, (_, pixel) => (i === 0 ? pixel : 0)) };
  });

const shift = { start: [4, 5, 6, 5], end: [1, 2, 5, 12], leastOfHubs: 12 };

const makers: Record<string, () => Figure> = {
  "figure 1": () => figure1(overview(), quick),
  "figure 2": () => figure2(staticRows(four, 6, 5), { gains: gainRows(four, 6, 5) }),
  "figure 2 of a quick run": () => figure2(staticRows(one, 1, 2), { ...quick, gains: gainRows(one, 1, 2) }),
  "figure 2 without gains": () => figure2(staticRows(four, 2, 5), { protocol: "tuned" }),
  "figure 2 with a data set that has only its dense network": () =>
    figure2([...staticRows(four, 2, 5), { ...staticRows(["mnist"], 0, 5)[0], dataset: "late" }]),
  "the margin of figure 2": () => figure2Margin(losses(), { margin: 0.006 }),
  "figure 3": () => figure3(riglRows(four, 6, 5)),
  "figure 3 of a quick run": () => figure3(riglRows(one, 1, 2), quick),
  "figure 3 with gaps": () => figure3(riglRows(four, 3, 1).filter((_, i) => i % 3 > 0)),
  "the gains of figure 3": () => figure3Gain(riglGains()),
  "the gains of figure 3 of a quick run": () => figure3Gain(riglGains().slice(1, 8), quick),
  "the gains of figure 3 with panels without runs": () =>
    figure3Gain(riglGains().filter(({ dataset, sparsity }) => dataset === "mnist" || sparsity < 0.95)),
  "figure 4": () =>
    figure4(gradientRows(four), {
      time: gradientTimeRows(four),
      nullCurve: [0.5, 1, 2].map((cv) => ({ measure: "l2", cv, ratio: 1 + cv })),
    }),
  "figure 4 without its time, and one measure missing": () =>
    figure4(
      gradientRows(one).filter(({ measure }) => measure !== "sum"),
      quick,
    ),
  "figure 4 with a data set that has no time yet": () =>
    figure4(gradientRows(four), { time: gradientTimeRows(["mnist"]) }),
  "figure 5": () => figure5(places),
  "figure 5 of another data set": () => figure5(places, { dataset: "covtype" }),
  "figure 5 of one protocol": () => figure5({ evolution: plainFashion(evolutionRows()) }, quick),
  "figure 5 with ends that are not there yet": () => figure5({ ...places, ends: plainFashion(endRows()) }),
  "figure 6": () => figure6(hubsRows(four), { margin: 0.002 }),
  "figure 6 of a quick run": () => figure6(hubsRows(["mnist"]).slice(0, 3), quick),
  "figure 6 of chains only": () => figure6(hubsRows(four).filter(({ baseline }) => baseline !== "ERK")),
  "the pixels of figure 6 of a quick run": () => figure6Pixels(pixelMaps(), shift, quick),
  "figure 7": () => figure7(verdictRows(), quick),
};

for (const [name, make] of Object.entries(makers)) {
  test(`${name} holds nothing that Plotly refuses or ignores`, async () => {
    assert.deepEqual(await validateFigure(make()), []);
  });

  test(`${name} is a pure function of its tables, and plain JSON`, () => {
    assert.equal(JSON.stringify(make()), JSON.stringify(make()));
    assert.deepEqual(JSON.parse(JSON.stringify(make())), make());
  });

  test(`${name} keeps all its panels on the page, and no text smaller than 8 pt`, () => {
    const { layout } = make();
    const axes = Object.entries(layout).filter(([key]) => /^[xy]axis/.test(key)) as [string, { domain: number[] }][];
    for (const [key, { domain }] of axes) {
      assert.ok(domain[0] >= 0 && domain[1] <= 1 && domain[0] < domain[1], `${key} spans ${domain}`);
    }
    const sizes = [...JSON.stringify(layout).matchAll(/font":\{[^}]*"size":([\d.]+)/g)].map(([, size]) => Number(size));
    assert.ok(sizes.length > 0 && Math.min(...sizes) * 0.75 >= 8);
  });
}

test("the check of figures sees a title that is a bare string", async () => {
  const figure = makers["figure 1"]();
  assert.notDeepEqual(await validateFigure({ ...figure, layout: { ...figure.layout, title: "dropped" } }), []);
});

const texts = ({ layout }: Figure): string[] =>
  (layout.annotations as { text: string }[]).map((annotation) => annotation.text);

/** The position of a text, in CSS pixels from the left upper corner. */
function placeOf({ layout }: Figure, text: string): { x: number; y: number } {
  const found = (layout.annotations as { text: string; x: number; y: number }[]).find((each) => each.text === text);
  assert.ok(found, `no text "${text}"`);
  return { x: found.x * layout.width, y: (1 - found.y) * layout.height };
}

const traces = (figure: Figure, name: string) =>
  figure.data.filter((trace) => trace.name === name) as unknown as {
    x: number[];
    y: number[];
    xaxis: string;
    error_x: { array: (number | null)[] };
    error_y: { array: (number | null)[] };
  }[];

test("captions say n, what varies, how the bars were made, and the protocol", () => {
  const { caption, name } = figure2(staticRows(["fashion-mnist"], 2, 3), { protocol: "tuned" });
  assert.match(caption, /95 % t intervals of the mean over n = 3 seeds/);
  assert.match(caption, /a seed fixes the order of the batches, the wiring and the initial weights/);
  assert.match(caption, /Fashion-MNIST at 80 % and 90 % sparsity/);
  assert.match(caption, /Protocol: tuned\./);
  assert.equal(name, "figure-2-tuned");
  assert.equal(figure3(riglRows(["mnist"], 2, 2), { protocol: "plain" }).name, "figure-3");
  const mixed = [...riglRows(["mnist"], 2, 2), ...riglRows(["covtype"], 2, 5)];
  assert.match(
    figure3(mixed, { interval: "bootstrap intervals" }).caption,
    /bootstrap intervals over n = 2 to 5 seeds/,
  );
  assert.match(figure3(riglRows(["mnist"], 2, 1)).caption, /no interval can be given/);
  assert.match(figure5(places).caption, /up to 3 seeds.*margin of 1\.25.*n = 10/);
  assert.match(figure6(hubsRows(four)).caption, /n = 10 seeds/);
  assert.match(figure2Margin(losses(), { margin: 0.006 }).caption, /margin of 0\.6 percentage points/);
});

test("data sets go by the names that the catalogue gives them", () => {
  assert.match(figure3(riglRows(four, 1, 2)).caption, /MNIST, Fashion-MNIST, emnist-bymerge-116k and Forest Cover/);
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
  const gain = { dataset: "mnist", sparsity: 0.9, start: "matched", mean: 0.0016, low: 0.0001, high: 0.003, n: 10 };
  assert.match(figure3Gain([gain]).alt, /MNIST at 90 %: matched \+0\.16/);
});

test("the gains of figure 2 stand in their cells as numbers, starred where significant, a dash where there is none", () => {
  const row = { dataset: "mnist", sparsity: 0.9, structure: "step CV 0.5", mean: 0.0042, low: 0.001, high: 0.01, n: 5 };
  const gains = [
    { ...row, significant: true },
    { ...row, sparsity: 0.98, mean: -0.0123, low: -0.02, significant: false },
    { ...row, structure: "dense", sparsity: 0.98, mean: 0.123, high: 0.2, significant: false },
  ];
  const { data, layout } = figure2(staticRows(["mnist"], 4, 5), { gains });
  const map = data.find(({ texttemplate }) => texttemplate) as unknown as {
    text: string[][];
    z: number[][];
    yaxis: string;
  };
  const axis = layout[map.yaxis.replace("y", "yaxis")] as { ticktext: string[] };
  const line = axis.ticktext.indexOf("step CV 0.5");
  assert.deepEqual(map.text[line], ["–", "<b>+0.42*</b>", "–", "−1.23"]);
  assert.deepEqual(map.text[axis.ticktext.indexOf("dense")], ["–", "–", "–", "+12.3"]);
  assert.deepEqual(map.z[line], [9, 6, 9, 1]);
  assert.ok(!axis.ticktext.includes("random"), "random gains nothing over itself");
});

test("dense and random stand as lines at their accuracies, all other structures as dots", () => {
  const rows = staticRows(["mnist"], 2, 3);
  const { data, layout } = figure2(rows);
  const lines = (layout.shapes as { type: string; y0: number }[]).filter(({ type }) => type === "line");
  const expected = rows.filter(({ structure }) => structure === "dense" || structure === "random");
  assert.deepEqual(
    lines.map(({ y0 }) => y0),
    expected.map(({ mean }) => 100 * (1 - mean)),
  );
  const [dots] = data.filter(({ name }) => name === "other structures") as unknown as { y: number[] }[];
  assert.equal(dots.y.length, rows.length - expected.length);
});

test("accuracies stand at their errors on an axis that runs downwards and says accuracies, with their bars", () => {
  const rows = riglRows(["mnist"], 2, 3);
  const own = rows.filter(({ start }) => start === "matched");
  const figure = figure3(rows);
  const [trace] = traces(figure, "matched");
  assert.deepEqual(
    trace.y,
    own.map(({ mean }) => 100 * (1 - mean)),
  );
  assert.deepEqual(trace.x.map(Math.round), [0, 1]);
  assert.ok(Math.abs(trace.error_y.array[0]! - (own[0].mean - own[0].low) * 100) < 1e-9);
  const axis = figure.layout.yaxis as { range: number[]; tickvals: number[]; ticktext: string[]; type: string };
  assert.ok(axis.range[0] > axis.range[1] && axis.type === "log" && axis.ticktext.length > 1);
  axis.ticktext.forEach((text, i) => void assert.equal(Number(text), Number((100 - axis.tickvals[i]).toFixed(2))));
});

test("an interval that reaches 100 % does not stretch its axis without end", () => {
  const [row] = riglRows(["mnist"], 1, 2).filter(({ start }) => start === "ERK");
  const wide = figure3([{ ...row, mean: 0.98, low: 0.9, high: 1.06 }]).layout.yaxis as { range: number[] };
  assert.ok(wide.range.every(Number.isFinite));
  assert.ok(wide.range[0] - wide.range[1] < 1.2, "little more than a decade");
});

test("a gain stands in the panel of its data set and sparsity, at its start's line", () => {
  const figure = figure3Gain(riglGains());
  const marks = traces(figure, "matched, scattered");
  const expected = riglGains().filter(({ start }) => start === "matched, scattered");
  assert.deepEqual(
    marks.map(({ x }) => x[0]),
    expected.map(({ mean }) => mean * 100),
  );
  assert.equal(new Set(marks.map(({ xaxis }) => xaxis)).size, 24);
  const { ticktext } = figure.layout.yaxis as { ticktext: string[] };
  assert.ok(marks.every(({ y }) => ticktext[y[0]] === "matched, scattered"));
  assert.ok(!ticktext.includes("ERK"), "ERK gains nothing over itself");
});

test("a panel without runs has no scale yet, only its reference; others have their own", () => {
  const [row] = riglGains();
  const at = (dataset: string, sparsity: number) => ({ ...row, dataset, sparsity, mean: 0, low: -0.01, high: 0.01 });
  const { layout } = figure3Gain([at("mnist", 0.9), at("covtype", 0.95)]);
  const ticks = ["xaxis", "xaxis2", "xaxis3", "xaxis4"].map(
    (name) => (layout[name] as { tickvals: number[] }).tickvals,
  );
  assert.deepEqual([ticks[1], ticks[2]], [[0], [0]]);
  assert.ok(ticks[0].length > 2 && ticks[3].length > 2);
});

test("losses on data sets that are alike share a scale; a data set far off has its own", () => {
  const row = losses().find(({ structure }) => structure !== "dense")!;
  const at = (dataset: string, mean: number) => ({ ...row, dataset, mean, low: mean - 0.002, high: mean + 0.002 });
  const { layout } = figure2Margin([at("mnist", 0), at("fashion-mnist", 0.005), at("covtype", 0.05)], {
    margin: 0.006,
  });
  const [a, b, c] = ["xaxis", "xaxis2", "xaxis3"].map((name) => (layout[name] as { range: number[] }).range);
  assert.deepEqual(a, b);
  assert.ok(c[1] > 5 && a[1] < 1);
});

test("what has no runs says so instead of being empty", () => {
  const missing = (name: string): number => texts(makers[name]()).filter((text) => /not yet run/.test(text)).length;
  assert.equal(missing("the gains of figure 3 with panels without runs"), 12);
  assert.equal(missing("figure 4 without its time, and one measure missing"), 1);
  assert.equal(missing("figure 4 with a data set that has no time yet"), 3);
  assert.equal(missing("figure 5 with ends that are not there yet"), 2);
  assert.equal(missing("figure 2 with a data set that has only its dense network"), 1);
  for (const name of ["figure 2", "figure 3", "figure 4", "figure 5", "figure 6"]) assert.equal(missing(name), 0, name);
});

test("figure 4 shows each structure's own null beside it, and of training the mean only", () => {
  const rows = gradientRows(["mnist"]);
  const figure = figure4(rows, { time: gradientTimeRows(["mnist"]) });
  const nulls = traces(figure, "mechanical null");
  assert.equal(nulls.length, 3);
  for (const [i, measure] of (["l2", "sum", "mean"] as const).entries()) {
    const own = rows.filter((row) => row.measure === measure);
    assert.deepEqual(
      nulls[i].y,
      own.map((row) => row.null),
    );
  }
  const time = traces(figure, "lognormal CV 1").find(({ x }) => x.length === 4);
  assert.deepEqual(
    time?.y,
    [0, 1, 5, 20].map((epoch) => 1 - epoch / 99),
  );
});

test("figure 5 has a column for each layer under each protocol, and ends as shares of neurons", () => {
  const figure = figure5(places);
  for (const head of ["<b>plain</b>, layer 1", "<b>tuned</b>, layer 2"]) assert.ok(texts(figure).includes(head));
  assert.ok(!texts(figure5({ evolution: plainFashion(evolutionRows()) })).some((text) => /plain/.test(text)));
  const fanIn = [0, 1, 2, 3, 4];
  const end = { dataset: "mnist", protocol: "plain", layer: 0, start: "ERK", seed: 0 };
  const [, ecdf] = traces(figure5({ evolution: [{ ...end, step: 0, cv: 1 }], ends: [{ ...end, fanIn }] }), "ERK");
  assert.deepEqual([ecdf.x[0], ecdf.x[50], ecdf.x[100]], [0, 1, 2]);
  assert.deepEqual([ecdf.y[0], ecdf.y[50], ecdf.y[100]], [0, 0.5, 1]);
});

test("figure 5's ratios stand at the line of their runs, data set and layer, plain above tuned", () => {
  const figure = figure5(places);
  const all = traces(figure, "plain").concat(traces(figure, "tuned"));
  assert.equal(all.length, ratioRows().length);
  const labels = Object.values(figure.layout)
    .map((axis) => (axis as { ticktext?: string[] })?.ticktext)
    .find((text) => text?.includes("<b>long runs</b>"));
  const line = labels?.indexOf("Forest Cover, layer 2");
  const row = ratioRows().find((each) => each.runs === "long runs" && each.dataset === "covtype" && each.layer === 1)!;
  const mark = traces(figure, "plain").find(({ x }) => x[0] === row.mean);
  assert.equal(Math.round(mark!.y[0]), line);
  assert.ok(mark!.y[0] < line!);
});

test("figure 6 orders what is inherited from everything to least, and names the steps of the chain", () => {
  const figure = figure6(hubsRows(four), { margin: 0.002 });
  const [first, second] = Object.values(figure.layout)
    .map((axis) => (axis as { ticktext?: string[] })?.ticktext)
    .filter((text) => text?.some((label) => /degrees/.test(label)));
  assert.deepEqual(first, [
    "RigL itself",
    "its masks",
    "its masks, uncoupled",
    "its degrees",
    "its fan-ins",
    "its fan-outs",
  ]);
  assert.deepEqual(second, ["masks − degrees", "degrees − fan-ins", "RigL − masks"]);
  const [row] = hubsRows(four);
  assert.throws(() => figure6([{ ...row, network: "weights" }]), /no network is named "weights"/);
});

test("the pixels of figure 6 stand row by row from the upper left, and all neurons in the histogram", () => {
  const figure = figure6Pixels(pixelMaps(), shift, { about: "A small network." });
  const [map] = figure.data.filter(({ name }) => name === "Read by hubs") as unknown as {
    z: number[][];
    yaxis: string;
  }[];
  assert.deepEqual(map.z, [
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
  ]);
  const [upper, lower] = (figure.layout[map.yaxis.replace("y", "yaxis")] as { range: number[] }).range.reverse();
  assert.ok(upper < lower, "the first row is uppermost");
  for (const name of ["before", "after"]) {
    const [{ x, y }] = traces(figure, name);
    const area = x.slice(1).reduce((sum, right, i) => sum + (right - x[i]) * y[i], 0);
    assert.equal(area, 4, `${name}: bins are one wide, and hold four neurons`);
  }
  assert.match(figure.caption, /A small network\. .*4 to 6 before training and 1 to 12 after/);
});

test("the pixels of figure 6 refuse what is no image", () => {
  const [map] = pixelMaps();
  assert.throws(() => figure6Pixels([{ ...map, values: [1, 2, 3] }], shift), /has 3 values; a square image has/);
  assert.throws(() => figure6Pixels([{ ...map, values: [1, 2, 3, -1] }], shift), /has the value -1; values must be/);
});

test("figure 7 has a letter for every verdict, and counts them", () => {
  const figure = figure7(verdictRows());
  const letters = texts(figure).filter((text) => /^<b>[RPN–]<\/b>$/.test(text));
  assert.equal(letters.length, 18 + 4);
  assert.match(figure.caption, /9 claims by protocol: plain: 3 reproduced, 2 partly, 2 not reproduced, 2 not testable/);
  const [row] = verdictRows();
  const partial = figure7([row, { ...row, claim: "S2", protocol: "tuned" }]);
  assert.match(partial.alt, /plain: S1 reproduced, S2 not testable; tuned: S1 not testable, S2 reproduced/);
});

test("legends stand above the panels, and their entries do not overlap", () => {
  const figure = figure3(riglRows(four, 6, 5));
  const labels = ["dense", "random", "ERK", "constant", "constant, scattered", "matched, scattered"];
  const at = labels.map((label) => ({ label, ...placeOf(figure, label) }));
  const top = placeOf(figure, "<b>MNIST</b>").y;
  for (const a of at) {
    assert.ok(a.y < top - 10, `${a.label} stands above the panels`);
    assert.ok(a.x + 5.8 * a.label.length < figure.layout.width);
    for (const b of at) {
      if (b.label === a.label || Math.abs(a.y - b.y) > 1 || b.x < a.x) continue;
      assert.ok(a.x + 5.8 * a.label.length + 34 < b.x, `${a.label} runs into ${b.label}`);
    }
  }
});

test("a table in per cent, without rows, or with an interval beside its mean is refused", () => {
  const [row] = staticRows(["mnist"], 1, 3);
  assert.throws(() => figure2([{ ...row, mean: 89.3, low: 89, high: 90 }]), /a share, not per cent/);
  assert.throws(() => figure2([]), /no rows/);
  assert.throws(() => figure2([{ ...row, low: row.mean + 0.1, high: row.mean + 0.2 }]), /does not hold its mean/);
  assert.throws(() => figure3(riglRows(["mnist"], 1, 3).map((r) => ({ ...r, n: 0 }))), /n = 0/);
  assert.throws(() => figure2([{ ...row, mean: Number.NaN }]), /mean NaN/);
  assert.throws(() => figure1({ ...overview(), masks: [] }), /masks has no rows/);
  assert.throws(() => figure3Gain([]), /no rows/);
  assert.throws(() => figure4([]), /no rows/);
  assert.throws(() => figure5({ evolution: [] }), /evolution has no rows/);
  assert.throws(() => figure5(places, { dataset: "mnist" }), /no row of evolution is of mnist/);
  assert.throws(() => figure6([]), /no rows/);
  assert.throws(() => figure7([]), /no rows/);
});

test("a note stands on the figure, and only where it is given", () => {
  for (const [name, make] of Object.entries(makers)) {
    const isNoted = texts(make()).includes("<i>quick run</i>");
    assert.equal(isNoted, /quick|figure 1|figure 7|one protocol|without its time/.test(name), name);
  }
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
