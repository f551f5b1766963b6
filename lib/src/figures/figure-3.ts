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
import { drawLegend, legendHeight, markerOf } from "./legend";
import { columnWidth, compareMethods, methodStyle, mix } from "./theme";

/** Test accuracy (0 … 1), or its paired difference to ERK (−1 … 1), of RigL from one start. */
export interface RiglRow extends Estimate {
  readonly dataset: string;
  /** 0 … 1; of a dense network it is not read. */
  readonly sparsity: number;
  /** "ERK", "random", "lognormal CV 1", …, or "dense" for the dense network: see {@link methodStyle}. */
  readonly start: string;
}

/** What else Figure 3 can be told. */
export interface Figure3Options extends FigureOptions {
  /** Differences to ERK paired by seed, for the lower panels. */
  readonly differences?: readonly RiglRow[];
  /** How the intervals were made, for the caption. */
  readonly interval?: string;
}

const left = 58;
const gapX = 62;
const gapY = 72;
const upperHeight = 176;
const lowerHeight = 110;
const innerGap = 14;

/** Figure 3: accuracy of RigL by sparsity and start, a panel for each data set, and below it the gain over ERK. */
export function figure3(rows: readonly RiglRow[], options: Figure3Options = {}): Figure {
  const differences = (options.differences ?? []).filter((row) => row.start.toLowerCase() !== "erk");
  checkEstimates("figure3", rows, 1);
  if (differences.length > 0) checkEstimates("figure3: differences", differences, 1);
  const sparse = rows.filter((row) => row.start !== "dense");
  const datasets = distinct(rows.map((row) => row.dataset));
  const sparsities = distinct(sparse.map((row) => row.sparsity)).sort((a, b) => a - b);
  const starts = distinct(sparse.map((row) => row.start)).sort(compareMethods);
  const across = Math.min(2, datasets.length);
  const width = across === 1 ? 480 : columnWidth.double;
  const legend = [...starts, ...(rows.some((row) => row.start === "dense") ? ["dense"] : [])];
  const perLine = across === 1 ? 3 : 4;
  const top = 52 + legendHeight(legend.length, perLine);
  const block = upperHeight + (differences.length > 0 ? innerGap + lowerHeight : 0);
  const lines = Math.ceil(datasets.length / across);
  const height = top + lines * (block + gapY) - gapY + 46;
  const canvas = createCanvas(width, height);
  const panelWidth = (width - left - 14 - (across - 1) * gapX) / across;
  datasets.forEach((dataset, index) => {
    const box = {
      left: left + (index % across) * (panelWidth + gapX),
      top: top + Math.floor(index / across) * (block + gapY),
      width: panelWidth,
      height: upperHeight,
    };
    const of = (table: readonly RiglRow[]): RiglRow[] => table.filter((row) => row.dataset === dataset);
    drawDataset(canvas, box, { rows: of(rows), differences: of(differences), sparsities, starts });
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, box.left, box.top - 11);
    canvas.write("sparsity (%)", box.left + box.width / 2, box.top + block + 29, { xanchor: "center" });
  });
  drawLegend(canvas, legend, { left, top: 20, width: width - left - 14, perLine, markers: true });
  writeNote(canvas, options.note, width - 8);
  return {
    name: "figure-3",
    data: canvas.traces,
    layout: canvas.layout(),
    caption: caption(rows, differences, datasets, options.interval ?? defaultInterval),
    alt: describe(sparse, datasets, sparsities),
  };
}

interface DatasetPanel {
  readonly rows: readonly RiglRow[];
  readonly differences: readonly RiglRow[];
  readonly sparsities: readonly number[];
  readonly starts: readonly string[];
}

function drawDataset(canvas: Canvas, box: Box, panel: DatasetPanel): void {
  const { rows, differences, sparsities, starts } = panel;
  const hasLower = differences.length > 0;
  const ticks = {
    range: [-0.5, sparsities.length - 0.5],
    tickvals: sparsities.map((_, i) => i),
    ticktext: sparsities.map((sparsity) => String(Number((sparsity * 100).toFixed(3)))),
    showgrid: false,
  };
  const upper = canvas.panel(box, { ...ticks, showticklabels: !hasLower }, { range: padded(rows), nticks: 6 });
  writeAxisTitle(canvas, "test accuracy (%)", box);
  const dense = rows.find((row) => row.start === "dense");
  if (dense) drawDense(canvas, upper, dense, sparsities.length);
  drawStarts(canvas, upper, { rows, sparsities, starts }, { mode: "lines+markers", spread: 0.2 });
  if (!hasLower) return;
  const lowerBox = { ...box, top: box.top + box.height + innerGap, height: lowerHeight };
  const lower = canvas.panel(lowerBox, ticks, { range: padded([...differences, nothing]), nticks: 5 });
  writeAxisTitle(canvas, "gain over ERK (pp)", lowerBox);
  const others = starts.filter((start) => start.toLowerCase() !== "erk");
  const line = { color: methodStyle("erk").color, width: 1.4, dash: methodStyle("erk").dash };
  canvas.shape({ ...across(lower, sparsities.length), y0: 0, y1: 0, type: "line", line });
  drawStarts(canvas, lower, { rows: differences, sparsities, starts: others }, { mode: "markers", spread: 0.62 });
}

const nothing: Estimate = { mean: 0, low: 0, high: 0, n: 1 };

/** Where a horizontal line or band of a panel runs: over its whole width, above the grid and below the data. */
const across = (axes: PanelAxes, levels: number): Record<string, unknown> => ({
  xref: axes.xaxis,
  yref: axes.yaxis,
  x0: -0.5,
  x1: levels - 0.5,
  layer: "between",
});

function padded(rows: readonly Estimate[]): [number, number] {
  const [low, high] = extent(rows);
  const pad = 0.07 * Math.max(high - low, 0.001);
  return [100 * (low - pad), 100 * (high + pad)];
}

function writeAxisTitle(canvas: Canvas, text: string, box: Box): void {
  canvas.write(text, box.left - 42, box.top + box.height / 2, { xanchor: "center", textangle: -90 });
}

function drawDense(canvas: Canvas, axes: PanelAxes, dense: Estimate, levels: number): void {
  const { color, dash } = methodStyle("dense");
  if (Number.isFinite(dense.low) && Number.isFinite(dense.high)) {
    const band = { fillcolor: mix(color, "#FFFFFF", 0.85), line: { width: 0 } };
    canvas.shape({ type: "rect", ...across(axes, levels), y0: dense.low * 100, y1: dense.high * 100, ...band });
  }
  const y = dense.mean * 100;
  canvas.shape({ type: "line", ...across(axes, levels), y0: y, y1: y, line: { color, width: 1.4, dash } });
}

/** How the starts of one panel are drawn; `spread` is how wide they stand, 1 being the distance of two sparsities. */
interface StartLook {
  readonly mode: "lines+markers" | "markers";
  readonly spread: number;
}

/** One line a start; the starts stand side by side at each sparsity, so that no bar hides another. */
function drawStarts(canvas: Canvas, axes: PanelAxes, panel: Omit<DatasetPanel, "differences">, look: StartLook): void {
  const { rows, sparsities, starts } = panel;
  const step = Math.min(look.spread / 5, look.spread / starts.length);
  starts.forEach((start, index) => {
    const own = sparsities.flatMap((sparsity) =>
      rows.filter((row) => row.start === start && row.sparsity === sparsity),
    );
    if (own.length === 0) return;
    const { color, dash, label } = methodStyle(start);
    const shift = (index - (starts.length - 1) / 2) * step;
    canvas.traces.push({
      type: "scatter",
      mode: look.mode,
      x: own.map((row) => sparsities.indexOf(row.sparsity) + shift),
      y: own.map((row) => row.mean * 100),
      ...axes,
      ...(look.mode === "markers" ? {} : { line: { color, dash, width: 1.3 } }),
      marker: markerOf(start, 6.5),
      error_y: errorBars(own, 100, color),
      name: label,
      hovertemplate: "%{y:.2f}",
    });
  });
}

function caption(
  rows: readonly RiglRow[],
  differences: readonly RiglRow[],
  datasets: readonly string[],
  interval: string,
): string {
  const lower =
    differences.length > 0
      ? " Lower panels: the same runs as differences to the ERK start (percentage points), paired by seed."
      : "";
  return (
    `Test accuracy of RigL by sparsity and by the topology it starts from, on ${datasets.map(datasetLabel).join(", ")}; starts are shifted sideways so that no bar hides another. ` +
    `Black: the dense network.${lower} ${describeBars([...rows, ...differences], interval)}`
  );
}

function describe(rows: readonly RiglRow[], datasets: readonly string[], sparsities: readonly number[]): string {
  const cells = datasets.flatMap((dataset) =>
    sparsities.flatMap((sparsity) => {
      const here = rows.filter((row) => row.dataset === dataset && row.sparsity === sparsity);
      if (here.length === 0) return [];
      const values = here.map((row) => `${methodStyle(row.start).label} ${(row.mean * 100).toFixed(1)}`);
      return [`${datasetLabel(dataset)} at ${percent(sparsity)}: ${values.join(", ")}`];
    }),
  );
  return `Line plots with error bars of test accuracy in per cent against sparsity, a line for each start of RigL. ${cells.join("; ")}.`;
}
