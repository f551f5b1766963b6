import { inspect } from "node:util";
import { escapeHtml } from "./export";

/** Columns and rows, as danfo's frames have them. */
export interface Table {
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** How a table is written. */
export interface TableFormat {
  readonly caption?: string;
  /** Significant digits of numbers that are not whole. Default 4. */
  readonly digits?: number;
  /** Of longer tables the first rows and the last five are written, so many in all. Default: all. */
  readonly rows?: number;
}

/** Rows from the end of a table that is too long. */
const lastRows = 5;

/** A table as HTML, and as text for where HTML is not shown. */
export function tableBundle(
  { columns, values }: Table,
  { caption, digits = 4, rows = values.length }: TableFormat = {},
): { readonly "text/html": string; readonly "text/plain": string } {
  const isCut = values.length > Math.max(rows, lastRows + 1);
  const shown = isCut ? [...values.slice(0, rows - lastRows), ...values.slice(-lastRows)] : values;
  const texts = shown.map((row) => row.map((cell) => formatCell(cell, digits)));
  if (isCut) texts.splice(rows - lastRows, 0, Array<string>(columns.length).fill("…"));
  const parts = {
    columns,
    texts,
    isNumeric: columns.map((_, i) => values.some((row) => typeof row[i] === "number")),
    caption,
    note: isCut ? `${values.length} rows × ${columns.length} columns` : undefined,
  };
  return { "text/html": htmlTable(parts), "text/plain": textTable(parts) };
}

interface TableParts {
  readonly columns: readonly string[];
  readonly texts: readonly (readonly string[])[];
  readonly isNumeric: readonly boolean[];
  readonly caption: string | undefined;
  readonly note: string | undefined;
}

function formatCell(cell: unknown, digits: number): string {
  if (cell === null || cell === undefined || Number.isNaN(cell)) return "–";
  if (typeof cell === "object") return inspect(cell, { breakLength: Number.POSITIVE_INFINITY });
  if (typeof cell !== "number" || Number.isInteger(cell)) return String(cell).replace(/^-(?=\d)/, "−");
  return String(Number(cell.toPrecision(digits))).replace(/^-/, "−");
}

/** Captions are centred, close to what is above, unless told otherwise: by `align` where styles are stripped. */
const captionHtml = (text: string): string =>
  `<caption style="text-align:left;padding:.8em 0 .3em"><div align="left">${escapeHtml(text)}</div></caption>`;

/** Text whose numbers no line break parts from their intervals and units: "0.78 ± 0.02", "+1.5 % [0.2, 2.8]". */
function unbroken(text: string): string {
  return text.replace(/ (?=[±%]|\[[^\s\]]+, [^\s\]]+\])|(?<=±|\[[^\s\]]+,) /g, "\u00A0");
}

function htmlTable({ columns, texts, isNumeric, caption, note }: TableParts): string {
  const cell = (tag: string) => (text: string, column: number) =>
    `<${tag} style="text-align:${isNumeric[column] ? "right" : "left"}">${escapeHtml(unbroken(text))}</${tag}>`;
  const title = caption === undefined ? "" : captionHtml(caption);
  const body = texts.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`).join("\n");
  const table = `<table>${title}<thead><tr>${columns.map(cell("th")).join("")}</tr></thead>\n<tbody>\n${body}\n</tbody></table>`;
  return note === undefined ? table : `${table}\n<p>${note}</p>`;
}

function textTable({ columns, texts, isNumeric, caption, note }: TableParts): string {
  const widths = columns.map((column, i) => Math.max(column.length, ...texts.map((row) => row[i].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => (isNumeric[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  const head = caption === undefined ? [] : [caption];
  return [...head, line(columns), rule, ...texts.map(line), ...(note === undefined ? [] : [note])].join("\n");
}
