import { type Box, type Canvas, createCanvas, writeLetter, writeNote } from "./canvas";
import { describeProtocol, type Figure, type FigureOptions, figureName } from "./figure";
import { columnWidth, fontSize, grey, mix, okabeIto } from "./theme";

/** One number for each pixel of a square image. */
export interface PixelMap {
  /** Heads the panel. */
  readonly title: string;
  /** What the colours count, under their key. */
  readonly unit: string;
  /** Row by row from the upper left, none negative; their number is a square. */
  readonly values: readonly number[];
  /** The value of the darkest colour; the largest of the values where it is not given. */
  readonly darkest?: number;
}

/** Fan-ins of one layer before and after training, and the least fan-in of a hub after it. */
export interface FanInShift {
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly leastOfHubs: number;
}

/** What else the figure can be told. */
export interface Figure6PixelsOptions extends FigureOptions {
  /** What was trained and how, a sentence or two of the caption. */
  readonly about?: string;
}

const side = 138;
const [left, top, gap] = [14, 52, 20];
const height = top + side + 58;
const white = "#FFFFFF";
const dark = mix(okabeIto.blue, okabeIto.black, 0.55);

/** Beside Figure 6: which pixels the neurons of a first layer read, and how their fan-ins moved. One trained network. */
export function figure6Pixels(
  maps: readonly PixelMap[],
  fanIns: FanInShift,
  options: Figure6PixelsOptions = {},
): Figure {
  maps.forEach(checkMap);
  const width = columnWidth.double;
  const canvas = createCanvas(width, height);
  maps.forEach((map, i) => {
    drawMap(canvas, { left: left + i * (side + gap), top, width: side, height: side }, map, "abcdefgh"[i]);
  });
  const at = left + maps.length * (side + gap) + 34;
  drawShift(canvas, { left: at, top, width: width - at - 12, height: side }, fanIns, "abcdefgh"[maps.length]);
  writeNote(canvas, options.note, width - 8);
  return {
    name: figureName("figure-6-pixels", options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption: caption(maps, fanIns, options),
    alt: describe(maps, fanIns),
  };
}

function checkMap({ title, values }: PixelMap): void {
  if (!Number.isInteger(Math.sqrt(values.length)) || values.length === 0) {
    throw new RangeError(`figure6Pixels: "${title}" has ${values.length} values; a square image has 4, 9, …, 784, …`);
  }
  const wrong = values.find((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong !== undefined) {
    throw new RangeError(`figure6Pixels: "${title}" has the value ${wrong}; values must be finite and ≥ 0`);
  }
}

const darkestOf = ({ values, darkest = Math.max(...values) }: PixelMap): number => darkest || 1;

function drawMap(canvas: Canvas, box: Box, map: PixelMap, letter: string): void {
  const pixels = Math.sqrt(map.values.length);
  const bare = { showgrid: false, ticks: "", showticklabels: false, mirror: true, fixedrange: true };
  const axes = canvas.panel(box, { ...bare, range: [-0.5, pixels - 0.5] }, { ...bare, range: [pixels - 0.5, -0.5] });
  canvas.traces.push({
    type: "heatmap",
    z: Array.from({ length: pixels }, (_, row) =>
      map.values.slice(row * pixels, (row + 1) * pixels).map((value) => Number(value.toPrecision(3))),
    ),
    zmin: 0,
    zmax: darkestOf(map),
    colorscale: [0, 0.25, 0.5, 0.75, 1].map((share) => [share, shade(share)]),
    showscale: false,
    ...axes,
    name: map.title,
    hovertemplate: "row %{y}, column %{x}: %{z}",
  });
  writeLetter(canvas, letter, box.left, box.top - 18);
  canvas.write(map.title, box.left + 16, box.top - 17);
  drawKey(canvas, { left: box.left, top: box.top + box.height + 12, width: box.width, height: 8 }, map);
}

/** White to blue to nearly black, so that a grey print keeps the order. */
function shade(share: number): string {
  return share < 0.5 ? mix(white, okabeIto.blue, 2 * share) : mix(okabeIto.blue, dark, 2 * share - 1);
}

function drawKey(canvas: Canvas, box: Box, map: PixelMap): void {
  const most = darkestOf(map);
  const bare = { showgrid: false, ticks: "", mirror: true, fixedrange: true };
  const text = (value: number): string => String(Number(value.toPrecision(2)));
  const axes = canvas.panel(
    box,
    { ...bare, range: [0, most], tickvals: [0, most / 2, most], ticktext: [0, most / 2, most].map(text) },
    { ...bare, range: [-0.5, 0.5], showticklabels: false },
  );
  const steps = Array.from({ length: 64 }, (_, i) => ((i + 0.5) * most) / 64);
  canvas.traces.push({
    type: "heatmap",
    x: steps,
    z: [steps],
    zmin: 0,
    zmax: most,
    colorscale: [0, 0.25, 0.5, 0.75, 1].map((share) => [share, shade(share)]),
    showscale: false,
    ...axes,
    hoverinfo: "skip",
  });
  canvas.write(map.unit, box.left + box.width / 2, box.top + 34, { xanchor: "center" });
}

/** Histograms as outlines: before training dotted, after it filled. */
function drawShift(canvas: Canvas, box: Box, { start, end, leastOfHubs }: FanInShift, letter: string): void {
  const most = Math.max(...start, ...end, 1);
  const bin = binWidth(most);
  const counts = (values: readonly number[]): number[] => {
    const bins = Array.from({ length: Math.floor(most / bin) + 1 }, () => 0);
    for (const value of values) bins[Math.floor(value / bin)]++;
    return bins;
  };
  const [before, after] = [counts(start), counts(end)];
  const highest = Math.max(...before, ...after);
  const axes = canvas.panel(
    box,
    { range: [0, before.length * bin], nticks: 5, showgrid: false },
    { range: [0, highest * 1.08], nticks: 5 },
  );
  const outline = (bins: readonly number[]): Record<string, unknown> => {
    const x = bins.flatMap((_, i) => [i * bin, (i + 1) * bin]);
    return {
      type: "scatter",
      mode: "lines",
      x: [0, ...x, bins.length * bin],
      y: [0, ...bins.flatMap((n) => [n, n]), 0],
    };
  };
  const [fill, color] = [mix(okabeIto.blue, white, 0.65), okabeIto.blue];
  const filled = { fill: "toself", fillcolor: fill, line: { color, width: 1.3 } };
  canvas.traces.push({ ...outline(after), ...axes, ...filled, name: "after", hoverinfo: "skip" });
  const dotted = { line: { color: grey.text, width: 1.3, dash: "2px,2px" } };
  canvas.traces.push({ ...outline(before), ...axes, ...dotted, name: "before", hoverinfo: "skip" });
  const line = { color: okabeIto.vermillion, width: 1.3 };
  const place = { xref: axes.xaxis, yref: axes.yaxis, x0: leastOfHubs, x1: leastOfHubs, y0: 0, y1: highest * 1.08 };
  canvas.shape({ type: "line", ...place, line });
  const font = { size: fontSize.tick, color: okabeIto.vermillion };
  const x = box.left + (box.width * leastOfHubs) / (before.length * bin);
  canvas.write("hubs →", x + 4, box.top + 10, { font });
  writeLetter(canvas, letter, box.left - 30, box.top - 18);
  canvas.write("Fan-in before (dotted) and after", box.left - 14, box.top - 17);
  canvas.write("fan-in", box.left + box.width / 2, box.top + box.height + 29, { xanchor: "center" });
  canvas.write("neurons", box.left - 40, box.top + box.height / 2, { xanchor: "center", textangle: -90 });
}

/** 1, 2, 5, 10, … such that there are 20 to 50 bins. */
function binWidth(most: number): number {
  const widths = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  return widths.find((width) => most / width <= 50) ?? 1000;
}

function caption(maps: readonly PixelMap[], { start, end }: FanInShift, options: Figure6PixelsOptions): string {
  const panels = maps.map(({ title, unit }, i) => `(${"abcdefgh"[i]}) ${title}: ${unit}.`);
  const about = options.about === undefined ? "" : `${options.about} `;
  return (
    `The pixels that a first layer reads. ${about}${panels.join(" ")} ` +
    `(${"abcdefgh"[maps.length]}) Fan-in of its ${end.length} neurons, ${range(start)} before training and ${range(end)} after; ` +
    `hubs are the tenth of them with the largest. One network, so nothing here has an interval.${describeProtocol(options)}`
  );
}

function describe(maps: readonly PixelMap[], { start, end }: FanInShift): string {
  const parts = maps.map((map) => `${map.title}, 0 to ${Number(Math.max(...map.values).toPrecision(2))} (${map.unit})`);
  return `Maps of the pixels of an image: ${parts.join("; ")}. Histograms of fan-in: ${range(start)} before training, ${range(end)} after.`;
}

const range = (values: readonly number[]): string => `${Math.min(...values)} to ${Math.max(...values)}`;
