import { type Box, type Canvas, type PanelAxes, writeLetter } from "./canvas";
import { distinct } from "./estimate";
import type { FanInEndRow, FanInEvolutionRow } from "./figure-5";
import { writeMissing } from "./forest";
import { compareMethods, methodStyle, mix } from "./theme";
import { ticksInside } from "./ticks";

/** Where a layer under a protocol stands in Figure 5; the first of a protocol has its name, and the axis' labels. */
export interface FanInColumn {
  readonly protocol: string;
  readonly layer: number;
  readonly isFirst: boolean;
  readonly left: number;
  readonly width: number;
}

export const panelHeight = 150;

/** Panel a: how the fan-in CV of each layer moves during training; thin lines are runs, thick lines their means. */
export function drawEvolution(
  canvas: Canvas,
  top: number,
  columns: readonly FanInColumn[],
  rows: readonly FanInEvolutionRow[],
): void {
  const lastStep = Math.max(...rows.map((row) => row.step));
  const highest = Math.max(...rows.map((row) => row.cv));
  writeHead(canvas, top, columns, "a", "Fan-in CV during training");
  columns.forEach((column, i) => {
    const box = boxOf(column, top);
    const axes = canvas.panel(
      box,
      { range: [0, lastStep * 1.03], ...stepTicks(lastStep * 1.03, column.width), showgrid: false },
      { range: [0, highest * 1.06], nticks: 6, showticklabels: i === 0 },
    );
    const own = rows.filter((row) => row.layer === column.layer && row.protocol === column.protocol);
    for (const start of distinct(own.map((row) => row.start)).sort(compareMethods)) {
      const runs = own.filter((row) => row.start === start);
      canvas.traces.push(...runLines(runs, start).map((line) => ({ ...line, ...axes })));
      canvas.traces.push({ ...meanLine(runs, start), ...axes });
    }
    if (own.length === 0) writeMissing(canvas, box, axes);
  });
  writeAxes(canvas, top, columns, { x: "training step", y: "fan-in CV" });
}

/** Panel b: the distribution of fan-in over its mean at the end, all seeds of a start together. */
export function drawEnds(
  canvas: Canvas,
  top: number,
  columns: readonly FanInColumn[],
  rows: readonly FanInEndRow[],
): void {
  writeHead(canvas, top, columns, "b", "Fan-in at the end");
  const linesOf = ({ layer, protocol }: FanInColumn): EndLine[] => {
    const own = rows.filter((row) => row.layer === layer && row.protocol === protocol);
    const starts = distinct(own.map((row) => row.start)).sort(compareMethods);
    return starts.map((start) => ({ start, ...quantiles(own.filter((row) => row.start === start)) }));
  };
  const lines = columns.map(linesOf);
  const farthest = Math.max(2, ...lines.flat().map(({ x }) => x[x.length - 2]));
  columns.forEach((column, i) => {
    const box = boxOf(column, top);
    const axes = canvas.panel(
      box,
      { range: [0, farthest * 1.03], nticks: 5, showgrid: false },
      { range: [-0.02, 1.03], tickvals: [0, 0.25, 0.5, 0.75, 1], showticklabels: i === 0 },
    );
    for (const line of lines[i]) canvas.traces.push(endLine(axes, line));
    if (lines[i].length === 0) writeMissing(canvas, box, axes);
  });
  writeAxes(canvas, top, columns, { x: "fan-in / mean", y: "share of neurons" });
}

/** Thousands of steps once there are thousands; they are few, since their labels are longer than their numbers. */
function stepTicks(last: number, pixels: number): Record<string, unknown> {
  const unit = last >= 2000 ? 1000 : 1;
  const ticks = [0, ...ticksInside([0, last / unit], 0.7 * pixels)];
  return {
    tickvals: ticks.map((tick) => tick * unit),
    ticktext: ticks.map((tick) => `${tick}${tick > 0 && unit > 1 ? "k" : ""}`),
  };
}

const boxOf = ({ left, width }: FanInColumn, top: number): Box => ({ left, top, width, height: panelHeight });

function writeHead(canvas: Canvas, top: number, columns: readonly FanInColumn[], letter: string, title: string): void {
  writeLetter(canvas, letter, 6, top - 36);
  canvas.write(title, 24, top - 36);
  const hasProtocols = columns.some(({ protocol }) => protocol !== columns[0].protocol);
  for (const { protocol, layer, left, width } of columns) {
    const text = hasProtocols ? `<b>${protocol}</b>, layer ${layer + 1}` : `layer ${layer + 1}`;
    canvas.write(text, left + width / 2, top - 12, { xanchor: "center" });
  }
}

function writeAxes(
  canvas: Canvas,
  top: number,
  columns: readonly FanInColumn[],
  titles: { readonly x: string; readonly y: string },
): void {
  for (const { left, width } of columns) {
    canvas.write(titles.x, left + width / 2, top + panelHeight + 28, { xanchor: "center" });
  }
  canvas.write(titles.y, 14, top + panelHeight / 2, { xanchor: "center", textangle: -90 });
}

function runLines(rows: readonly FanInEvolutionRow[], start: string): Record<string, unknown>[] {
  const color = mix(methodStyle(start).color, "#FFFFFF", 0.55);
  const seeds = distinct(rows.map((row) => row.seed));
  if (seeds.length < 2) return [];
  return seeds.map((seed) => {
    const run = sorted(rows.filter((row) => row.seed === seed));
    const line = { color, width: 0.7 };
    const points = { x: run.map((row) => row.step), y: run.map((row) => row.cv) };
    return { type: "scatter", mode: "lines", ...points, line, hoverinfo: "skip" };
  });
}

function meanLine(rows: readonly FanInEvolutionRow[], start: string): Record<string, unknown> {
  const { color, dash, label } = methodStyle(start);
  const steps = distinct(sorted(rows).map((row) => row.step));
  const sums = new Map<number, { sum: number; n: number }>();
  for (const { step, cv } of rows) {
    const { sum, n } = sums.get(step) ?? { sum: 0, n: 0 };
    sums.set(step, { sum: sum + cv, n: n + 1 });
  }
  const y = steps.map((step) => sums.get(step)!.sum / sums.get(step)!.n);
  const hovertemplate = "step %{x}: CV %{y:.3f}";
  return { type: "scatter", mode: "lines", x: steps, y, line: { color, dash, width: 1.8 }, name: label, hovertemplate };
}

const sorted = (rows: readonly FanInEvolutionRow[]): FanInEvolutionRow[] => [...rows].sort((a, b) => a.step - b.step);

/** The distribution at each per cent of the neurons, so that a figure stays small; the last is the maximum. */
function quantiles(rows: readonly FanInEndRow[]): { readonly x: number[]; readonly y: number[] } {
  const values = rows.flatMap(({ fanIn }) => {
    const mean = fanIn.reduce((sum, k) => sum + k, 0) / fanIn.length;
    return fanIn.map((k) => (mean > 0 ? k / mean : 0));
  });
  values.sort((a, b) => a - b);
  const y = Array.from({ length: 101 }, (_, i) => i / 100);
  return { x: y.map((share) => Number(values[Math.round(share * (values.length - 1))].toPrecision(6))), y };
}

interface EndLine {
  readonly start: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

function endLine(axes: PanelAxes, { start, x, y }: EndLine): Record<string, unknown> {
  const { color, dash, label } = methodStyle(start);
  const line = { color, dash, width: 1.5 };
  const hovertemplate = "%{y:.0%} of the neurons up to %{x:.2f}";
  return { type: "scatter", mode: "lines", x, y, ...axes, line, name: label, hovertemplate };
}
