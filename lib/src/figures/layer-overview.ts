import { fanInStatistics } from "../measures/fan-in";
import { fanIn } from "../topology/masks";
import type { Topology } from "../topology/topology";
import { type Canvas, createCanvas, writeLetter } from "./canvas";
import type { Figure } from "./figure";
import { maskImage } from "./mask-image";
import { columnWidth, okabeIto } from "./theme";

/** A layer's topology under a name of one's own. */
export interface NamedTopology {
  readonly label: string;
  readonly topology: Topology;
}

const looks = [
  { color: okabeIto.vermillion, dash: "solid" },
  { color: okabeIto.black, dash: "dot" },
  { color: okabeIto.blue, dash: "dash" },
];
const [left, top, side, gap, height] = [56, 54, 176, 22, 290];

/**
 * One to three topologies of one layer side by side: their fan-ins, sorted (a), and their masks.
 *
 * @throws RangeError for more or none of them, or topologies of different sizes
 */
export function layerOverview(layers: readonly NamedTopology[]): Figure {
  if (layers.length < 1 || layers.length > looks.length) {
    throw new RangeError(`layerOverview: ${layers.length} topologies; one to ${looks.length} fit`);
  }
  const [{ inputs, neurons }] = layers.map(({ topology }) => topology);
  if (layers.some(({ topology }) => topology.inputs !== inputs || topology.neurons !== neurons)) {
    throw new RangeError("layerOverview: the topologies differ in size; pass those of one layer");
  }
  const canvas = createCanvas(columnWidth.double, height);
  drawFanIns(canvas, layers);
  layers.forEach((layer, i) => {
    drawMask(canvas, layer, i, layers.length);
  });
  const counts = layers.map(({ label, topology }) => {
    const { cv, max } = fanInStatistics(fanIn(topology));
    return `${label}: CV ${cv.toFixed(2)}, largest ${max}`;
  });
  return {
    name: "layer-overview",
    data: canvas.traces,
    layout: canvas.layout(),
    caption:
      `Topologies of a layer of ${inputs} inputs and ${neurons} neurons. (a) Fan-ins, sorted. ` +
      `(${layers.map((_, i) => "bcd"[i]).join(", ")}) Masks: inputs downwards, neurons to the right, black where connected.`,
    alt: `Sorted fan-ins and masks of ${counts.join("; ")}.`,
  };
}

function drawFanIns(canvas: Canvas, layers: readonly NamedTopology[]): void {
  const sorted = layers.map(({ topology }) => Array.from(fanIn(topology)).sort((a, b) => a - b));
  const most = Math.max(...sorted.flat());
  const width = columnWidth.double - left - layers.length * (side * 0.66 + gap) - 16;
  const axes = canvas.panel(
    { left, top, width, height: side },
    { range: [0, sorted[0].length], nticks: 5, showgrid: false },
    { range: [0, most * 1.05], nticks: 5 },
  );
  sorted.forEach((y, i) => {
    const line = { ...looks[i], width: 1.8 };
    const place = { x: y.map((_, rank) => rank + 1), y, ...axes, line, name: layers[i].label };
    canvas.traces.push({ type: "scatter", mode: "lines", ...place, hovertemplate: "rank %{x}: fan-in %{y}" });
    const font = { color: looks[i].color };
    canvas.write(`${["━", "┅", "╍"][i]} ${layers[i].label}`, left + 10, top + 12 + 17 * i, { font });
  });
  writeLetter(canvas, "a", left - 44, top - 22);
  canvas.write("Fan-ins, sorted", left - 28, top - 22);
  canvas.write("neuron, by rank", left + width / 2, top + side + 28, { xanchor: "center" });
  canvas.write("fan-in", left - 42, top + side / 2, { xanchor: "center", textangle: -90 });
}

function drawMask(canvas: Canvas, { label, topology }: NamedTopology, index: number, count: number): void {
  const { inputs, neurons } = topology;
  const width = side * 0.66;
  const at = columnWidth.double + gap - 12 - (count - index) * (width + gap);
  const bare = { showgrid: false, ticks: "", showticklabels: false, mirror: true, fixedrange: true };
  const box = { left: at, top, width, height: side };
  const axes = canvas.panel(box, { ...bare, range: [0, neurons] }, { ...bare, range: [inputs, 0] });
  const place = { xref: axes.xaxis, yref: axes.yaxis, x: 0, y: 0, sizex: neurons, sizey: inputs, sizing: "stretch" };
  canvas.image({ source: maskImage(topology), ...place, layer: "below" });
  // Plotly draws axes only where there is a trace.
  canvas.traces.push({ type: "scatter", mode: "markers", x: [null], y: [null], ...axes, hoverinfo: "skip" });
  writeLetter(canvas, "bcd"[index], at, top - 22);
  canvas.write(label, at + 16, top - 22);
}
