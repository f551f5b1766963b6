import { accuracyAxis, accuracyBars, errorOf } from "./accuracy-axis";
import { type Box, type Canvas, createCanvas, type PanelAxes, writeNote } from "./canvas";
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
} from "./estimate";
import { describeProtocol, type Figure, type FigureOptions, figureName } from "./figure";
import { writeMissing } from "./forest";
import { drawLegend, type LegendEntry, legendEntries, legendHeight, markerOf } from "./legend";
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
  /** How the intervals were made, for the caption. */
  readonly interval?: string;
}

const left = 56;
const gap = { x: 58, y: 70 };
const panelHeight = 190;

/** Figure 3: accuracy of RigL by sparsity and start, a panel for each data set. */
export function figure3(rows: readonly RiglRow[], options: Figure3Options = {}): Figure {
  checkEstimates("figure3", rows, 1);
  const sparse = rows.filter((row) => row.start !== "dense");
  const datasets = distinct(rows.map((row) => row.dataset));
  const sparsities = distinct(sparse.map((row) => row.sparsity)).sort((a, b) => a - b);
  const starts = distinct(sparse.map((row) => row.start)).sort(compareMethods);
  const across = Math.min(2, datasets.length);
  const width = across === 1 ? 480 : columnWidth.double;
  const legend = legendOf(rows, starts);
  const legendWidth = width - left - 10;
  const top = 54 + legendHeight(legend, legendWidth);
  const lines = Math.ceil(datasets.length / across);
  const canvas = createCanvas(width, top + lines * (panelHeight + gap.y) - gap.y + 44);
  const panelWidth = (width - left - 14 - (across - 1) * gap.x) / across;
  datasets.forEach((dataset, index) => {
    const box = {
      left: left + (index % across) * (panelWidth + gap.x),
      top: top + Math.floor(index / across) * (panelHeight + gap.y),
      width: panelWidth,
      height: panelHeight,
    };
    const own = rows.filter((row) => row.dataset === dataset);
    drawDataset(canvas, box, { rows: own, sparsities, starts });
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, box.left, box.top - 11);
  });
  drawLegend(canvas, legend, { left, top: 20, width: legendWidth });
  writeNote(canvas, options.note, width - 8);
  return {
    name: figureName("figure-3", options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption:
      `Test accuracy of RigL by sparsity and by the topology it starts from, on ${enumerate(datasets.map(datasetLabel))}; starts are shifted sideways so that no bar hides another. ` +
      `Black: the dense network. ${describeBars(rows, options.interval ?? defaultInterval)} Scales are logarithmic in the error, and differ between panels.${describeProtocol(options)}`,
    alt: describe(rows, datasets, sparsities),
  };
}

function legendOf(rows: readonly RiglRow[], starts: readonly string[]): LegendEntry[] {
  const hasDense = rows.some((row) => row.start === "dense");
  return legendEntries([...(hasDense ? ["dense"] : []), ...starts], { line: true, marker: true });
}

interface DatasetPanel {
  readonly rows: readonly RiglRow[];
  readonly sparsities: readonly number[];
  readonly starts: readonly string[];
}

function drawDataset(canvas: Canvas, box: Box, panel: DatasetPanel): void {
  const { rows, sparsities } = panel;
  const axes = canvas.panel(
    box,
    {
      range: [-0.5, sparsities.length - 0.5],
      tickvals: sparsities.map((_, i) => i),
      ticktext: sparsities.map(percentTick),
      showgrid: false,
    },
    accuracyAxis(rows, panelHeight),
  );
  canvas.write("test accuracy (%)", box.left - 42, box.top + box.height / 2, { xanchor: "center", textangle: -90 });
  canvas.write("sparsity (%)", box.left + box.width / 2, box.top + box.height + 29, { xanchor: "center" });
  const dense = rows.find((row) => row.start === "dense");
  if (dense) drawDense(canvas, axes, dense, sparsities.length);
  drawStarts(canvas, axes, panel);
  if (rows.every((row) => row.start === "dense")) writeMissing(canvas, box, axes);
}

function drawDense(canvas: Canvas, axes: PanelAxes, dense: Estimate, levels: number): void {
  const { color, dash } = methodStyle("dense");
  const place = { xref: axes.xaxis, yref: axes.yaxis, x0: -0.5, x1: levels - 0.5, layer: "between" };
  if (Number.isFinite(dense.low) && Number.isFinite(dense.high)) {
    const band = { fillcolor: mix(color, "#FFFFFF", 0.85), line: { width: 0 } };
    canvas.shape({
      type: "rect",
      ...place,
      y0: errorOf(dense.low),
      y1: errorOf(Math.min(dense.high, 0.9999)),
      ...band,
    });
  }
  const y = errorOf(dense.mean);
  canvas.shape({ type: "line", ...place, y0: y, y1: y, line: { color, width: 1.4, dash } });
}

/** How wide the starts of one sparsity stand, 1 being the distance of two sparsities. */
const spread = 0.46;

/** One line a start; the starts stand side by side at each sparsity, so that no bar hides another. */
function drawStarts(canvas: Canvas, axes: PanelAxes, { rows, sparsities, starts }: DatasetPanel): void {
  const step = Math.min(spread / 5, spread / starts.length);
  starts.forEach((start, index) => {
    const own = sparsities.flatMap((sparsity) =>
      rows.filter((row) => row.start === start && row.sparsity === sparsity),
    );
    if (own.length === 0) return;
    const style = methodStyle(start);
    const shift = (index - (starts.length - 1) / 2) * step;
    canvas.traces.push({
      type: "scatter",
      mode: "lines+markers",
      x: own.map((row) => sparsities.indexOf(row.sparsity) + shift),
      y: own.map((row) => errorOf(row.mean)),
      text: own.map((row) => `${(100 * row.mean).toFixed(2)} %`),
      ...axes,
      line: { color: style.color, dash: style.dash, width: 0.9 },
      marker: markerOf(style, 6),
      error_y: accuracyBars(own, style.color),
      name: style.label,
      hovertemplate: "%{text}",
    });
  });
}

function describe(rows: readonly RiglRow[], datasets: readonly string[], sparsities: readonly number[]): string {
  const cells = datasets.flatMap((dataset) => {
    const own = rows.filter((row) => row.dataset === dataset);
    const value = (row: RiglRow): string => `${methodStyle(row.start).label} ${(row.mean * 100).toFixed(1)}`;
    const dense = own.filter((row) => row.start === "dense").map((row) => `${datasetLabel(dataset)}, ${value(row)}`);
    const levels = sparsities.flatMap((sparsity) => {
      const here = own.filter((row) => row.start !== "dense" && row.sparsity === sparsity);
      return here.length > 0 ? [`${datasetLabel(dataset)} at ${percent(sparsity)}: ${here.map(value).join(", ")}`] : [];
    });
    return [...dense, ...levels];
  });
  return `Line plots with error bars of test accuracy in per cent against sparsity, a line for each start of RigL. ${cells.join("; ")}.`;
}
