import { type Box, type Canvas, createCanvas, writeLetter, writeNote } from "./canvas";
import {
  checkEstimates,
  datasetLabel,
  defaultInterval,
  describeBars,
  distinct,
  type Estimate,
  enumerate,
} from "./estimate";
import { describeProtocol, type Figure, type FigureOptions, figureName } from "./figure";
import { drawByCv, drawOverTime, panelHeight } from "./gradient-panels";
import { drawLegend, type LegendEntry, legendEntries, legendHeight } from "./legend";
import { columnWidth, compareMethods, grey, parseMethod } from "./theme";

/** Of a neuron's gradients: mean |∂L/∂w|, L2 norm, sum; the ratio compares hubs (top decile of fan-in) with the rest. */
export type GradientMeasure = "mean" | "l2" | "sum";

/** Gradient concentration of one structure in one layer at the end of training. */
export interface GradientRow extends Estimate {
  readonly dataset: string;
  /** "random", "lognormal CV 1", …: see {@link methodStyle}. */
  readonly structure: string;
  readonly measure: GradientMeasure;
  /** Realised fan-in CV. */
  readonly cv: number;
  /** What the ratio would be if gradients ignored fan-in: 1 for "mean". */
  readonly null: number;
}

/** Gradient concentration of one structure in one layer after so many epochs, 0 before training. */
export interface GradientTimeRow extends Estimate {
  readonly dataset: string;
  readonly structure: string;
  readonly measure: GradientMeasure;
  readonly epoch: number;
}

/** The mechanical null along one family, drawn as a curve. */
export interface GradientNullRow {
  readonly measure: GradientMeasure;
  readonly cv: number;
  readonly ratio: number;
}

/** What else Figure 4 can be told. */
export interface Figure4Options extends FigureOptions {
  /** Panel d: few structures; of its rows those of measure "mean" are drawn. */
  readonly time?: readonly GradientTimeRow[];
  /** The null as a curve, and what it runs along, for the caption: "lognormal profiles". */
  readonly nullCurve?: readonly GradientNullRow[];
  readonly nullAlong?: string;
  /** Which layer all rows are of, for the caption: 0 is the one next to the inputs (default). */
  readonly layer?: number;
  /** How the intervals were made, for the caption. */
  readonly interval?: string;
}

const measures: readonly (readonly [GradientMeasure, string])[] = [
  ["l2", "L2 norm"],
  ["sum", "sum"],
  ["mean", "mean |∂L/∂w|"],
];

const [left, right] = [60, 10];
const gap = { x: 34, y: 46 };

/** Figure 4: how much gradient hubs get over the rest, by fan-in CV beside its mechanical null (a–c), and over time (d). */
export function figure4(rows: readonly GradientRow[], options: Figure4Options = {}): Figure {
  const time = (options.time ?? []).filter((row) => row.measure === "mean");
  checkEstimates("figure4", rows, Number.MAX_VALUE);
  if (time.length > 0) checkEstimates("figure4: time", time, Number.MAX_VALUE);
  const datasets = distinct([...rows, ...time].map((row) => row.dataset));
  const columns = measures.length + (time.length > 0 ? 1 : 0);
  const width = columnWidth.double;
  const legends = legendsOf(rows, time);
  const legendWidth = width - left - 20;
  const timeTop = 20 + legendHeight(legends.points, legendWidth) + 6;
  const top = timeTop + (time.length > 0 ? legendHeight(legends.lines, legendWidth) : 0) + 40;
  const height = top + datasets.length * (panelHeight + gap.y) - gap.y + 42;
  const canvas = createCanvas(width, height);
  const panelWidth = (width - left - right - (columns - 1) * gap.x) / columns;
  const boxOf = (line: number, column: number): Box => {
    const y = top + line * (panelHeight + gap.y);
    return { left: left + column * (panelWidth + gap.x), top: y, width: panelWidth, height: panelHeight };
  };
  drawPanels(canvas, boxOf, { rows, time, datasets, nullCurve: options.nullCurve ?? [] });
  writeHeads(canvas, { top, columns, boxOf, middle: (top + height - 42) / 2 });
  writeLegends(canvas, legends, { timeTop, width: legendWidth, hasTime: time.length > 0 });
  writeNote(canvas, options.note, width - 8);
  return {
    name: figureName("figure-4", options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption: caption(rows, time, datasets, options),
    alt: describe(rows, datasets),
  };
}

type BoxOf = (line: number, column: number) => Box;

interface Panels extends Required<Pick<Figure4Options, "time" | "nullCurve">> {
  readonly rows: readonly GradientRow[];
  readonly datasets: readonly string[];
}

/** A line of panels for each data set; only the lowest have titles on their horizontal axes. */
function drawPanels(canvas: Canvas, boxOf: BoxOf, { rows, time, datasets, nullCurve }: Panels): void {
  datasets.forEach((dataset, line) => {
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, left, boxOf(line, 0).top - 10);
    const isLow = line === datasets.length - 1;
    measures.forEach(([measure], column) => {
      const own = rows.filter((row) => row.dataset === dataset && row.measure === measure);
      const curve = nullCurve.filter((row) => row.measure === measure);
      drawByCv(canvas, boxOf(line, column), own, { curve, isLow, of: rows });
    });
    if (time.length === 0) return;
    const own = time.filter((row) => row.dataset === dataset);
    drawOverTime(canvas, boxOf(line, measures.length), own, isLow, time);
  });
}

interface Legends {
  readonly points: readonly LegendEntry[];
  readonly lines: readonly LegendEntry[];
}

/** Of points a family each, since a colour's shade tells the CV that the axis tells too; of lines every structure. */
function legendsOf(rows: readonly GradientRow[], time: readonly GradientTimeRow[]): Legends {
  const family = (structure: string): string => {
    const { base, scattered } = parseMethod(structure);
    return scattered ? `${base}, scattered` : base;
  };
  const families = distinct(rows.map((row) => family(row.structure))).sort(compareMethods);
  const structures = distinct(time.map((row) => row.structure)).sort(compareMethods);
  const own: LegendEntry = {
    style: { label: "mechanical null", color: grey.axis, dash: "solid", symbol: "line-ew-open" },
    line: false,
    marker: true,
  };
  return {
    points: [...legendEntries(families, { line: false, marker: true }), own],
    lines: legendEntries(structures, { line: true, marker: false }),
  };
}

function writeLegends(
  canvas: Canvas,
  { points, lines }: Legends,
  { timeTop, width, hasTime }: { readonly timeTop: number; readonly width: number; readonly hasTime: boolean },
): void {
  if (hasTime) canvas.write("a–c", 12, 28);
  drawLegend(canvas, points, { left, top: 20, width });
  if (!hasTime) return;
  canvas.write("d", 12, timeTop + 8);
  drawLegend(canvas, lines, { left, top: timeTop, width });
}

function writeHeads(
  canvas: Canvas,
  { top, columns, boxOf, middle }: { top: number; columns: number; boxOf: BoxOf; middle: number },
): void {
  const heads = [...measures.map(([, name]) => name), "mean |∂L/∂w|"].slice(0, columns);
  heads.forEach((head, column) => {
    const box = boxOf(0, column);
    writeLetter(canvas, "abcd"[column], box.left - 2, top - 30);
    canvas.write(head, box.left + 14, top - 29);
  });
  canvas.write("concentration ratio, hubs over rest", 12, middle, { xanchor: "center", textangle: -90 });
}

function caption(
  rows: readonly GradientRow[],
  time: readonly GradientTimeRow[],
  datasets: readonly string[],
  options: Figure4Options,
): string {
  const { interval = defaultInterval, layer = 0, nullCurve = [], nullAlong = "one family" } = options;
  const curve = nullCurve.length > 0 ? `; the grey curve runs along ${nullAlong}` : "";
  const over = time.length > 0 ? " (d) The ratio of c over training." : "";
  return (
    `Gradient concentration in layer ${layer + 1} of networks with fixed masks, on ${enumerate(datasets.map(datasetLabel))}: mean over hubs (the tenth of the neurons with the largest fan-in) over the mean over the rest. ` +
    `(a–c) By fan-in CV after training, of each neuron's L2 norm, sum and mean |∂L/∂w|. Short grey bars: the mechanical null of the same fan-ins, that is what the ratio is when gradients ignore fan-in${curve}; for the mean it is 1.${over} ` +
    `A lognormal's colour darkens with its CV. Logarithmic scales. ${describeBars([...rows, ...time], interval)}${describeProtocol(options)}`
  );
}

function describe(rows: readonly GradientRow[], datasets: readonly string[]): string {
  const cells = datasets.flatMap((dataset) =>
    measures.flatMap(([measure, name]) => {
      const own = rows.filter((row) => row.dataset === dataset && row.measure === measure);
      if (own.length === 0) return [];
      const span = (values: readonly number[]): string =>
        `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
      return [
        `${datasetLabel(dataset)}, ${name}: ${span(own.map((row) => row.mean))}, null ${span(own.map((row) => row.null))}`,
      ];
    }),
  );
  return `Scatter plots of the gradient concentration ratio against fan-in CV, with the mechanical null. ${cells.join("; ")}.`;
}
