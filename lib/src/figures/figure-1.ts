import type { Topology } from "../topology/topology";
import { type Canvas, createCanvas, type PanelAxes, writeLetter, writeNote } from "./canvas";
import { percent } from "./estimate";
import type { Figure, FigureOptions } from "./figure";
import { maskImage } from "./mask-image";
import { columnWidth, fontSize, grey, methodStyle, mix } from "./theme";

/** A structure's fan-ins, one per neuron: by profile rank in panel a, in any order in panel d. */
export interface FanInRow {
  readonly structure: string;
  readonly fanIn: Uint32Array | readonly number[];
}

/** A structure's mask; `label` stands above it, two lines at most, separated by "<br>". */
export interface MaskRow {
  readonly structure: string;
  readonly label: string;
  readonly topology: Topology;
}

/** Where one neuron starts to read (0 … inputs − 1) and how many inputs it reads from there on, round the end. */
export interface WindowRow {
  readonly offset: number;
  readonly fanIn: number;
}

/** What Figure 1 shows, of one layer of `inputs` × `neurons`. */
export interface Figure1Tables {
  readonly inputs: number;
  readonly neurons: number;
  /** Share of absent weights, 0 … 1. */
  readonly sparsity: number;
  /** The fan-in CV that all profiles of panel a share. */
  readonly cv: number;
  /** Panel a: at most ten, in rows of five. */
  readonly profiles: readonly FanInRow[];
  /** Panel b: at most five. */
  readonly masks: readonly MaskRow[];
  /** Panel c: the first neurons (forty fit well). */
  readonly windows: readonly WindowRow[];
  /** Panel d: twelve fit well. */
  readonly histograms: readonly FanInRow[];
}

const height = 784;

/** Figure 1: from profile families (a) over masks (b) and input offsets (c) to fan-in distributions (d). */
export function figure1(tables: Figure1Tables, options: FigureOptions = {}): Figure {
  check(tables);
  const canvas = createCanvas(columnWidth.double, height);
  drawProfiles(canvas, tables);
  drawMasks(canvas, tables);
  drawWindows(canvas, tables);
  drawHistograms(canvas, tables);
  writeNote(canvas, options.note, columnWidth.double - 6);
  const { inputs, neurons, sparsity, cv, windows } = tables;
  const layer = `${inputs} inputs and ${neurons} neurons at ${percent(sparsity)} sparsity`;
  return {
    name: "figure-1",
    data: canvas.traces,
    layout: canvas.layout(),
    caption:
      `Profiled sparse networks, for a layer of ${layer}. ` +
      `(a) The profile families: number of inputs (fan-in) of each neuron by its rank x, all with the same number of connections and a fan-in CV of ${cv}; dashed: the mean. ` +
      "(b) Masks: a black pixel is a connection. " +
      `(c) Which inputs the first ${windows.length} neurons read: neuron i starts at the golden-ratio offset ⌊iφn⌋ mod n (dot) and reads as many consecutive inputs as its fan-in, round the end. ` +
      "(d) Fan-in distributions: share of neurons per unit of log fan-in, each scaled to its own maximum, with the realised CV. Nothing is trained here.",
    alt:
      `Four panels on a sparse layer of ${layer}. Small curves show the fan-in profile of ${list(tables.profiles)}. ` +
      `Black and white masks show ${tables.masks.map((mask) => mask.label.replaceAll("<br>", ", ")).join("; ")}. ` +
      `Horizontal bars show that the input windows of successive neurons start far from each other and cover the inputs evenly. Ridges show the fan-in distributions of ${list(tables.histograms)}.`,
  };
}

function check({ profiles, masks, windows, histograms }: Figure1Tables): void {
  const sizes = { profiles, masks, windows, histograms };
  for (const [table, rows] of Object.entries(sizes)) {
    if (rows.length === 0) throw new RangeError(`figure1: the table ${table} has no rows; pass at least one`);
  }
  if (profiles.length > 10) throw new RangeError(`figure1: ${profiles.length} profiles; at most 10 fit into panel a`);
  if (masks.length > 5) throw new RangeError(`figure1: ${masks.length} masks; at most 5 fit into panel b`);
}

const list = (rows: readonly FanInRow[]): string => rows.map((row) => methodStyle(row.structure).label).join(", ");

const columnLeft = (column: number): number => 52 + column * 127;
const columnSize = 114;

function drawProfiles(canvas: Canvas, { profiles, neurons, cv }: Figure1Tables): void {
  writeLetter(canvas, "a", 6, 12);
  canvas.write(`Profile families, fan-in CV ${cv}`, 24, 12);
  const most = profiles.reduce((highest, row) => Math.max(highest, ...row.fanIn), 0);
  profiles.forEach((row, index) => {
    const column = index % 5;
    const top = 46 + Math.floor(index / 5) * 110;
    const isLow = index + 5 >= profiles.length;
    const axes = canvas.panel(
      { left: columnLeft(column), top, width: columnSize, height: 78 },
      { range: [0, 1], tickvals: [0, 0.5, 1], ticktext: ["0", ".5", "1"], showticklabels: isLow, showgrid: false },
      { range: [0, most * 1.06], nticks: 4, showticklabels: column === 0 },
    );
    const { label, color } = methodStyle(row.structure);
    canvas.write(label, columnLeft(column) + columnSize / 2, top - 9, { xanchor: "center" });
    drawProfile(canvas, axes, row, neurons, color);
  });
  const lines = Math.ceil(profiles.length / 5);
  const bottom = 46 + (lines - 1) * 110 + 78;
  canvas.write("neuron rank x", columnLeft(2) + columnSize / 2, bottom + 29, { xanchor: "center" });
  canvas.write("fan-in", 14, (46 + bottom) / 2, { xanchor: "center", textangle: -90 });
}

function drawProfile(canvas: Canvas, axes: PanelAxes, row: FanInRow, neurons: number, color: string): void {
  const ranks = { x0: 0.5 / neurons, dx: 1 / neurons };
  const y = Array.from(row.fanIn);
  const mean = y.reduce((sum, k) => sum + k, 0) / y.length;
  const name = methodStyle(row.structure).label;
  const line = { color, width: 1.8 };
  const hovertemplate = "x %{x:.2f}: %{y} inputs";
  const fill = { fill: "tozeroy", fillcolor: mix(color, "#FFFFFF", 0.82) };
  canvas.traces.push(
    { type: "scatter", mode: "lines", ...ranks, y, ...axes, line, ...fill, name, hovertemplate },
    { ...axes, type: "scatter", mode: "lines", x: [0, 1], y: [mean, mean], ...dashed, hoverinfo: "skip" },
  );
}

const dashed = { line: { color: grey.axis, width: 1, dash: "4px,3px" } };

function drawMasks(canvas: Canvas, { masks, inputs, neurons }: Figure1Tables): void {
  const top = 328;
  const tall = 150;
  writeLetter(canvas, "b", 6, top - 42);
  canvas.write("Masks", 24, top - 42);
  masks.forEach((mask, column) => {
    const axes = canvas.panel(
      { left: columnLeft(column), top, width: columnSize, height: tall },
      { range: [0, neurons], tickvals: [0, neurons / 2], mirror: true, showgrid: false, constrain: "domain" },
      {
        range: [inputs, 0],
        tickvals: [0, inputs / 2, inputs],
        mirror: true,
        showgrid: false,
        showticklabels: column === 0,
      },
    );
    const place = { xref: axes.xaxis, yref: axes.yaxis, x: 0, y: 0, sizex: neurons, sizey: inputs, sizing: "stretch" };
    canvas.image({ source: maskImage(mask.topology), ...place, layer: "below" });
    canvas.traces.push({ type: "scatter", mode: "markers", x: [null], y: [null], ...axes, hoverinfo: "skip" });
    const label = { xanchor: "center", yanchor: "bottom", align: "center", font: { size: fontSize.tick } };
    canvas.write(mask.label, columnLeft(column) + columnSize / 2, top - 4, label);
  });
  canvas.write("neuron", columnLeft(2) + columnSize / 2, top + tall + 27, { xanchor: "center" });
  canvas.write("input", 14, top + tall / 2, { xanchor: "center", textangle: -90 });
}

const lowerTop = 549;
const lowerHeight = 190;

function drawWindows(canvas: Canvas, { windows, inputs }: Figure1Tables): void {
  writeLetter(canvas, "c", 6, lowerTop - 14);
  canvas.write("Input windows from golden-ratio offsets", 24, lowerTop - 14);
  const axes = canvas.panel(
    { left: columnLeft(0), top: lowerTop, width: 270, height: lowerHeight },
    { range: [0, inputs], tickvals: quarters(inputs), showgrid: true },
    { range: [windows.length - 0.4, -0.6], nticks: 5, showgrid: false },
  );
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  windows.forEach(({ offset, fanIn }, neuron) => {
    for (const [from, to] of arcs(offset, fanIn, inputs)) {
      x.push(from, to, null);
      y.push(neuron, neuron, null);
    }
  });
  const offsets = windows.map((row) => row.offset);
  const ranks = windows.map((_, neuron) => neuron);
  const { color } = methodStyle("lognormal");
  const line = { color: mix(color, "#FFFFFF", 0.45), width: Math.min(4, (0.72 * lowerHeight) / windows.length) };
  const hovertemplate = "neuron %{y} starts at input %{x}<extra></extra>";
  const marker = { color: grey.text, size: 3.5 };
  canvas.traces.push(
    { type: "scatter", mode: "lines", x, y, ...axes, line, hoverinfo: "skip" },
    { type: "scatter", mode: "markers", x: offsets, y: ranks, ...axes, marker, hovertemplate },
  );
  canvas.write("input", columnLeft(0) + 135, lowerTop + lowerHeight + 28, { xanchor: "center" });
  canvas.write("neuron", 14, lowerTop + lowerHeight / 2, { xanchor: "center", textangle: -90 });
}

const quarters = (n: number): number[] => [0, 1, 2, 3, 4].map((part) => Math.round((part * n) / 4));

/** A window of `length` inputs from `offset` on a ring of n, as one or two pieces of the line 0 … n. */
function arcs(offset: number, length: number, n: number): [number, number][] {
  const end = offset + length;
  const pieces: [number, number][] = [[offset, Math.min(end, n)]];
  if (end > n) pieces.push([0, Math.min(end - n, offset)]);
  return pieces;
}

function drawHistograms(canvas: Canvas, { histograms, inputs }: Figure1Tables): void {
  const left = 440;
  const width = 196;
  writeLetter(canvas, "d", 356, lowerTop - 14);
  canvas.write("Fan-in distributions", 374, lowerTop - 14);
  const labels = histograms.map((row) => methodStyle(row.structure).label);
  const rows = histograms.length;
  const axes = canvas.panel(
    { left, top: lowerTop, width, height: lowerHeight },
    { type: "log", range: [0, Math.log10(inputs * 1.15)], tickvals: [1, 3, 10, 30, 100, 300, 1000] },
    {
      range: [rows - 0.75, -1.05],
      tickvals: labels.map((_, i) => i - 0.25),
      ticktext: labels,
      showgrid: false,
      ticks: "",
    },
  );
  histograms.forEach((row, index) => {
    const { x, y } = ridge(row.fanIn, index);
    const { color, label: name } = methodStyle(row.structure);
    const line = { color, width: 1.2, simplify: false };
    const fill = { fill: "toself", fillcolor: mix(color, "#FFFFFF", 0.6) };
    canvas.traces.push({ type: "scatter", mode: "lines", x, y, ...axes, line, ...fill, name, hoverinfo: "name" });
    const at = lowerTop + ((index - 0.25 + 1.05) / (rows + 0.3)) * lowerHeight;
    canvas.write(coefficientOfVariation(row.fanIn).toFixed(2), 682, at, {
      xanchor: "right",
      font: { size: fontSize.tick },
    });
  });
  canvas.write("CV", 682, lowerTop - 14, { xanchor: "right", font: { size: fontSize.tick } });
  canvas.write("fan-in", left + width / 2, lowerTop + lowerHeight + 28, { xanchor: "center" });
}

/** The outline of a histogram with bins of equal log width (whole numbers each), standing on line `row`, 0.9 high. */
function ridge(fanIn: FanInRow["fanIn"], row: number): { x: number[]; y: number[] } {
  const most = Math.max(1, ...fanIn);
  const edges = [0.5];
  for (let j = 0; edges[edges.length - 1] < most; j++) {
    const edge = Math.round(10 ** (j / 14)) + 0.5;
    if (edge > edges[edges.length - 1]) edges.push(edge);
  }
  const density = edges.slice(1).map((edge, bin) => {
    const count = Array.from(fanIn).filter((k) => k > edges[bin] && k <= edge).length;
    return count / Math.log(edge / edges[bin]);
  });
  const highest = Math.max(...density);
  const x = [Math.max(1, edges[0])];
  const y = [row];
  density.forEach((value, bin) => {
    const level = Number((row - (0.9 * value) / highest).toFixed(4));
    x.push(Math.max(1, edges[bin]), edges[bin + 1]);
    y.push(level, level);
  });
  x.push(edges[edges.length - 1]);
  y.push(row);
  return { x, y };
}

function coefficientOfVariation(fanIn: FanInRow["fanIn"]): number {
  const counts = Array.from(fanIn);
  const mean = counts.reduce((sum, k) => sum + k, 0) / counts.length;
  const variance = counts.reduce((sum, k) => sum + (k - mean) ** 2, 0) / counts.length;
  return Math.sqrt(variance) / mean;
}
