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
import { columnWidth, compareMethods, fontSize, grey, methodStyle, mix } from "./theme";

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
  const width = across === 1 ? 440 : columnWidth.double;
  const legendLines = Math.ceil((starts.length + 1) / (across === 1 ? 3 : 4));
  const top = 46 + legendLines * 17;
  const block = upperHeight + (differences.length > 0 ? innerGap + lowerHeight : 0);
  const lines = Math.ceil(datasets.length / across);
  const height = top + lines * (block + 58) - 58 + 46;
  const canvas = createCanvas(width, height);
  const panelWidth = (width - left - 14 - (across - 1) * gapX) / across;
  datasets.forEach((dataset, index) => {
    const box = {
      left: left + (index % across) * (panelWidth + gapX),
      top: top + Math.floor(index / across) * (block + 58),
      width: panelWidth,
      height: upperHeight,
    };
    const of = (table: readonly RiglRow[]): RiglRow[] => table.filter((row) => row.dataset === dataset);
    drawDataset(canvas, box, { rows: of(rows), differences: of(differences), sparsities, starts });
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, box.left, box.top - 11);
    canvas.write("sparsity (%)", box.left + box.width / 2, box.top + block + 29, { xanchor: "center" });
  });
  drawLegend(
    canvas,
    starts,
    rows.some((row) => row.start === "dense"),
    across === 1 ? 3 : 4,
  );
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
  if (dense) drawDense(canvas, upper, dense);
  drawStarts(canvas, upper, { rows, sparsities, starts });
  if (!hasLower) return;
  const lowerBox = { ...box, top: box.top + box.height + innerGap, height: lowerHeight };
  const lower = canvas.panel(lowerBox, ticks, { range: padded([...differences, nothing]), nticks: 5 });
  writeAxisTitle(canvas, "gain over ERK (pp)", lowerBox);
  const line = { color: methodStyle("erk").color, width: 1.4, dash: methodStyle("erk").dash };
  canvas.shape({ ...across(lower), y0: 0, y1: 0, type: "line", line });
  drawStarts(canvas, lower, { rows: differences, sparsities, starts });
}

const nothing: Estimate = { mean: 0, low: 0, high: 0, n: 1 };

const across = (axes: PanelAxes): Record<string, unknown> => ({
  xref: `${axes.xaxis} domain`,
  yref: axes.yaxis,
  x0: 0,
  x1: 1,
  layer: "below",
});

function padded(rows: readonly Estimate[]): [number, number] {
  const [low, high] = extent(rows);
  const pad = 0.07 * Math.max(high - low, 0.001);
  return [100 * (low - pad), 100 * (high + pad)];
}

function writeAxisTitle(canvas: Canvas, text: string, box: Box): void {
  canvas.write(text, box.left - 42, box.top + box.height / 2, { xanchor: "center", textangle: -90 });
}

function drawDense(canvas: Canvas, axes: PanelAxes, dense: Estimate): void {
  const { color, dash } = methodStyle("dense");
  if (Number.isFinite(dense.low) && Number.isFinite(dense.high)) {
    const band = { fillcolor: mix(color, "#FFFFFF", 0.85), line: { width: 0 } };
    canvas.shape({ type: "rect", ...across(axes), y0: dense.low * 100, y1: dense.high * 100, ...band });
  }
  const y = dense.mean * 100;
  canvas.shape({ type: "line", ...across(axes), y0: y, y1: y, line: { color, width: 1.4, dash } });
}

/** One line a start; the starts stand side by side at each sparsity, so that no bar hides another. */
function drawStarts(canvas: Canvas, axes: PanelAxes, panel: Omit<DatasetPanel, "differences">): void {
  const { rows, sparsities, starts } = panel;
  const step = Math.min(0.11, 0.66 / starts.length);
  starts.forEach((start, index) => {
    const own = sparsities.flatMap((sparsity) =>
      rows.filter((row) => row.start === start && row.sparsity === sparsity),
    );
    if (own.length === 0) return;
    const { color, dash, symbol, label } = methodStyle(start);
    const shift = (index - (starts.length - 1) / 2) * step;
    canvas.traces.push({
      type: "scatter",
      mode: "lines+markers",
      x: own.map((row) => sparsities.indexOf(row.sparsity) + shift),
      y: own.map((row) => row.mean * 100),
      ...axes,
      line: { color, dash, width: 1.3 },
      marker: { color, symbol, size: 6.5, line: { color, width: symbol.endsWith("-open") ? 1.5 : 0 } },
      error_y: errorBars(own, 100, color),
      name: label,
      hovertemplate: "%{y:.2f}",
    });
  });
}

/** Drawn by hand: Plotly's own legend moves the panels and cuts dashes short. */
function drawLegend(canvas: Canvas, starts: readonly string[], hasDense: boolean, perLine: number): void {
  const entries = [...starts, ...(hasDense ? ["dense"] : [])];
  const axes = canvas.panel(
    { left: left, top: 22, width: 380, height: 17 * Math.ceil(entries.length / perLine) },
    { visible: false, range: [0, 380], fixedrange: true },
    { visible: false, range: [17 * Math.ceil(entries.length / perLine), 0], fixedrange: true },
  );
  entries.forEach((method, index) => {
    const x = (index % perLine) * 128;
    const y = Math.floor(index / perLine) * 17 + 8;
    const { color, dash, symbol, label } = methodStyle(method);
    const marker = { color, symbol, size: 6.5, line: { color, width: symbol.endsWith("-open") ? 1.5 : 0 } };
    canvas.traces.push({
      type: "scatter",
      mode: method === "dense" ? "lines" : "lines+markers",
      x: [x, x + 15, x + 30],
      y: [y, y, y],
      ...axes,
      line: { color, dash, width: 1.4 },
      marker: method === "dense" ? {} : { ...marker, opacity: [0, 1, 0] },
      hoverinfo: "skip",
      cliponaxis: false,
    });
    canvas.write(label, left + x + 36, 22 + y, { font: { size: fontSize.text, color: grey.text } });
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
