import type { Box, Canvas } from "./canvas";
import { signedPoints } from "./estimate";
import { fontSize, grey, mix, okabeIto } from "./theme";

/** One cell of a heat map of gains. */
export interface GainCell {
  readonly row: number;
  readonly column: number;
  /** −1 … 1 */
  readonly gain: number;
  readonly significant: boolean;
}

/** Where the colours of gains change, in percentage points, to either side of 0. */
export const gainSteps: readonly number[] = [0.1, 0.3, 1, 3];

const missing = "#EFEFEF";
const tints = [0.22, 0.42, 0.66, 0.95];

/** From the largest loss over nothing to the largest gain, then a cell without runs. */
const colors: readonly string[] = [
  ...[...tints].reverse().map((tint) => mix("#FFFFFF", okabeIto.vermillion, tint)),
  "#FFFFFF",
  ...tints.map((tint) => mix("#FFFFFF", okabeIto.blue, tint)),
  missing,
];

/** The names of a heat map's rows and columns. */
export interface HeatMapAxes {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly hasRowNames: boolean;
}

/** A heat map of gains with their numbers, bold and starred where significant; a dash where there is no cell. */
export function drawHeatMap(canvas: Canvas, box: Box, cells: readonly GainCell[], names: HeatMapAxes): void {
  const { rows, columns, hasRowNames } = names;
  const at = (row: number, column: number): GainCell | undefined =>
    cells.find((cell) => cell.row === row && cell.column === column);
  const grid = <T>(value: (cell: GainCell | undefined) => T): T[][] =>
    rows.map((_, row) => columns.map((__, column) => value(at(row, column))));
  const bare = { showgrid: false, ticks: "", fixedrange: true };
  const axes = canvas.panel(
    box,
    {
      ...bare,
      side: "top",
      range: [-0.5, columns.length - 0.5],
      tickvals: columns.map((_, i) => i),
      ticktext: columns,
    },
    {
      ...bare,
      range: [rows.length - 0.5, -0.5],
      tickvals: rows.map((_, i) => i),
      ticktext: rows,
      showticklabels: hasRowNames,
    },
  );
  canvas.traces.push({
    type: "heatmap",
    z: grid((cell) => (cell ? gainBin(cell.gain) : colors.length - 1)),
    text: grid(cellText),
    texttemplate: "%{text}",
    textfont: { size: fontSize.tick },
    zmin: -0.5,
    zmax: colors.length - 0.5,
    colorscale: colors.flatMap((color, i) => [i, i + 1].map((edge) => [edge / colors.length, color])),
    showscale: false,
    xgap: 1,
    ygap: 1,
    ...axes,
    hoverinfo: "skip",
  });
}

/** 0 is the largest loss; the middle holds what is nearer to 0 than the first step. */
function gainBin(gain: number): number {
  const beyond = gainSteps.filter((step) => Math.abs(100 * gain) >= step).length;
  return gainSteps.length + (gain < 0 ? -beyond : beyond);
}

function cellText(cell: GainCell | undefined): string {
  if (cell === undefined) return "–";
  const text = signedPoints(cell.gain);
  return cell.significant ? `<b>${text}*</b>` : text;
}

const gainKeyWidth = 9 * 32;

/** What the colours of gains mean, as a strip whose left upper corner is given. */
export function drawGainKey(canvas: Canvas, left: number, top: number): void {
  const edges = [...[...gainSteps].reverse().map((step) => `−${step}`), ...gainSteps.map(String)];
  const box = { left, top, width: gainKeyWidth, height: 10 };
  const bare = { showgrid: false, ticks: "", showline: true, mirror: true, fixedrange: true };
  const axes = canvas.panel(
    box,
    { ...bare, range: [-0.5, 8.5], tickvals: edges.map((_, i) => i + 0.5), ticktext: edges },
    { ...bare, range: [-0.5, 0.5], showticklabels: false },
  );
  canvas.traces.push({
    type: "heatmap",
    z: [edges.concat("").map((_, i) => i)],
    zmin: -0.5,
    zmax: colors.length - 0.5,
    colorscale: colors.flatMap((color, i) => [i, i + 1].map((edge) => [edge / colors.length, color])),
    showscale: false,
    ...axes,
    hoverinfo: "skip",
  });
  canvas.write("pp", left + gainKeyWidth + 6, top + 18, { font: { size: fontSize.tick, color: grey.text } });
}
