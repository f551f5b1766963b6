import { type Box, type Canvas, createCanvas, type PanelAxes, writeNote } from "./canvas";
import {
  checkEstimates,
  datasetLabel,
  defaultInterval,
  describeBars,
  distinct,
  type Estimate,
  errorBars,
  extent,
  percent,
} from "./estimate";
import type { Figure, FigureOptions } from "./figure";
import { markerOf } from "./legend";
import { columnWidth, compareMethods, fontSize, grey, methodStyle } from "./theme";

/** Test accuracy (0 … 1) of one structure on one data set at one sparsity (0 … 1). */
export interface StaticAccuracyRow extends Estimate {
  readonly dataset: string;
  /** Of a dense network it is not read: its rows stand in every panel of their data set. */
  readonly sparsity: number;
  /** "dense", "random", "constant", "lognormal CV 0.5", …: see {@link methodStyle}. */
  readonly structure: string;
}

/** What else Figure 2 can be told. */
export interface Figure2Options extends FigureOptions {
  /** How the intervals were made, for the caption. */
  readonly interval?: string;
}

const left = 116;
const right = 12;
const top = 86;
const gap = { x: 14, y: 66 };
const rowHeight = 17;

/** Figure 2: accuracy of every static structure, a panel for each data set (down) and sparsity (across). */
export function figure2(rows: readonly StaticAccuracyRow[], options: Figure2Options = {}): Figure {
  checkEstimates("figure2", rows, 1);
  const sparse = rows.filter((row) => row.structure !== "dense");
  const datasets = distinct(rows.map((row) => row.dataset));
  const sparsities = distinct(sparse.map((row) => row.sparsity)).sort((a, b) => a - b);
  const structures = distinct(sparse.map((row) => row.structure)).sort(compareMethods);
  const width = sparsities.length === 1 ? 420 : columnWidth.double;
  const panels = datasets.flatMap((dataset, line) =>
    sparsities.map((sparsity, column): Panel => {
      const dense = rows.find((row) => row.dataset === dataset && row.structure === "dense");
      const own = sparse.filter((row) => row.dataset === dataset && row.sparsity === sparsity);
      return { line, column, sparsity, rows: own, dense, range: accuracyRange(own, dense) };
    }),
  );
  const hasArrow = panels.some(({ dense, range }) => dense !== undefined && isOutside(dense, range));
  const lines = structures.length + (hasArrow ? 1 : 0);
  const panelHeight = lines * rowHeight + 10;
  const height = top + datasets.length * (panelHeight + gap.y) - gap.y + 48;
  const canvas = createCanvas(width, height);
  const panelWidth = (width - left - right - (sparsities.length - 1) * gap.x) / sparsities.length;
  for (const panel of panels) {
    const box = {
      left: left + panel.column * (panelWidth + gap.x),
      top: top + panel.line * (panelHeight + gap.y),
      width: panelWidth,
      height: panelHeight,
    };
    drawPanel(canvas, box, panel, { structures, lines });
    canvas.write(`${percent(panel.sparsity)} sparse`, box.left + box.width / 2, box.top - 9, { xanchor: "center" });
  }
  datasets.forEach((dataset, line) => {
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, left, top + line * (panelHeight + gap.y) - 26);
  });
  drawKey(canvas, rows);
  writeNote(canvas, options.note, width - 8);
  canvas.write("test accuracy (%)", left + (width - left - right) / 2, height - 12, { xanchor: "center" });
  return {
    name: "figure-2",
    data: canvas.traces,
    layout: canvas.layout(),
    caption:
      `Test accuracy of fixed masks by their structure, on ${datasets.map(datasetLabel).join(", ")} at ${sparsities.map(percent).join(", ")} sparsity, ` +
      "all with the same number of connections at one sparsity. Vertical lines: uniform random mask (dashed) and dense network (solid, with its band; an arrow where it lies outside). " +
      `${describeBars(rows, options.interval ?? defaultInterval)} Scales differ between panels.`,
    alt: describe(sparse, rows, datasets, sparsities),
  };
}

/** One data set at one sparsity: where it stands in the figure, what it shows, and its range in per cent. */
interface Panel {
  readonly line: number;
  readonly column: number;
  readonly sparsity: number;
  readonly rows: readonly StaticAccuracyRow[];
  readonly dense: StaticAccuracyRow | undefined;
  readonly range: readonly [number, number];
}

function drawPanel(
  canvas: Canvas,
  box: Box,
  { column, rows, dense, range }: Panel,
  { structures, lines }: { readonly structures: readonly string[]; readonly lines: number },
): void {
  if (rows.length === 0) {
    canvas.write("no runs", box.left + box.width / 2, box.top + box.height / 2, { xanchor: "center" });
  }
  const axes = canvas.panel(
    box,
    { range: [...range], tickvals: ticksInside(range, box.width) },
    {
      range: [lines - 0.2, -0.8],
      tickvals: structures.map((_, i) => i),
      ticktext: structures.map((structure) => methodStyle(structure).label),
      showticklabels: column === 0,
      ticks: "",
    },
  );
  const random = rows.find((row) => row.structure === "random");
  if (random) drawReference(canvas, axes, random, lines - 0.2, randomLine);
  if (dense) {
    if (isOutside(dense, range)) pointOutside(canvas, axes, dense, range, lines - 1);
    else drawReference(canvas, axes, dense, lines - 0.2, denseLine);
  }
  structures.forEach((structure, index) => {
    const own = rows.filter((row) => row.structure === structure);
    const { color, label } = methodStyle(structure);
    canvas.traces.push({
      type: "scatter",
      mode: "markers",
      x: own.map((row) => row.mean * 100),
      y: own.map(() => index),
      ...axes,
      marker: markerOf(structure, 7),
      error_x: errorBars(own, 100, color),
      name: label,
      hovertemplate: "%{x:.2f} %",
    });
  });
}

/** Holds every structure, and the dense network too unless that would squeeze the others into a third. */
function accuracyRange(rows: readonly Estimate[], dense: Estimate | undefined): readonly [number, number] {
  if (rows.length === 0) return dense ? [dense.mean * 100 - 1, dense.mean * 100 + 1] : [0, 100];
  const own = extent(rows);
  const all = dense ? extent([...rows, dense]) : own;
  const span = Math.max(own[1] - own[0], 0.002);
  const [low, high] = all[1] - all[0] > 3 * span ? own : all;
  const pad = 0.08 * Math.max(high - low, 0.002);
  return [100 * (low - pad), 100 * (high + pad)];
}

interface ReferenceLine {
  readonly color: string;
  readonly dash: string;
}

const denseLine: ReferenceLine = { color: "#000000", dash: "solid" };
const randomLine: ReferenceLine = { color: grey.axis, dash: "4px,3px" };

function drawReference(canvas: Canvas, axes: PanelAxes, row: Estimate, bottom: number, line: ReferenceLine): void {
  const place = { xref: axes.xaxis, yref: axes.yaxis, y0: -0.8, y1: bottom, layer: "between" };
  // The random mask has a bar of its own; a second band would only blur the dense network's.
  if (line === denseLine && Number.isFinite(row.low) && Number.isFinite(row.high)) {
    const band = { fillcolor: line.color, opacity: 0.12, line: { width: 0 } };
    canvas.shape({ type: "rect", x0: row.low * 100, x1: row.high * 100, ...place, ...band });
  }
  const x = row.mean * 100;
  canvas.shape({ type: "line", x0: x, x1: x, ...place, line: { ...line, width: 1.2 } });
}

const isOutside = (row: Estimate, [low, high]: readonly [number, number]): boolean =>
  row.mean * 100 < low || row.mean * 100 > high;

function pointOutside(
  canvas: Canvas,
  axes: PanelAxes,
  dense: Estimate,
  [low, high]: readonly [number, number],
  y: number,
): void {
  const value = `dense ${(dense.mean * 100).toFixed(1)}`;
  const isAbove = dense.mean * 100 > high;
  const end = isAbove
    ? { text: `${value} →`, x: high, xanchor: "right" }
    : { text: `← ${value}`, x: low, xanchor: "left" };
  const font = { size: fontSize.tick };
  canvas.annotate({
    ...end,
    xref: axes.xaxis,
    yref: axes.yaxis,
    y,
    yanchor: "middle",
    font,
    bgcolor: "#FFFFFF",
    borderpad: 0,
  });
}

/** Round values of a range drawn `pixels` wide, none so near an end that its label would meet the next panel's. */
function ticksInside([low, high]: readonly [number, number], pixels: number): number[] {
  const margin = (11 * (high - low)) / pixels;
  const inside = (step: number): number[] => {
    const first = Math.ceil((low + margin) / step);
    const last = Math.floor((high - margin) / step);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toFixed(6)));
  };
  const steps = [-3, -2, -1, 0, 1].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
  const fitting = steps.filter((step) => (step / (high - low)) * pixels >= 30).map(inside);
  return fitting.find((ticks) => ticks.length >= 2 && ticks.length <= pixels / 42) ?? fitting[0];
}

/** What the two vertical lines are, above the panels. */
function drawKey(canvas: Canvas, rows: readonly StaticAccuracyRow[]): void {
  const hasDense = rows.some((row) => row.structure === "dense");
  const hasRandom = rows.some((row) => row.structure === "random");
  const entries = [
    ...(hasDense ? [{ text: "dense", ...denseLine }] : []),
    ...(hasRandom ? [{ text: "random mask", ...randomLine }] : []),
  ];
  entries.forEach(({ text, color, dash }, index) => {
    const x = left + index * 90;
    const line = { color, width: 1.4, dash };
    const place = { type: "line", xref: "paper", yref: "paper", xsizemode: "pixel", ysizemode: "pixel" };
    const anchors = { xanchor: 0, yanchor: 1, x0: x, x1: x + 22, y0: -30, y1: -30 };
    canvas.shape({ ...place, ...anchors, line });
    canvas.write(text, x + 27, 30);
  });
}

function describe(
  sparse: readonly StaticAccuracyRow[],
  rows: readonly StaticAccuracyRow[],
  datasets: readonly string[],
  sparsities: readonly number[],
): string {
  const cells = datasets.flatMap((dataset) =>
    sparsities.map((sparsity) => {
      const here = sparse.filter((row) => row.dataset === dataset && row.sparsity === sparsity);
      const means = here.map((row) => row.mean * 100);
      const random = here.find((row) => row.structure === "random");
      const dense = rows.find((row) => row.dataset === dataset && row.structure === "dense");
      const parts = [
        here.length
          ? `structures from ${Math.min(...means).toFixed(1)} to ${Math.max(...means).toFixed(1)} %`
          : "no runs",
        ...(random ? [`random mask ${(random.mean * 100).toFixed(1)} %`] : []),
        ...(dense ? [`dense ${(dense.mean * 100).toFixed(1)} %`] : []),
      ];
      return `${datasetLabel(dataset)} at ${percent(sparsity)}: ${parts.join(", ")}`;
    }),
  );
  return `Dot plots of test accuracy with error bars, one line for each mask structure. ${cells.join("; ")}.`;
}
