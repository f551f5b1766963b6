import { createCanvas, writeNote } from "./canvas";
import { distinct } from "./estimate";
import type { Figure, FigureOptions } from "./figure";
import { drawLegend, legendHeight } from "./legend";
import { columnWidth, compareMethods, methodStyle, mix } from "./theme";

/** The fan-in CV of one layer of one run at one step. */
export interface FanInEvolutionRow {
  /** Training step, 0 at the start. */
  readonly step: number;
  /** 0 is the layer next to the inputs. */
  readonly layer: number;
  readonly start: string;
  readonly seed: number;
  readonly cv: number;
}

/** How the fan-in CV of each layer moves during training: a panel a layer, thin lines runs, thick lines means. */
export function fanInEvolution(rows: readonly FanInEvolutionRow[], options: FigureOptions = {}): Figure {
  if (rows.length === 0) throw new RangeError("fanInEvolution: the table has no rows; pass at least one");
  const layers = distinct(rows.map((row) => row.layer)).sort((a, b) => a - b);
  const starts = distinct(rows.map((row) => row.start)).sort(compareMethods);
  const seeds = distinct(rows.map((row) => row.seed));
  const width = layers.length === 1 ? 420 : columnWidth.double;
  const perLine = layers.length === 1 ? 2 : 4;
  const top = 48 + legendHeight(starts.length, perLine);
  const height = top + 190 + 46;
  const canvas = createCanvas(width, height);
  const panelWidth = (width - 52 - 14 - (layers.length - 1) * 22) / layers.length;
  const lastStep = Math.max(...rows.map((row) => row.step));
  const highest = Math.max(...rows.map((row) => row.cv));
  layers.forEach((layer, column) => {
    const left = 52 + column * (panelWidth + 22);
    const axes = canvas.panel(
      { left, top, width: panelWidth, height: 190 },
      { range: [0, lastStep * 1.02], nticks: 5, showgrid: false },
      { range: [0, highest * 1.06], nticks: 6, showticklabels: column === 0 },
    );
    canvas.write(`layer ${layer + 1}`, left + panelWidth / 2, top - 9, { xanchor: "center" });
    canvas.write("training step", left + panelWidth / 2, top + 190 + 29, { xanchor: "center" });
    for (const start of starts) {
      const own = rows.filter((row) => row.layer === layer && row.start === start);
      canvas.traces.push(...runLines(own, start).map((line) => ({ ...line, ...axes })));
      canvas.traces.push({ ...meanLine(own, start), ...axes });
    }
  });
  canvas.write("fan-in CV", 12, top + 95, { xanchor: "center", textangle: -90 });
  writeNote(canvas, options.note, width - 8);
  drawLegend(canvas, starts, { left: 52, top: 20, width: width - 66, perLine, markers: false });
  return {
    name: "fan-in-evolution",
    data: canvas.traces,
    layout: canvas.layout(),
    caption: `Fan-in CV of each sparse layer during training by start: thin lines are runs (${seeds.length} ${seeds.length === 1 ? "seed" : "seeds"} each), thick lines their means.`,
    alt: `Line plots of fan-in CV against training step for ${starts.map((start) => methodStyle(start).label).join(", ")}; ${layers
      .map((layer) => `layer ${layer + 1} ends at ${ends(rows, layer)}`)
      .join("; ")}.`,
  };
}

function runLines(rows: readonly FanInEvolutionRow[], start: string): Record<string, unknown>[] {
  const color = mix(methodStyle(start).color, "#FFFFFF", 0.55);
  const seeds = distinct(rows.map((row) => row.seed));
  if (seeds.length < 2) return [];
  return seeds.map((seed) => {
    const run = sorted(rows.filter((row) => row.seed === seed));
    const line = { color, width: 0.8 };
    const points = { x: run.map((row) => row.step), y: run.map((row) => row.cv) };
    return { type: "scatter", mode: "lines", ...points, line, hoverinfo: "skip" };
  });
}

function meanLine(rows: readonly FanInEvolutionRow[], start: string): Record<string, unknown> {
  const { color, dash, label } = methodStyle(start);
  const steps = distinct(sorted(rows).map((row) => row.step));
  const y = steps.map((step) => mean(rows.filter((row) => row.step === step).map((row) => row.cv)));
  const hovertemplate = "step %{x}: CV %{y:.3f}";
  return { type: "scatter", mode: "lines", x: steps, y, line: { color, dash, width: 2 }, name: label, hovertemplate };
}

const sorted = (rows: readonly FanInEvolutionRow[]): FanInEvolutionRow[] => [...rows].sort((a, b) => a.step - b.step);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function ends(rows: readonly FanInEvolutionRow[], layer: number): string {
  const own = rows.filter((row) => row.layer === layer);
  const last = Math.max(...own.map((row) => row.step));
  const values = own.filter((row) => row.step === last).map((row) => row.cv);
  return `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
}
