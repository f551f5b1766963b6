import type { Box, Canvas, PanelAxes } from "./canvas";
import { type Estimate, errorBars, extent } from "./estimate";
import { markerOf } from "./legend";
import { grey, type MethodStyle, mix, okabeIto } from "./theme";
import { logRange, logTicks, padded, ticksInside } from "./ticks";

/** One estimate of a forest plot: a marker with its interval. */
export interface ForestMark extends Estimate {
  /** Index of its line from above; a fraction stands between two lines. */
  readonly line: number;
  readonly style: MethodStyle;
}

/** A panel of a forest plot. */
export interface ForestPanel {
  readonly marks: readonly ForestMark[];
  /** Names of the lines, from above; null where the panel on the left has them. */
  readonly labels: readonly string[] | null;
  readonly lines: number;
  /** What marks are multiplied by: 100 for percentage points. */
  readonly scale: number;
  readonly isLog?: boolean;
  /** Drawn as a vertical line, and always inside the range; in the marks' unit, as all that follows. */
  readonly reference: number;
  /** A vertical line of its own, dashed. */
  readonly margin?: number;
  /** A shaded range of values. */
  readonly band?: readonly [number, number];
  /** What the horizontal axis covers, in units of the axis; if left out, {@link forestRange}. */
  readonly range?: readonly [number, number];
}

export const forestLine = 15;

/** The height of a panel of so many lines. */
export const forestHeight = (lines: number): number => lines * forestLine + 8;

/** Draws a forest plot: a line each, a vertical reference, and markers with intervals; says so where there is nothing. */
export function drawForest(canvas: Canvas, box: Box, panel: ForestPanel): void {
  const { marks, labels, lines, scale } = panel;
  const range = panel.range ?? forestRange(panel);
  const ends: readonly [number, number] = panel.isLog ? [Math.log10(range[0]), Math.log10(range[1])] : range;
  const ticks = ticksOf(panel, range, box.width);
  const axes = canvas.panel(
    box,
    { range: ends, tickvals: ticks, ticktext: ticks.map(tickText), ...(panel.isLog ? { type: "log" } : {}) },
    {
      range: [lines - 0.25, -0.75],
      tickvals: Array.from({ length: lines }, (_, i) => i),
      ticktext: labels ?? [],
      showticklabels: labels !== null,
      ticks: "",
      showgrid: lines > 1,
    },
  );
  drawReferences(canvas, axes, panel);
  for (const mark of marks) {
    canvas.traces.push({
      type: "scatter",
      mode: "markers",
      x: [mark.mean * scale],
      y: [mark.line],
      ...axes,
      marker: markerOf(mark.style, 7),
      error_x: errorBars([mark], scale, mark.style.color),
      name: mark.style.label,
      hovertemplate: "%{x:.3f}",
    });
  }
  if (marks.length > 0) return;
  writeMissing(canvas, box, axes);
}

/** Says that a panel is empty because its runs are not there. */
export function writeMissing(canvas: Canvas, box: Box, axes: PanelAxes): void {
  // Plotly drops axes that nothing is drawn on.
  canvas.traces.push({ type: "scatter", mode: "markers", x: [null], y: [null], ...axes, hoverinfo: "skip" });
  const font = { color: grey.note };
  const style = { xanchor: "center", font, bgcolor: "#FFFFFF" };
  canvas.write("<i>not yet run</i>", box.left + box.width / 2, box.top + box.height / 2, style);
}

function ticksOf(panel: ForestPanel, range: readonly [number, number], pixels: number): number[] {
  const { marks, reference, margin, band, scale, isLog } = panel;
  if (marks.length === 0 && margin === undefined && band === undefined) return [reference * scale]; // no scale yet
  return isLog ? logTicks(range, pixels, 26) : ticksInside(range, pixels);
}

/** What a panel's axis must cover, in its units: all marks and references, with some room. */
export function forestRange({ marks, scale, reference, margin, band, isLog }: ForestPanel): [number, number] {
  const fixed = [reference, ...(margin === undefined ? [] : [margin]), ...(band ?? [])];
  if (isLog) {
    const [low, high] = logRange(marks, fixed);
    const [from, to] = padded([Math.log10(low * scale), Math.log10(high * scale)], 0.06, 0.3);
    return [10 ** from, 10 ** to];
  }
  const own = marks.length > 0 ? extent(marks) : [reference, reference];
  const [low, high] = [Math.min(...own, ...fixed), Math.max(...own, ...fixed)];
  return padded([low * scale, high * scale], 0.08, 0.002 * scale);
}

const tickText = (value: number): string => String(value).replace("-", "−");

function drawReferences(canvas: Canvas, axes: PanelAxes, panel: ForestPanel): void {
  const { reference, margin, band, scale, lines } = panel;
  const place = { xref: axes.xaxis, yref: axes.yaxis, y0: -0.75, y1: lines - 0.25, layer: "between" };
  const vertical = (x: number, line: Record<string, unknown>): void =>
    canvas.shape({ type: "line", x0: x * scale, x1: x * scale, ...place, line });
  if (band) {
    const look = { fillcolor: mix(okabeIto.skyBlue, "#FFFFFF", 0.72), line: { width: 0 } };
    canvas.shape({ type: "rect", x0: band[0] * scale, x1: band[1] * scale, ...place, ...look });
  }
  vertical(reference, { color: grey.axis, width: 1.2 });
  if (margin !== undefined) vertical(margin, { color: okabeIto.vermillion, width: 1.4, dash: "5px,3px" });
}
