import { type Canvas, createCanvas, type PanelAxes, writeNote } from "./canvas";
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
const top = 66;
const gap = { x: 14, y: 52 };
const rowHeight = 17;

/** Figure 2: accuracy of every static structure, a panel for each data set (down) and sparsity (across). */
export function figure2(rows: readonly StaticAccuracyRow[], options: Figure2Options = {}): Figure {
  checkEstimates("figure2", rows, 1);
  const sparse = rows.filter((row) => row.structure !== "dense");
  const datasets = distinct(rows.map((row) => row.dataset));
  const sparsities = distinct(sparse.map((row) => row.sparsity)).sort((a, b) => a - b);
  const structures = distinct(sparse.map((row) => row.structure)).sort(compareMethods);
  const width = sparsities.length === 1 ? 420 : columnWidth.double;
  const panelHeight = structures.length * rowHeight + 10;
  const height = top + datasets.length * (panelHeight + gap.y) - gap.y + 48;
  const canvas = createCanvas(width, height);
  const panelWidth = (width - left - right - (sparsities.length - 1) * gap.x) / sparsities.length;
  datasets.forEach((dataset, line) => {
    sparsities.forEach((sparsity, column) => {
      const box = {
        left: left + column * (panelWidth + gap.x),
        top: top + line * (panelHeight + gap.y),
        width: panelWidth,
        height: panelHeight,
      };
      const panelRows = sparse.filter((row) => row.dataset === dataset && row.sparsity === sparsity);
      const dense = rows.find((row) => row.dataset === dataset && row.structure === "dense");
      drawPanel(canvas, box, { rows: panelRows, dense, structures, showLabels: column === 0 });
      canvas.write(`${percent(sparsity)} sparse`, box.left + box.width / 2, box.top - 9, { xanchor: "center" });
    });
    const heading = `<b>${datasetLabel(dataset)}</b>`;
    canvas.write(heading, 6, top + line * (panelHeight + gap.y) - 9);
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
      "all with the same number of connections at one sparsity. Vertical line and band: uniform random mask (grey, dashed) and dense network (black, solid; an arrow where it lies outside). " +
      `${describeBars(rows, options.interval ?? defaultInterval)} Scales differ between panels.`,
    alt: describe(sparse, rows, datasets, sparsities),
  };
}

interface Panel {
  readonly rows: readonly StaticAccuracyRow[];
  readonly dense: StaticAccuracyRow | undefined;
  readonly structures: readonly string[];
  readonly showLabels: boolean;
}

function drawPanel(canvas: Canvas, box: Parameters<Canvas["panel"]>[0], panel: Panel): void {
  const { rows, dense, structures, showLabels } = panel;
  if (rows.length === 0) {
    canvas.write("no runs", box.left + box.width / 2, box.top + box.height / 2, { xanchor: "center" });
  }
  const range = accuracyRange(rows, dense);
  const axes = canvas.panel(
    box,
    { range: [...range], nticks: Math.max(3, Math.floor(box.width / 50)) },
    {
      range: [structures.length - 0.2, -0.8],
      tickvals: structures.map((_, i) => i),
      ticktext: structures.map((structure) => methodStyle(structure).label),
      showticklabels: showLabels,
      ticks: "",
    },
  );
  const random = rows.find((row) => row.structure === "random");
  if (random) drawReference(canvas, axes, random, grey.axis, "4px,3px");
  if (dense) {
    if (dense.mean * 100 > range[1]) pointBeyond(canvas, axes, dense, range[1], structures.length - 0.62);
    else drawReference(canvas, axes, dense, "#000000", "solid");
  }
  structures.forEach((structure, index) => {
    const own = rows.filter((row) => row.structure === structure);
    const { color, symbol, label } = methodStyle(structure);
    const marker = { color, symbol, size: 7, line: { color, width: symbol.endsWith("-open") ? 1.6 : 0 } };
    canvas.traces.push({
      type: "scatter",
      mode: "markers",
      x: own.map((row) => row.mean * 100),
      y: own.map(() => index),
      ...axes,
      marker,
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

function drawReference(canvas: Canvas, axes: PanelAxes, row: Estimate, color: string, dash: string): void {
  const place = { xref: axes.xaxis, yref: `${axes.yaxis} domain`, y0: 0, y1: 1, layer: "below" };
  if (Number.isFinite(row.low) && Number.isFinite(row.high)) {
    const band = { fillcolor: color, opacity: 0.14, line: { width: 0 } };
    canvas.shape({ type: "rect", x0: row.low * 100, x1: row.high * 100, ...place, ...band });
  }
  const x = row.mean * 100;
  canvas.shape({ type: "line", x0: x, x1: x, ...place, line: { color, width: 1.2, dash } });
}

function pointBeyond(canvas: Canvas, axes: PanelAxes, dense: Estimate, x: number, y: number): void {
  const text = `dense ${(dense.mean * 100).toFixed(1)} →`;
  const font = { size: fontSize.tick };
  canvas.annotate({ text, xref: axes.xaxis, yref: axes.yaxis, x, y, xanchor: "right", yanchor: "middle", font });
}

/** What the two vertical lines are, above the panels. */
function drawKey(canvas: Canvas, rows: readonly StaticAccuracyRow[]): void {
  const hasDense = rows.some((row) => row.structure === "dense");
  const hasRandom = rows.some((row) => row.structure === "random");
  const entries = [
    ...(hasDense ? [{ text: "dense", color: "#000000", dash: "solid" }] : []),
    ...(hasRandom ? [{ text: "random mask", color: grey.axis, dash: "4px,3px" }] : []),
  ];
  entries.forEach(({ text, color, dash }, index) => {
    const x = left + index * 90;
    const line = { color, width: 1.4, dash };
    const place = { type: "line", xref: "paper", yref: "paper", xsizemode: "pixel", ysizemode: "pixel" };
    const anchors = { xanchor: 0, yanchor: 1, x0: x, x1: x + 22, y0: -22, y1: -22 };
    canvas.shape({ ...place, ...anchors, line });
    canvas.write(text, x + 27, 22);
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
