import { type Canvas, createCanvas, writeNote } from "./canvas";
import { type Estimate, signedPoints } from "./estimate";
import { drawForest, type ForestPanel, forestHeight, forestRange } from "./forest";
import { columnWidth, methodStyle } from "./theme";
import { commonRanges } from "./ticks";

/** One estimate of a grid of forest plots; all in shares (0.01 is one percentage point). */
export interface ForestCell extends Estimate {
  readonly line: string;
  readonly column: string;
  readonly method: string;
}

/** A grid of forest plots: panels in lines and columns, in each a line for every method. */
export interface ForestGrid {
  readonly cells: readonly ForestCell[];
  /** Titles of lines and columns, in order; those of columns stand above every line. */
  readonly lines: readonly string[];
  readonly columns: readonly string[];
  /** In the order in which they are listed. */
  readonly methods: readonly string[];
  /** What the horizontal axes show. */
  readonly title: string;
  readonly margin?: number;
  /** How much longer than its own a panel's range may become to share one with others of its line; 1: each its own. */
  readonly stretch: number;
  readonly note: string | undefined;
}

const left = 154;
const right = 12;
const top = 42;
const gap = { x: 12, y: 52 };

/** Draws panels of differences in percentage points around 0. */
export function forestGrid(grid: ForestGrid): Canvas {
  const { lines, columns, methods } = grid;
  const panelHeight = forestHeight(methods.length);
  const panelWidth = (columnWidth.double - left - right - (columns.length - 1) * gap.x) / columns.length;
  const drawn = Math.min(panelWidth, 300);
  const width = left + columns.length * (drawn + gap.x) - gap.x + right;
  const height = top + lines.length * (panelHeight + gap.y) - gap.y + 46;
  const canvas = createCanvas(width, height);
  lines.forEach((line, i) => {
    const y = top + i * (panelHeight + gap.y);
    if (line !== "") canvas.write(`<b>${line}</b>`, left - 10, y - 10, { xanchor: "right" });
    panelsOf(line, grid).forEach((panel, j) => {
      const column = columns[j];
      const box = { left: left + j * (drawn + gap.x), top: y, width: drawn, height: panelHeight };
      drawForest(canvas, box, panel);
      canvas.write(column, box.left + drawn / 2, y - 10, { xanchor: "center" });
    });
  });
  canvas.write(grid.title, left + (width - left - right) / 2, height - 12, { xanchor: "center" });
  writeNote(canvas, grid.note, width - 8);
  return canvas;
}

function panelsOf(line: string, { cells, columns, methods, margin, stretch }: ForestGrid): ForestPanel[] {
  const panels = columns.map((column, j): ForestPanel => {
    const own = cells.filter((cell) => cell.line === line && cell.column === column);
    return {
      marks: own.map((cell) => ({ ...cell, line: methods.indexOf(cell.method), style: methodStyle(cell.method) })),
      labels: j === 0 ? methods.map((method) => methodStyle(method).label) : null,
      lines: methods.length,
      scale: 100,
      reference: 0,
      margin,
    };
  });
  const filled = panels.filter(({ marks }) => marks.length > 0);
  const ranges = commonRanges(filled.map(forestRange), stretch);
  return panels.map((panel) => ({ ...panel, range: ranges[filled.indexOf(panel)] }));
}

/** The numbers of a grid in words, for those who cannot see it. */
export function describeForest({ cells, lines, columns }: ForestGrid): string {
  return lines
    .flatMap((line) =>
      columns.map((column) => {
        const own = cells.filter((cell) => cell.line === line && cell.column === column);
        const values = own.map((cell) => `${methodStyle(cell.method).label} ${signedPoints(cell.mean)}`);
        const where = [line, column].filter((part) => part !== "").join(" at ");
        return `${where}: ${values.length > 0 ? values.join(", ") : "not yet run"}`;
      }),
    )
    .join("; ");
}
