import type { Box, Canvas, PanelAxes } from "./canvas";
import { distinct, type Estimate, errorBars } from "./estimate";
import type { GradientNullRow, GradientRow, GradientTimeRow } from "./figure-4";
import { writeMissing } from "./forest";
import { markerOf } from "./legend";
import { compareMethods, grey, methodStyle, mix } from "./theme";
import { logRange, logTicks } from "./ticks";

export const panelHeight = 128;

/** What panels of one figure share. */
export interface CvPanel {
  readonly curve: readonly GradientNullRow[];
  readonly isLow: boolean;
  /** All rows of the figure, for axes that panels share. */
  readonly of: readonly GradientRow[];
}

/** Panels a to c: ratios by fan-in CV, each with its null. */
export function drawByCv(canvas: Canvas, box: Box, rows: readonly GradientRow[], { curve, isLow, of }: CvPanel): void {
  const measure = rows[0]?.measure;
  const highest = Math.max(...of.map((row) => row.cv), ...curve.map((row) => row.cv));
  const values = measure === undefined ? [] : of.filter((row) => row.measure === measure);
  const axes = canvas.panel(
    box,
    { range: [-0.06 * highest, 1.06 * highest], nticks: 6, showgrid: false },
    logAxis(
      values,
      values.map((row) => row.null),
    ),
  );
  if (isLow) canvas.write("fan-in CV", box.left + box.width / 2, box.top + box.height + 29, { xanchor: "center" });
  drawOne(canvas, axes, highest);
  drawNull(canvas, axes, rows, curve);
  for (const structure of distinct(rows.map((row) => row.structure)).sort(compareMethods)) {
    const own = rows.filter((row) => row.structure === structure);
    const style = methodStyle(structure);
    canvas.traces.push({
      type: "scatter",
      mode: "markers",
      x: own.map((row) => row.cv),
      y: own.map((row) => row.mean),
      ...axes,
      marker: markerOf(style, 6.5),
      error_y: errorBars(own, 1, style.color),
      name: style.label,
      hovertemplate: "CV %{x:.2f}: %{y:.2f}",
    });
  }
  if (rows.length === 0) writeMissing(canvas, box, axes);
}

/** A logarithmic axis that holds 0.8 to 1.25 and all ratios, which are as far from 1 as their inverses. */
function logAxis(rows: readonly Estimate[], nulls: readonly number[]): Record<string, unknown> {
  const [from, to] = logRange(rows, [0.8, 1.25, ...nulls]);
  const pad = (to / from) ** 0.06;
  const [low, high] = [from / pad, to * pad];
  const ticks = logTicks([low, high], panelHeight, 20);
  return {
    type: "log",
    range: [Math.log10(low), Math.log10(high)],
    tickvals: ticks,
    ticktext: ticks.map(String),
  };
}

function drawOne(canvas: Canvas, axes: PanelAxes, highest: number): void {
  const line = { color: grey.note, width: 1, dash: "1px,2px" };
  const place = { xref: axes.xaxis, yref: axes.yaxis, x0: -0.06 * highest, x1: 1.06 * highest, y0: 1, y1: 1 };
  canvas.shape({ type: "line", ...place, layer: "between", line });
}

/** Each point's own null as a short bar, since CV alone does not fix it, and the null of one family as a curve. */
function drawNull(
  canvas: Canvas,
  axes: PanelAxes,
  rows: readonly GradientRow[],
  curve: readonly GradientNullRow[],
): void {
  const common = { type: "scatter", ...axes, hoverinfo: "skip" };
  const sorted = [...curve].sort((a, b) => a.cv - b.cv);
  if (sorted.length > 0) {
    const line = { color: mix(grey.axis, "#FFFFFF", 0.35), width: 1.4 };
    canvas.traces.push({
      ...common,
      mode: "lines",
      x: sorted.map((row) => row.cv),
      y: sorted.map((row) => row.ratio),
      line,
    });
  }
  if (rows.length === 0) return;
  const marker = { symbol: "line-ew-open", size: 10, color: grey.axis, line: { color: grey.axis, width: 1.5 } };
  canvas.traces.push({
    ...common,
    mode: "markers",
    x: rows.map((row) => row.cv),
    y: rows.map((row) => row.null),
    marker,
    name: "mechanical null",
  });
}

/** Panel d: ratios over training. */
export function drawOverTime(
  canvas: Canvas,
  box: Box,
  rows: readonly GradientTimeRow[],
  isLow: boolean,
  of: readonly GradientTimeRow[],
): void {
  const last = Math.max(1, ...(rows.length > 0 ? rows : of).map((row) => row.epoch));
  const axes = canvas.panel(box, { range: [-0.06 * last, 1.06 * last], nticks: 6, showgrid: false }, logAxis(of, []));
  if (isLow) canvas.write("epoch", box.left + box.width / 2, box.top + box.height + 29, { xanchor: "center" });
  drawOne(canvas, axes, last);
  for (const structure of distinct(rows.map((row) => row.structure)).sort(compareMethods)) {
    const own = rows.filter((row) => row.structure === structure).sort((a, b) => a.epoch - b.epoch);
    const { color, dash, label } = methodStyle(structure);
    canvas.traces.push({
      type: "scatter",
      mode: "lines",
      x: own.map((row) => row.epoch),
      y: own.map((row) => row.mean),
      ...axes,
      line: { color, dash, width: 1.5 },
      error_y: { ...errorBars(own, 1, color), thickness: 0.8 },
      name: label,
      hovertemplate: "epoch %{x}: %{y:.2f}",
    });
  }
  if (rows.length === 0) writeMissing(canvas, box, axes);
}
