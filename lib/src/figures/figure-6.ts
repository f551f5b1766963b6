import { type Canvas, createCanvas, writeLetter, writeNote } from "./canvas";
import {
  checkEstimates,
  datasetLabel,
  defaultInterval,
  describeBars,
  distinct,
  type Estimate,
  enumerate,
  signedPoints,
} from "./estimate";
import { describeProtocol, type Figure, type FigureOptions, figureName } from "./figure";
import { drawForest, forestHeight } from "./forest";
import { columnWidth, grey, type MethodStyle, mix, okabeIto } from "./theme";

/** How much better (−1 … 1) one network does than another of the same data set, paired by seed. */
export interface HubsRow extends Estimate {
  readonly dataset: string;
  /** "RigL", or what a static network inherits from it: "masks", "uncoupled", "degrees", "fan-ins", "fan-outs". */
  readonly network: string;
  /** What it is compared with: "ERK" in panel a; another network in panel b. */
  readonly baseline: string;
}

/** What else Figure 6 can be told. */
export interface Figure6Options extends FigureOptions {
  /** Differences within ± this count as none, and are shaded: 0.002 is 0.2 percentage points. */
  readonly margin?: number;
  /** How the intervals were made, for the caption. */
  readonly interval?: string;
}

/** From everything to least: the more is kept of RigL's masks, the darker. No start has this colour. */
const shade = (share: number): string => mix("#00332B", "#8FD0C0", share);

const networks: Readonly<Record<string, MethodStyle>> = {
  RigL: { label: "RigL itself", color: okabeIto.black, dash: "solid", symbol: "star" },
  masks: { label: "its masks", color: shade(0), dash: "solid", symbol: "square" },
  uncoupled: { label: "its masks, uncoupled", color: shade(0.25), dash: "solid", symbol: "square-open" },
  degrees: { label: "its degrees", color: shade(0.5), dash: "solid", symbol: "diamond" },
  "fan-ins": { label: "its fan-ins", color: shade(0.8), dash: "solid", symbol: "triangle-up" },
  "fan-outs": { label: "its fan-outs", color: shade(0.8), dash: "solid", symbol: "triangle-down" },
};

const erk: MethodStyle = { label: "ERK", color: okabeIto.blue, dash: "dash", symbol: "diamond" };

function networkStyle(network: string): MethodStyle {
  if (Object.hasOwn(networks, network)) return networks[network];
  if (network === "ERK") return erk;
  throw new RangeError(`figure6: no network is named "${network}"; known are ERK, ${Object.keys(networks).join(", ")}`);
}

const left = 168;
const right = 12;
const gap = 14;
const top = 60;
const blockGap = 92;

/** Figure 6: what static networks gain over ERK by what they inherit from RigL (a), and step by step (b). */
export function figure6(rows: readonly HubsRow[], options: Figure6Options = {}): Figure {
  checkEstimates("figure6", rows, 1);
  for (const row of rows) [row.network, row.baseline].map(networkStyle);
  const datasets = distinct(rows.map((row) => row.dataset));
  const blocks = blocksOf(rows, options.margin);
  const tall = blocks.reduce((sum, { lines }) => sum + forestHeight(lines.length) + blockGap, 0);
  const panelWidth = Math.min(240, (columnWidth.double - left - right - (datasets.length - 1) * gap) / datasets.length);
  const panels = datasets.length * (panelWidth + gap) - gap;
  const width = Math.max(options.note === undefined ? 440 : 560, left + panels + right);
  const height = top + tall - blockGap + 44;
  const canvas = createCanvas(width, height);
  let y = top;
  blocks.forEach((block, index) => {
    if (blocks.length > 1) writeLetter(canvas, "ab"[index], 6, y - 46);
    canvas.write(block.title, 24, y - 46);
    drawBlock(canvas, block, { rows, datasets, top: y, panelWidth });
    y += forestHeight(block.lines.length) + blockGap;
  });
  const unit = "difference (percentage points of test accuracy)";
  canvas.write(unit, left + Math.max(panels, 240) / 2, height - 12, { xanchor: "center" });
  writeNote(canvas, options.note, width - 8);
  return {
    name: figureName("figure-6", options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption: caption(rows, blocks.length > 1, datasets, options),
    alt: describe(rows, datasets),
  };
}

interface Line {
  readonly label: string;
  readonly network: string;
  readonly baseline: string;
}

/** A line of panels: differences of one kind, and the range of those that count as none. */
interface Block {
  readonly title: string;
  readonly lines: readonly Line[];
  readonly style: (line: Line) => MethodStyle;
  readonly band?: readonly [number, number];
}

function blocksOf(rows: readonly HubsRow[], margin: number | undefined): Block[] {
  const order = Object.keys(networks);
  const overErk = rows.filter((row) => row.baseline === "ERK");
  const kept = distinct(overErk.map((row) => row.network)).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const blocks: Block[] = [
    {
      title: "Gain over ERK with the same number of connections",
      lines: kept.map((network) => ({ label: networkStyle(network).label, network, baseline: "ERK" })),
      style: ({ network }) => networkStyle(network),
    },
    {
      title: "What each step of the chain is worth",
      lines: chainLines(rows.filter((row) => row.baseline !== "ERK")),
      style: () => step,
    },
  ];
  const band = margin === undefined ? {} : { band: [-margin, margin] as const };
  return blocks.filter(({ lines }) => lines.length > 0).map((block) => ({ ...block, ...band }));
}

interface BlockPlace {
  readonly rows: readonly HubsRow[];
  readonly datasets: readonly string[];
  readonly top: number;
  readonly panelWidth: number;
}

function drawBlock(canvas: Canvas, block: Block, { rows, datasets, top, panelWidth }: BlockPlace): void {
  const { lines, style, band } = block;
  datasets.forEach((dataset, column) => {
    const box = {
      left: left + column * (panelWidth + gap),
      top,
      width: panelWidth,
      height: forestHeight(lines.length),
    };
    canvas.write(`<b>${datasetLabel(dataset)}</b>`, box.left + panelWidth / 2, top - 12, { xanchor: "center" });
    const marks = lines.flatMap((line, index) =>
      rows
        .filter((row) => row.dataset === dataset && row.network === line.network && row.baseline === line.baseline)
        .map((row) => ({ ...row, line: index, style: style(line) })),
    );
    drawForest(canvas, box, {
      marks,
      labels: column === 0 ? lines.map(({ label }) => label) : null,
      lines: lines.length,
      scale: 100,
      reference: 0,
      ...(band === undefined ? {} : { band }),
    });
  });
}

const step: MethodStyle = { label: "difference", color: grey.text, dash: "solid", symbol: "circle" };

function chainLines(rows: readonly HubsRow[]): Line[] {
  const short = (network: string): string => networkStyle(network).label.replace(/^its | itself$/g, "");
  const pairs = distinct(rows.map((row) => JSON.stringify([row.network, row.baseline])));
  return pairs.map((pair) => {
    const [network, baseline]: string[] = JSON.parse(pair);
    return { label: `${short(network)} − ${short(baseline)}`, network, baseline };
  });
}

function caption(
  rows: readonly HubsRow[],
  hasChain: boolean,
  datasets: readonly string[],
  options: Figure6Options,
): string {
  const { margin, interval = defaultInterval } = options;
  const band =
    margin === undefined
      ? ""
      : ` Shaded: differences within ± ${Number((100 * margin).toFixed(3))} percentage points, which count as none.`;
  return (
    `What a network gains from the topology that RigL found, on ${enumerate(datasets.map(datasetLabel))}: static networks with fresh weights that inherit from RigL's final masks, and RigL itself. ` +
    `${hasChain ? "(a) " : ""}Differences to random ERK masks (vertical line): its masks; masks with each layer's neurons permuted against the next layer (uncoupled); fan-ins and fan-outs, other pairs (degrees); fan-ins with other inputs; fan-outs with equal fan-ins.` +
    `${hasChain ? ` (b) Differences along that chain.` : ""}${band} All paired by seed. ${describeBars(rows, interval)} Scales differ between panels.${describeProtocol(options)}`
  );
}

function describe(rows: readonly HubsRow[], datasets: readonly string[]): string {
  const cells = datasets.map((dataset) => {
    const own = rows.filter((row) => row.dataset === dataset);
    const values = own.map((row) => `${row.network} minus ${row.baseline} ${signedPoints(row.mean)}`);
    return `${datasetLabel(dataset)}: ${values.join(", ")}`;
  });
  return `Forest plots of paired differences in percentage points. ${cells.join("; ")}.`;
}
