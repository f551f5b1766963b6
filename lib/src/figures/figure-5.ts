import { type Canvas, createCanvas, writeLetter, writeNote } from "./canvas";
import { checkEstimates, datasetLabel, distinct, type Estimate, enumerate } from "./estimate";
import { drawEnds, drawEvolution, type FanInColumn, panelHeight } from "./fan-in-panels";
import { type Figure, type FigureOptions, figureName } from "./figure";
import { drawForest, type ForestMark, forestHeight } from "./forest";
import { drawLegend, legendEntries, legendHeight } from "./legend";
import { columnWidth, compareMethods, grey, type MethodStyle, okabeIto } from "./theme";

/** Where a row of Figure 5 belongs. */
export interface EquilibriumPlace {
  readonly dataset: string;
  /** "plain", "tuned" */
  readonly protocol: string;
  /** 0 is the layer next to the inputs. */
  readonly layer: number;
}

/** The fan-in CV of one layer of one run at one step. */
export interface FanInEvolutionRow extends EquilibriumPlace {
  readonly start: string;
  readonly seed: number;
  /** Training step, 0 at the start. */
  readonly step: number;
  readonly cv: number;
}

/** The fan-ins of one layer of one run at the end of training. */
export interface FanInEndRow extends EquilibriumPlace {
  readonly start: string;
  readonly seed: number;
  /** One per neuron, in any order. */
  readonly fanIn: readonly number[];
}

/**
 * How near the ends of different starts are to each other: over their distance before training (contraction), or over
 * that of runs of one start (equivalence). `mean` is the ratio, `n` the number of seeds.
 */
export interface EquilibriumRatioRow extends Estimate, EquilibriumPlace {
  readonly measure: "contraction" | "equivalence";
  /** Which runs: "long runs", "runs of Figure 3"; rows of one name stand together under it. */
  readonly runs: string;
}

export interface Figure5Tables {
  /** Panel a. */
  readonly evolution: readonly FanInEvolutionRow[];
  /** Panel b; without it there is none. */
  readonly ends?: readonly FanInEndRow[];
  /** Panel c, of all data sets; without it there is none. */
  readonly ratios?: readonly EquilibriumRatioRow[];
}

/** What else Figure 5 can be told. */
export interface Figure5Options extends FigureOptions {
  /** The data set of panels a and b, added to the file name; the first of `evolution` where it is not given. */
  readonly dataset?: string;
  /** Below it, ends count as one law: 1.25 where it is not given. */
  readonly margin?: number;
  /** How the bounds of ratios were made, for the caption. */
  readonly interval?: string;
}

const width = columnWidth.double;
const [left, right] = [58, 12];
const protocolGap = 26;
const layerGap = 12;

/**
 * Figure 5: where RigL takes fan-ins. Their CV during training by start (a), their distributions at the end (b), and
 * how far the starts still differ (c); layers and protocols side by side.
 */
export function figure5(tables: Figure5Tables, options: Figure5Options = {}): Figure {
  const { evolution, ends = [], ratios = [] } = tables;
  if (evolution.length === 0) throw new RangeError("figure5: the table evolution has no rows; pass at least one");
  if (ratios.length > 0) checkEstimates("figure5: ratios", ratios, Number.MAX_VALUE);
  const { dataset = evolution[0].dataset, margin = 1.25 } = options;
  const shown = evolution.filter((row) => row.dataset === dataset);
  if (shown.length === 0) throw new RangeError(`figure5: no row of evolution is of ${dataset}; pass a data set it has`);
  const shownEnds = ends.filter((row) => row.dataset === dataset);
  const starts = distinct([...shown, ...shownEnds].map((row) => row.start)).sort(compareMethods);
  const legend = legendEntries(starts, { line: true, marker: false });
  const legendWidth = width - left - right;
  const columns = columnsOf([...shown, ...shownEnds]);
  const top = 20 + legendHeight(legend, legendWidth) + 52;
  const endTop = top + panelHeight + 84;
  const ratioTop = (shownEnds.length > 0 ? endTop : top) + panelHeight + 88;
  const lines = linesOf(ratios);
  const height = (ratios.length > 0 ? ratioTop + forestHeight(lines.length) + 8 : ratioTop - 82) + 42;
  const canvas = createCanvas(width, height);
  canvas.write(`<b>${datasetLabel(dataset)}</b>`, left, 9);
  drawLegend(canvas, legend, { left, top: 20, width: legendWidth });
  drawEvolution(canvas, top, columns, shown);
  if (shownEnds.length > 0) drawEnds(canvas, endTop, columns, shownEnds);
  if (ratios.length > 0) drawRatios(canvas, ratioTop, ratios, { lines, margin });
  writeNote(canvas, options.note, width - 8);
  return {
    name: figureName(options.dataset === undefined ? "figure-5" : `figure-5-${dataset}`, options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption: caption({ evolution: shown, ends: shownEnds, ratios }, { ...options, dataset, margin }),
    alt: describe(shown, ratios, dataset),
  };
}

/** A column for each layer under each protocol; those of one protocol stand closer. */
function columnsOf(rows: readonly EquilibriumPlace[]): FanInColumn[] {
  const protocols = distinct(rows.map((row) => row.protocol)).sort();
  const places = protocols.flatMap((protocol) => {
    const layers = distinct(rows.filter((row) => row.protocol === protocol).map((row) => row.layer));
    return layers.sort((a, b) => a - b).map((layer, i) => ({ protocol, layer, isFirst: i === 0 }));
  });
  const gaps = protocolGap * (protocols.length - 1) + layerGap * (places.length - protocols.length);
  const panelWidth = (width - left - right - gaps) / places.length;
  let x = left;
  return places.map((place, i) => {
    if (i > 0) x += panelWidth + (place.isFirst ? protocolGap : layerGap);
    return { ...place, left: x, width: panelWidth };
  });
}

const protocolStyles: readonly MethodStyle[] = [
  { label: "plain", color: okabeIto.blue, dash: "solid", symbol: "circle" },
  { label: "tuned", color: okabeIto.vermillion, dash: "solid", symbol: "diamond-open" },
];

/** Protocols other than the two are drawn alike. */
const protocolStyle = (protocol: string): MethodStyle =>
  protocolStyles.find(({ label }) => label === protocol) ?? {
    label: protocol,
    color: grey.axis,
    dash: "solid",
    symbol: "square-open",
  };

interface RatioLine {
  readonly label: string;
  /** Null for the heading of a group of runs. */
  readonly key: string | null;
}

const keyOf = (row: EquilibriumRatioRow): string => JSON.stringify([row.runs, row.dataset, row.layer]);

function linesOf(ratios: readonly EquilibriumRatioRow[]): RatioLine[] {
  return distinct(ratios.map((row) => row.runs)).flatMap((runs) => {
    const own = ratios.filter((row) => row.runs === runs);
    const lines = distinct(own.map((row) => row.dataset)).flatMap((dataset) => {
      const layers = distinct(own.filter((row) => row.dataset === dataset).map((row) => row.layer));
      return layers
        .sort((a, b) => a - b)
        .map((layer): RatioLine => {
          const label = `${datasetLabel(dataset)}, layer ${layer + 1}`;
          return { label, key: JSON.stringify([runs, dataset, layer]) };
        });
    });
    return [{ label: `<b>${runs}</b>`, key: null }, ...lines];
  });
}

function drawRatios(
  canvas: Canvas,
  top: number,
  ratios: readonly EquilibriumRatioRow[],
  { lines, margin }: { readonly lines: readonly RatioLine[]; readonly margin: number },
): void {
  const labelled = 172;
  const panelWidth = (width - labelled - right - 24) / 2;
  const protocols = distinct(ratios.map((row) => row.protocol)).sort();
  writeLetter(canvas, "c", 6, top - 40);
  canvas.write("How far starts still differ", 24, top - 40);
  const key = protocols.map((protocol) => ({ style: protocolStyle(protocol), line: true, marker: true }));
  drawLegend(canvas, key, { left: labelled + 60, top: top - 48, width: 90 * key.length + 40 });
  const titles = { contraction: "contraction C (1: none)", equivalence: "equivalence ratio R (1: one law)" } as const;
  (["contraction", "equivalence"] as const).forEach((measure, column) => {
    const box = {
      left: labelled + column * (panelWidth + 24),
      top,
      width: panelWidth,
      height: forestHeight(lines.length),
    };
    const own = ratios.filter((row) => row.measure === measure);
    const marks = own.map((row): ForestMark => {
      const shift = (protocols.indexOf(row.protocol) - (protocols.length - 1) / 2) * 0.36;
      const line = lines.findIndex(({ key: each }) => each === keyOf(row)) + shift;
      return { ...row, line, style: protocolStyle(row.protocol) };
    });
    drawForest(canvas, box, {
      marks,
      labels: column === 0 ? lines.map(({ label }) => label) : null,
      lines: lines.length,
      scale: 1,
      isLog: true,
      reference: 1,
      ...(measure === "equivalence" ? { margin } : {}),
    });
    canvas.write(titles[measure], box.left + panelWidth / 2, top - 12, { xanchor: "center" });
  });
}

function caption(
  { evolution, ends = [], ratios = [] }: Figure5Tables,
  options: Figure5Options & { readonly dataset: string; readonly margin: number },
): string {
  const seeds = distinct(evolution.map((row) => row.seed)).length;
  const { interval = "one-sided 95 % bootstrap bounds over seeds" } = options;
  const a =
    `Fan-ins of layers that RigL trains from different starts, on ${datasetLabel(options.dataset)} under ${enumerate(distinct(evolution.map((row) => row.protocol)).sort())}. ` +
    `${ends.length + ratios.length > 0 ? "(a) " : ""}Fan-in CV during training: thin lines are runs, thick lines their means over up to ${seeds} ${seeds === 1 ? "seed" : "seeds"}.`;
  const b =
    ends.length > 0
      ? " (b) Fan-in at the end over its mean: share of neurons up to a value, all seeds of a start together."
      : "";
  const counts = ratios.map((row) => row.n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const c =
    ratios.length > 0
      ? ` (c) Distance between runs of different starts at the end, over the same before training (C) and over that between seeds of one start (R); dashed: the margin of ${options.margin}, fixed before the full runs, below which all of a bar must lie for the ends to count as one law. Bars: ${interval} (n = ${least === most ? most : `${least} to ${most}`}). Logarithmic scales.`
      : "";
  return a + b + c;
}

function describe(rows: readonly FanInEvolutionRow[], ratios: readonly EquilibriumRatioRow[], dataset: string): string {
  const ends = columnsOf(rows).map(({ protocol, layer }) => {
    const own = rows.filter((row) => row.protocol === protocol && row.layer === layer);
    const last = Math.max(...own.map((row) => row.step));
    const values = own.filter((row) => row.step === last).map((row) => row.cv);
    return `${protocol}, layer ${layer + 1} ends at ${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
  });
  const said = ratios
    .filter((row) => row.measure === "equivalence")
    .map(
      (row) =>
        `${row.runs}, ${datasetLabel(row.dataset)}, ${row.protocol}, layer ${row.layer + 1}: ${row.mean.toFixed(2)}`,
    );
  const equivalence = said.length > 0 ? ` Equivalence ratios: ${said.join("; ")}.` : "";
  return `Line plots of fan-in CV against training step by start, on ${datasetLabel(dataset)}: ${ends.join("; ")}.${equivalence}`;
}
