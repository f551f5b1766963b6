import { fanInStatistics, topDecileSize } from "../measures/fan-in";
import { hubs } from "../measures/hubs";
import { type Box, type Canvas, createCanvas, type PanelAxes, writeLetter, writeNote } from "./canvas";
import type { Figure, FigureOptions, PlotlyObject } from "./figure";
import { columnWidth, fontSize, grey, mix, okabeIto } from "./theme";

/** The fan-ins of a layer at one time: before training (step 0), or after an update. */
export interface FanInMoment {
  /** Training step, counted from 1. */
  readonly step: number;
  /** One count per neuron. */
  readonly fanIn: readonly number[];
}

/** What else the figure can be told. */
export interface HubFormationOptions extends Pick<FigureOptions, "note"> {
  /** What was trained and how, a sentence or two of the caption. */
  readonly about?: string;
}

const histogram: Box = { left: 56, top: 54, width: 268, height: 196 };
const course: Box = { left: 404, top: 54, width: 270, height: 196 };
const height = 376;
/** So many of the largest hubs can be followed by eye. */
const followed = 5;
const colors = { rest: mix(okabeIto.blue, "#FFFFFF", 0.35), hub: okabeIto.vermillion, early: "#8C8C8C" };

/**
 * How hubs form in one layer while its topology moves, to be played: the histogram of fan-in (a), and how the neurons
 * rank that are hubs, the top decile by fan-in, at the end or were after the first update (b). The still image is the end.
 *
 * @param moments in order of steps, the start first, and at least one update
 * @throws RangeError for fewer than two moments, steps that do not rise, or layers of different size
 */
export function hubFormation(moments: readonly FanInMoment[], options: HubFormationOptions = {}): Figure {
  check(moments);
  const canvas = createCanvas(columnWidth.double, height);
  const parts = [...histogramParts(canvas, moments), ...courseParts(canvas, moments)];
  writeNote(canvas, options.note, columnWidth.double - 8);
  const traces = parts.map(({ trace, at }) => canvas.traces.push({ ...trace, ...at(moments.length - 1) }) - 1);
  const names = moments.map(({ step }) => String(step));
  return {
    name: "hub-formation",
    data: canvas.traces,
    layout: canvas.layout({ barmode: "stack", bargap: 0, ...controls(names) }),
    frames: names.map((name, index) => ({ name, data: parts.map(({ at }) => at(index)), traces })),
    caption: caption(moments, options),
    alt: `To be played over ${moments.length - 1} updates: ${summaryOf(moments)}`,
  };
}

/** A trace, and what of it changes: its attributes at each moment. */
interface Part {
  readonly trace: PlotlyObject;
  readonly at: (index: number) => PlotlyObject;
}

function check(moments: readonly FanInMoment[]): void {
  if (moments.length < 2) {
    throw new RangeError(`hubFormation: ${moments.length} moments; pass the start and at least one update`);
  }
  moments.forEach(({ step, fanIn }, i) => {
    if (i > 0 && !(step > moments[i - 1].step)) {
      throw new RangeError(
        `hubFormation: step ${step} follows ${moments[i - 1].step}; pass one layer's updates in order`,
      );
    }
    if (fanIn.length !== moments[0].fanIn.length) {
      throw new RangeError(
        `hubFormation: ${fanIn.length} neurons after ${moments[0].fanIn.length}; pass one layer only`,
      );
    }
  });
}

/** Panel a: bars of hubs on bars of the rest, with the start as a dotted outline. */
function histogramParts(canvas: Canvas, moments: readonly FanInMoment[]): Part[] {
  const most = Math.max(1, ...moments.flatMap(({ fanIn }) => fanIn));
  const bin = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((width) => most / width <= 100) ?? 1000;
  const bins = Math.floor(most / bin) + 1;
  const count = (values: readonly number[]): number[] => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values) counts[Math.floor(value / bin)]++;
    return counts;
  };
  const groups = moments.map(({ fanIn }) => {
    const isHub = new Set(hubs(fanIn));
    return [fanIn.filter((_, i) => !isHub.has(i)), fanIn.filter((_, i) => isHub.has(i))].map(count);
  });
  const start = count(moments[0].fanIn);
  // A start in one or two bins would make all that follows flat: its outline may leave the panel.
  const later = Math.max(...moments.slice(1).flatMap(({ fanIn }) => count(fanIn)));
  const highest = 1.08 * Math.min(Math.max(later, ...start), 2.5 * later);
  const axes = canvas.panel(histogram, { range: [0, bins * bin], nticks: 6, showgrid: false }, { range: [0, highest] });
  const x = start.map((_, i) => (i + 0.5) * bin);
  const edges = { x: x.flatMap((_, i) => [i * bin, (i + 1) * bin]), y: start.flatMap((n) => [n, n]) };
  const line = { color: grey.text, width: 1.2, dash: "2px,2px" };
  canvas.traces.push({ type: "scatter", mode: "lines", ...edges, ...axes, line, name: "start", hoverinfo: "skip" });
  head(
    canvas,
    histogram,
    "a",
    `Fan-in: ${ink("hubs", colors.hub)}, ${ink("the rest", colors.rest)}, and the start (dotted)`,
    { x: "fan-in", y: "neurons" },
  );
  const bar = (name: string, color: string): PlotlyObject => {
    const marker = { color, line: { width: 0 } };
    return { type: "bar", x, width: bin, ...axes, marker, name, hovertemplate: "%{y} with about %{x}" };
  };
  return [
    { trace: bar("the rest", colors.rest), at: (index) => ({ y: groups[index][0] }) },
    { trace: bar("hubs", colors.hub), at: (index) => ({ y: groups[index][1] }) },
    readout(moments, axes, { x: bins * bin, y: highest }),
  ];
}

/** Step, CV and largest fan-in, in the upper right corner. */
function readout(moments: readonly FanInMoment[], axes: PanelAxes, corner: { x: number; y: number }): Part {
  const place = { x: [corner.x], y: [corner.y], textposition: "bottom left", textfont: { size: fontSize.text } };
  return {
    trace: { type: "scatter", mode: "text", ...place, ...axes, hoverinfo: "skip", cliponaxis: false },
    at: (index) => {
      const { cv, max } = fanInStatistics(moments[index].fanIn);
      return { text: [`${momentName(moments[index])}<br>CV ${cv.toFixed(2)}, largest ${max}`] };
    },
  };
}

const ink = (text: string, color: string): string => `<span style="color:${color}">${text}</span>`;

const momentName = ({ step }: FanInMoment): string => (step === 0 ? "at the start" : `after step ${step}`);

/** Panel b: ranks over time, veiled where they are still to come, with a dot for each neuron now. */
function courseParts(canvas: Canvas, moments: readonly FanInMoment[]): Part[] {
  const neurons = moments[0].fanIn.length;
  const last = moments[moments.length - 1].step * 1.02;
  const range = [Math.log10(neurons * 1.15), Math.log10(0.8)];
  const tickvals = [...new Set([1, Math.min(10, neurons), topDecileSize(neurons), neurons])];
  const axes = canvas.panel(
    course,
    { range: [0, last], nticks: 6, showgrid: false },
    { type: "log", range, tickvals, ticktext: tickvals.map(String) },
  );
  const title = `Rank: ${ink("hubs at the end", colors.hub)}, ${ink("early ones that fell", colors.early)}`;
  head(canvas, course, "b", title, { x: "training step", y: "rank by fan-in" });
  const { ends, early } = hubGroups(moments);
  const ranks = moments.map(({ fanIn }) => midRanks(fanIn));
  drawCurves(canvas, axes, moments, ranks);
  const dots = [
    { neurons: early, color: colors.early },
    { neurons: ends, color: colors.hub },
  ].filter((group) => group.neurons.length > 0);
  const veil = {
    type: "scatter",
    mode: "lines",
    fill: "toself",
    fillcolor: "rgba(255,255,255,0.82)",
    line: { width: 0 },
  };
  const [lower, upper] = range.map((power) => 10 ** power);
  return [
    {
      trace: { ...veil, ...axes, y: [upper, upper, lower, lower], hoverinfo: "skip" },
      at: (index) => ({ x: [moments[index].step, last, last, moments[index].step] }),
    },
    ...dots.map(({ neurons: own, color }) => dotsOf(own, { ...axes, marker: { color, size: 4 } }, moments, ranks)),
  ];
}

/** Where neurons stand. */
function dotsOf(
  neurons: readonly number[],
  look: PlotlyObject,
  moments: readonly FanInMoment[],
  ranks: readonly (readonly number[])[],
): Part {
  const [text, hovertemplate] = [neurons.map((i) => `neuron ${i}`), "%{text}: rank %{y}<extra></extra>"];
  return {
    trace: { type: "scatter", mode: "markers", ...look, text, hovertemplate },
    at: (index) => ({ x: neurons.map(() => moments[index].step), y: neurons.map((i) => ranks[index][i]) }),
  };
}

/** A line for each hub, null between two of them. */
function drawCurves(
  canvas: Canvas,
  axes: PanelAxes,
  moments: readonly FanInMoment[],
  ranks: readonly (readonly number[])[],
): void {
  const { ends, early } = hubGroups(moments);
  const pale = (color: string): PlotlyObject => ({ color: mix(color, "#FFFFFF", 0.65), width: 0.8 });
  const groups = [
    { name: "hubs after the first update, not at the end", neurons: early, line: pale(colors.early) },
    { name: "hubs at the end", neurons: ends.slice(followed), line: pale(colors.hub) },
    { name: "the largest hubs at the end", neurons: ends.slice(0, followed), line: { color: colors.hub, width: 1.4 } },
  ].filter((group) => group.neurons.length > 0);
  for (const { name, neurons, line } of groups) {
    const x = neurons.flatMap(() => [...moments.map(({ step }) => step), null]);
    const y = neurons.flatMap((i) => [...ranks.map((rank) => rank[i]), null]);
    canvas.traces.push({ type: "scatter", mode: "lines", x, y, ...axes, line, name, hoverinfo: "skip" });
  }
}

/** The hubs at the end, and those after the first update that are not among them. */
function hubGroups(moments: readonly FanInMoment[]): { readonly ends: number[]; readonly early: number[] } {
  const ends = Array.from(hubs(moments[moments.length - 1].fanIn));
  const early = Array.from(hubs(moments[1].fanIn)).filter((i) => !ends.includes(i));
  return { ends, early };
}

/** Ranks from 1, the largest fan-in first; equal ones share the mean of their places. */
function midRanks(fanIn: readonly number[]): number[] {
  const sorted = [...fanIn].sort((a, b) => b - a);
  return fanIn.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

/** Play, pause and a slider below the panels; as if played to the end. */
function controls(names: readonly string[]): PlotlyObject {
  const frame = (duration: number): PlotlyObject => {
    return { mode: "immediate", frame: { duration, redraw: true }, transition: { duration: 0 } };
  };
  const font = { size: fontSize.tick };
  const button = (label: string, args: readonly unknown[]): PlotlyObject => ({ label, method: "animate", args });
  const [y, pad] = [58 / height, { t: 0, b: 0, l: 0, r: 0 }];
  return {
    updatemenus: [
      {
        type: "buttons",
        direction: "right",
        showactive: false,
        ...{ x: 12 / columnWidth.double, y, xanchor: "left", yanchor: "top", pad, font },
        buttons: [
          button("Play", [null, { ...frame(200), fromcurrent: true }]),
          button("Pause", [[null], { ...frame(0) }]),
        ],
      },
    ],
    sliders: [
      {
        active: names.length - 1,
        ...{
          x: 150 / columnWidth.double,
          y,
          len: 526 / columnWidth.double,
          xanchor: "left",
          yanchor: "top",
          pad,
          font,
        },
        currentvalue: { visible: false },
        steps: names.map((name) => ({ label: name, method: "animate", args: [[name], frame(0)] })),
      },
    ],
  };
}

function head(canvas: Canvas, box: Box, letter: string, title: string, axes: { x: string; y: string }): void {
  writeLetter(canvas, letter, box.left - 44, box.top - 22);
  canvas.write(title, box.left - 28, box.top - 22);
  canvas.write(axes.x, box.left + box.width / 2, box.top + box.height + 28, { xanchor: "center" });
  const y = box.top + box.height / 2;
  canvas.write(axes.y, box.left - 40, y, { xanchor: "center", textangle: -90 });
}

/** What happened, in a sentence. */
function summaryOf(moments: readonly FanInMoment[]): string {
  const [start, end] = [moments[0], moments[moments.length - 1]].map(({ fanIn }) => fanInStatistics(fanIn));
  const { ends, early } = hubGroups(moments);
  const kept = hubs(moments[1].fanIn).length - early.length;
  return (
    `the fan-in CV goes from ${start.cv.toFixed(2)} to ${end.cv.toFixed(2)}, the largest fan-in from ${start.max} to ` +
    `${end.max}; ${kept} of the ${ends.length} hubs at the end were hubs after the first update.`
  );
}

function caption(moments: readonly FanInMoment[], { about }: HubFormationOptions): string {
  return (
    `How hubs form.${about === undefined ? "" : ` ${about}`} (a) Histogram of the fan-ins of ${moments[0].fanIn.length} neurons; hubs are ` +
    `the tenth of them with the largest. (b) Their ranks by fan-in, equal ones sharing theirs; bold are the ${followed} that end largest. Over ${moments.length - 1} updates ` +
    `${summaryOf(moments)} One network, so nothing here has an interval. Play and the slider work in JupyterLab and in the HTML file.`
  );
}
