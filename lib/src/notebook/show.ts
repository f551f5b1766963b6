import type { Figure } from "../figures/figure";
import { escapeHtml, renderPng } from "./export";
import { type Cell, type Frame, frame, isFrame } from "./frames";
import { kernelDisplay } from "./kernel";
import { BrowserError } from "./plotly-page";

/** How a figure is shown. */
export interface ShowOptions {
  /** Whether the caption follows the figure. Default true. */
  readonly caption?: boolean;
  /** Pixels of the still image per CSS pixel. Default 1, for JupyterLab shows it unscaled until the mouse enters. */
  readonly scale?: number;
}

let saidNoBrowser = false;

/**
 * Shows a figure in the notebook: interactive where Plotly's renderer is installed, as a PNG elsewhere (GitHub), as its
 * alt text to a screen reader. Where there is no browser to draw the PNG with, it is left out, and that is said once.
 * Outside a notebook, the alt text and the caption are printed.
 */
export async function show(figure: Figure, options: ShowOptions = {}): Promise<void> {
  const write = kernelDisplay();
  if (write === undefined) {
    console.log(`${figure.name}: ${figure.alt}\n${figure.caption}`);
    return;
  }
  const { width, height } = figure.layout;
  const png = await stillImage(figure, options.scale ?? 1);
  const plotly = { data: figure.data, layout: figure.layout, config: { displaylogo: false } };
  const data = {
    "application/vnd.plotly.v1+json": plotly,
    ...(png === undefined ? {} : { "image/png": png.toString("base64") }),
    "text/plain": figure.alt,
  };
  write({ data, metadata: { "image/png": { width, height } }, transient: {} }, false);
  if (options.caption ?? true) {
    const markdown = `**${captionTitle(figure.name)}.** ${figure.caption}`;
    write({ data: { "text/markdown": markdown, "text/plain": figure.caption }, metadata: {}, transient: {} }, false);
  }
}

/** How a table is shown. */
export interface TableOptions {
  readonly caption?: string;
  /** Significant digits of numbers that are not whole. Default 4. */
  readonly digits?: number;
}

/** Shows a table as HTML, and as text where HTML is not shown; outside a notebook it prints the text. */
export function showTable(table: Frame | readonly object[], options: TableOptions = {}): void {
  const { columns, values } = isFrame(table) ? table : frame(table);
  const format = (cell: Cell): string => formatCell(cell, options.digits ?? 4);
  const texts = values.map((row) => row.map(format));
  const isNumeric = columns.map((_, i) => values.some((row) => typeof row[i] === "number"));
  const text = textTable(columns, texts, isNumeric, options.caption);
  const write = kernelDisplay();
  if (write === undefined) {
    console.log(text);
    return;
  }
  const html = htmlTable(columns, texts, isNumeric, options.caption);
  write({ data: { "text/html": html, "text/plain": text }, metadata: {}, transient: {} }, false);
}

/** "figure-1" → "Figure 1". */
function captionTitle(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function stillImage(figure: Figure, scale: number): Promise<Buffer | undefined> {
  try {
    return await renderPng(figure, { scale });
  } catch (error) {
    if (!(error instanceof BrowserError)) throw error;
    if (!saidNoBrowser) console.log(`Figures are shown without their still image (PNG). ${error.message}`);
    saidNoBrowser = true;
    return undefined;
  }
}

function formatCell(cell: Cell, digits: number): string {
  if (cell === null) return "–";
  if (typeof cell !== "number" || Number.isInteger(cell)) return String(cell).replace(/^-(?=\d)/, "−");
  if (Number.isNaN(cell)) return "–";
  return String(Number(cell.toPrecision(digits))).replace(/^-/, "−");
}

function htmlTable(columns: string[], texts: string[][], isNumeric: boolean[], caption: string | undefined): string {
  const cell = (tag: string) => (text: string, column: number) =>
    `<${tag} style="text-align:${isNumeric[column] ? "right" : "left"}">${escapeHtml(text)}</${tag}>`;
  const title = caption === undefined ? "" : `<caption>${escapeHtml(caption)}</caption>`;
  const body = texts.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`).join("\n");
  return `<table>${title}<thead><tr>${columns.map(cell("th")).join("")}</tr></thead>\n<tbody>\n${body}\n</tbody></table>`;
}

function textTable(columns: string[], texts: string[][], isNumeric: boolean[], caption: string | undefined): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...texts.map((row) => row[i].length)));
  const line = (cells: string[]): string =>
    cells
      .map((text, i) => (isNumeric[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [...(caption === undefined ? [] : [caption]), line(columns), rule, ...texts.map(line)].join("\n");
}
