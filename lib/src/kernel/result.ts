import { inspect } from "node:util";
import type { PlotlyFigure } from "../notebook/export";
import type { Bundle } from "../notebook/figure-bundle";
import type { Table } from "../notebook/table";

/**
 * What a cell's last expression is shown as: danfo's frames and series as a table, Plotly figures as a figure, the rest
 * as text, as `console.log` would print it. Other code of the project is loaded only when it is needed.
 */
export async function resultBundle(value: unknown): Promise<Bundle> {
  const table = asTable(value);
  if (table !== undefined) {
    const { tableBundle }: typeof import("../notebook/table") = require("../notebook/table");
    return { data: tableBundle(table, { rows: 30 }), metadata: {} };
  }
  if (isFigure(value)) {
    const { figureBundle }: typeof import("../notebook/figure-bundle") = require("../notebook/figure-bundle");
    return figureBundle(value);
  }
  return { data: { "text/plain": typeof value === "string" ? value : inspect(value) }, metadata: {} };
}

/** The columns and rows of danfo's DataFrame, or of its Series with the index in front. */
function asTable(value: unknown): Table | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { columns, values, shape, index, print } = value as Record<string, unknown>;
  const isDanfo = typeof print === "function" && [columns, values, shape, index].every(Array.isArray);
  if (!isDanfo) return undefined;
  const names = (columns as unknown[]).map(String);
  if ((shape as number[]).length === 2 && Array.isArray((values as unknown[])[0] ?? [])) {
    return { columns: names, values: values as unknown[][] };
  }
  const labels = index as unknown[];
  return { columns: ["", ...names], values: (values as unknown[]).map((cell, i) => [labels[i], cell]) };
}

/** A Plotly figure: traces and a layout, and nothing that would be lost. */
function isFigure(value: unknown): value is PlotlyFigure & { readonly alt?: string } {
  if (typeof value !== "object" || value === null) return false;
  const { data, layout } = value as Record<string, unknown>;
  const isTrace = (trace: unknown): boolean => typeof trace === "object" && trace !== null && !Array.isArray(trace);
  return Array.isArray(data) && data.every(isTrace) && isTrace(layout);
}
