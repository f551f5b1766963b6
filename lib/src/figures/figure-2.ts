import { accuracyAxis, accuracyBars, errorOf } from "./accuracy-axis";
import { type Box, type Canvas, createCanvas, type PanelAxes, writeLetter, writeNote } from "./canvas";
import {
  checkEstimates,
  datasetLabel,
  defaultInterval,
  describeBars,
  distinct,
  type Estimate,
  enumerate,
  percent,
  percentTick,
  signedPoints,
} from "./estimate";
import { describeProtocol, type Figure, type FigureOptions, figureName } from "./figure";
import { writeMissing } from "./forest";
import { drawGainKey, drawHeatMap, type GainCell } from "./heat-map";
import { drawLegend, type LegendEntry } from "./legend";
import { columnWidth, compareMethods, grey, type MethodStyle, methodStyle, mix, okabeIto } from "./theme";

/** Test accuracy (0 … 1) of one structure on one data set at one sparsity (0 … 1). */
export interface StaticAccuracyRow extends Estimate {
  readonly dataset: string;
  /** Of a dense network it is not read: its rows stand in every panel of their data set. */
  readonly sparsity: number;
  /** "dense", "random", "constant", "lognormal CV 0.5", …: see {@link methodStyle}. */
  readonly structure: string;
}

/** Gain (−1 … 1) of one structure over the random mask of the same data set and sparsity, paired by seed. */
export interface StaticGainRow extends StaticAccuracyRow {
  /** Of the sparse network it is compared with, for "dense" too. */
  readonly sparsity: number;
  /** By the test that {@link Figure2Options.test} names. */
  readonly significant: boolean;
}

/** What else Figure 2 can be told. */
export interface Figure2Options extends FigureOptions {
  /** Panel b; without it there is none. */
  readonly gains?: readonly StaticGainRow[];
  /** What makes a gain significant, for the caption. */
  readonly test?: string;
  /** How the intervals were made, for the caption. */
  readonly interval?: string;
}

const accuracyTop = 66;
const accuracyHeight = 146;
const labelWidth = 154;
const cellHeight = 16;
const blockGap = { x: 16, y: 50 };
const titleWidth = 118;

/** Figure 2: accuracy of all static structures by data set and sparsity (a), and their gains over random (b). */
export function figure2(rows: readonly StaticAccuracyRow[], options: Figure2Options = {}): Figure {
  checkEstimates("figure2", rows, 1);
  const gains = (options.gains ?? []).filter((row) => row.structure !== "random");
  if (gains.length > 0) checkEstimates("figure2: gains", gains, 1);
  const sparse = [...rows, ...gains].filter((row) => row.structure !== "dense");
  const datasets = distinct(rows.map((row) => row.dataset));
  const sparsities = distinct(sparse.map((row) => row.sparsity)).sort((a, b) => a - b);
  const structures = distinct(sparse.map((row) => row.structure)).sort(compareMethods);
  const grid: Grid = { datasets, sparsities, structures };
  const gainTop = accuracyTop + accuracyHeight + 130;
  const width = datasets.length === 1 ? 480 : columnWidth.double;
  const blocks = gains.length > 0 ? blocksOf(grid, gains, width) : null;
  const height = blocks ? gainTop + blocks.lines * (blocks.height + blockGap.y) - blockGap.y + 10 : gainTop - 86;
  const canvas = createCanvas(width, height);
  drawAccuracies(canvas, rows, { ...grid, width, isLettered: blocks !== null });
  if (blocks) drawGains(canvas, gainTop, gains, { ...grid, ...blocks });
  writeNote(canvas, options.note, width - 8);
  return {
    name: figureName("figure-2", options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption: caption(rows, gains, grid, options),
    alt: describe(rows, gains, grid),
  };
}

interface Grid {
  readonly datasets: readonly string[];
  readonly sparsities: readonly number[];
  readonly structures: readonly string[];
}

const others: MethodStyle = { label: "other structures", color: okabeIto.blue, dash: "solid", symbol: "circle" };
const random: MethodStyle = { label: "random mask", color: grey.axis, dash: "solid", symbol: "circle" };

interface AccuracyShape extends Grid {
  readonly width: number;
  readonly isLettered: boolean;
}

function drawAccuracies(canvas: Canvas, rows: readonly StaticAccuracyRow[], grid: AccuracyShape): void {
  const { datasets, sparsities, width, isLettered } = grid;
  const [left, right, gap] = [48, 8, 37]; // no wider: the labels of six sparsities need the room, 99 and 99.9 most
  const across = datasets.length;
  const panelWidth = (width - left - right - (across - 1) * gap) / across;
  if (isLettered) writeLetter(canvas, "a", 6, 12);
  canvas.write("Test accuracy (%)", 24, 12);
  datasets.forEach((dataset, column) => {
    const box = {
      left: left + column * (panelWidth + gap),
      top: accuracyTop,
      width: panelWidth,
      height: accuracyHeight,
    };
    const own = rows.filter((row) => row.dataset === dataset);
    const axes = canvas.panel(
      box,
      {
        range: [-0.5, sparsities.length - 0.5],
        tickvals: sparsities.map((_, i) => i),
        ticktext: sparsities.map(percentTick),
        tickangle: 0,
        showgrid: false,
      },
      accuracyAxis(own, accuracyHeight),
    );
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, box.left, box.top - 10);
    canvas.write("sparsity (%)", box.left + box.width / 2, box.top + box.height + 28, { xanchor: "center" });
    drawReferences(canvas, axes, own, sparsities);
    drawOthers(canvas, axes, own, grid);
    if (own.every((row) => row.structure === "dense")) writeMissing(canvas, box, axes);
  });
  const line = { line: true, marker: false };
  const key: LegendEntry[] = [
    { style: methodStyle("dense"), ...line },
    { style: random, ...line },
    { style: others, line: false, marker: true },
  ];
  drawLegend(canvas, key, { left: 24, top: 24, width: 440 });
}

/** The dense network across the panel, and the random mask across each sparsity, both with their intervals as bands. */
function drawReferences(
  canvas: Canvas,
  axes: PanelAxes,
  rows: readonly StaticAccuracyRow[],
  sparsities: readonly number[],
): void {
  const draw = (row: Estimate, x0: number, x1: number, { color }: MethodStyle): void => {
    const place = { xref: axes.xaxis, yref: axes.yaxis, x0, x1, layer: "between" };
    if (row.n > 1) {
      const band = { fillcolor: mix(color, "#FFFFFF", 0.8), line: { width: 0 } };
      canvas.shape({ type: "rect", ...place, y0: errorOf(row.low), y1: errorOf(Math.min(row.high, 0.9999)), ...band });
    }
    const y = errorOf(row.mean);
    canvas.shape({ type: "line", ...place, layer: "above", y0: y, y1: y, line: { color, width: 1.3 } });
  };
  const dense = rows.find((row) => row.structure === "dense");
  if (dense) draw(dense, -0.5, sparsities.length - 0.5, methodStyle("dense"));
  for (const row of rows.filter((each) => each.structure === "random")) {
    const at = sparsities.indexOf(row.sparsity);
    draw(row, at - 0.46, at + 0.46, random);
  }
}

/** All structures but random, side by side at each sparsity in the order of panel b. */
function drawOthers(canvas: Canvas, axes: PanelAxes, rows: readonly StaticAccuracyRow[], grid: Grid): void {
  const shown = grid.structures.filter((structure) => structure !== "random");
  const own = rows.filter((row) => shown.includes(row.structure));
  if (own.length === 0) return;
  const shift = (structure: string): number => (0.8 * (shown.indexOf(structure) + 0.5)) / shown.length - 0.4;
  canvas.traces.push({
    type: "scatter",
    mode: "markers",
    x: own.map((row) => grid.sparsities.indexOf(row.sparsity) + shift(row.structure)),
    y: own.map((row) => errorOf(row.mean)),
    text: own.map((row) => `${methodStyle(row.structure).label}: ${(100 * row.mean).toFixed(2)} %`),
    ...axes,
    marker: { color: others.color, symbol: others.symbol, size: 3, line: { width: 0 } },
    error_y: { ...accuracyBars(own, others.color), thickness: 0.8 },
    name: others.label,
    hovertemplate: "%{text}",
  });
}

interface Blocks {
  /** Structures from above, dense first. */
  readonly names: readonly string[];
  readonly across: number;
  readonly lines: number;
  readonly width: number;
  readonly height: number;
}

/** As many heat maps side by side as their numbers leave room for. */
function blocksOf({ datasets, sparsities, structures }: Grid, gains: readonly StaticGainRow[], width: number): Blocks {
  const hasDense = gains.some((row) => row.structure === "dense");
  const names = [...(hasDense ? ["dense"] : []), ...structures.filter((structure) => structure !== "random")];
  const room = width - labelWidth - 12 + blockGap.x;
  const least = Math.max(sparsities.length * 41, titleWidth);
  const most = Math.max(1, Math.floor(room / (least + blockGap.x)));
  const lines = Math.ceil(datasets.length / most);
  const across = Math.ceil(datasets.length / lines);
  const blockWidth = Math.min(Math.max(sparsities.length * 62, titleWidth), room / across - blockGap.x);
  return { names, across, lines, width: blockWidth, height: names.length * cellHeight };
}

function drawGains(canvas: Canvas, top: number, gains: readonly StaticGainRow[], shape: Grid & Blocks): void {
  const { datasets, sparsities, names, across } = shape;
  writeLetter(canvas, "b", 6, top - 80);
  canvas.write("Gain over the random mask (percentage points)", 24, top - 80);
  drawGainKey(canvas, 28, top - 68);
  datasets.forEach((dataset, index) => {
    const [column, line] = [index % across, Math.floor(index / across)];
    const box: Box = {
      left: labelWidth + column * (shape.width + blockGap.x),
      top: top + line * (shape.height + blockGap.y),
      width: shape.width,
      height: shape.height,
    };
    const cells = gains
      .filter((row) => row.dataset === dataset)
      .map((row): GainCell => {
        const place = { row: names.indexOf(row.structure), column: sparsities.indexOf(row.sparsity) };
        return { ...place, gain: row.mean, significant: row.significant };
      });
    drawHeatMap(canvas, box, cells, {
      rows: names.map((name) => methodStyle(name).label),
      columns: sparsities.map(percentTick),
      hasRowNames: column === 0,
    });
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, box.left, box.top - 28);
    if (column === 0) canvas.write("sparsity (%)", box.left - 8, box.top - 10, { xanchor: "right" });
  });
}

function caption(
  rows: readonly StaticAccuracyRow[],
  gains: readonly StaticGainRow[],
  { datasets, sparsities }: Grid,
  options: Figure2Options,
): string {
  const { interval = defaultInterval, test = "Holm-adjusted paired t tests over all cells shown, p < .05" } = options;
  const accuracies =
    `Test accuracy of fixed masks by their structure, on ${enumerate(datasets.map(datasetLabel))} at ${enumerate(sparsities.map(percent))} sparsity. ` +
    "Black: the dense network; grey: uniform random masks (both with their intervals as bands); dots: all other structures, side by side" +
    `${gains.length > 0 ? " in the order of b" : ""}. ${describeBars(rows, interval)} Scales are logarithmic in the error, and differ between panels.`;
  if (gains.length === 0) return `${accuracies}${describeProtocol(options)}`;
  const cells = distinct(gains.map(({ structure }) => structure)).length * datasets.length * sparsities.length;
  const dash = gains.length < cells ? "; a dash: not run, or no such profile (fan-ins can only be even)" : "";
  return (
    `(a) ${accuracies} (b) Mean gain over the random mask of the same sparsity, paired by seed${halfWidths(gains)}; ` +
    `bold with a star: significant (${test})${dash}.${describeProtocol(options)}`
  );
}

/** How wide the intervals of a table are, so that numbers without bars are not read as exact. */
function halfWidths(gains: readonly StaticGainRow[]): string {
  const halves = gains
    .filter((row) => row.n > 1)
    .map((row) => (row.high - row.low) / 2)
    .sort((a, b) => a - b);
  if (halves.length === 0) return " (one pair each, so no interval)";
  const points = (half: number): string => signedPoints(half).replace("+", "");
  const middle = halves[Math.floor((halves.length - 1) / 2)];
  return `; their 95 % intervals are ± ${points(middle)} in the median cell and at most ± ${points(halves[halves.length - 1])}`;
}

function describe(rows: readonly StaticAccuracyRow[], gains: readonly StaticGainRow[], grid: Grid): string {
  const cells = grid.datasets.flatMap((dataset) =>
    grid.sparsities.map((sparsity) => {
      const own = rows.filter((row) => row.dataset === dataset);
      const here = own.filter((row) => row.structure !== "dense" && row.sparsity === sparsity);
      const means = here.map((row) => row.mean * 100);
      const reference = here.find((row) => row.structure === "random");
      const dense = own.find((row) => row.structure === "dense");
      const better = gains.filter((row) => row.dataset === dataset && row.sparsity === sparsity && row.significant);
      const parts = [
        here.length
          ? `structures from ${Math.min(...means).toFixed(1)} to ${Math.max(...means).toFixed(1)} %`
          : "no runs",
        ...(reference ? [`random mask ${(reference.mean * 100).toFixed(1)} %`] : []),
        ...(dense ? [`dense ${(dense.mean * 100).toFixed(1)} %`] : []),
        ...better.map((row) => `${methodStyle(row.structure).label} ${signedPoints(row.mean)} pp (significant)`),
      ];
      return `${datasetLabel(dataset)} at ${percent(sparsity)}: ${parts.join(", ")}`;
    }),
  );
  const maps = gains.length > 0 ? " above heat maps of the gain over the random mask, a row for each structure" : "";
  return `Dot plots of test accuracy with error bars against sparsity${maps}. ${cells.join("; ")}.`;
}
