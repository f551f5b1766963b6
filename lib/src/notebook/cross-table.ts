import type { Cell, Row } from "./frames";

/** How a cross table is laid out. */
export interface CrossTable<T> {
  /** The leading cells of a row's line, by column. */
  readonly down: (row: T) => Row;
  /** The column that a row's cell stands in. */
  readonly across: (row: T) => string;
  readonly cell: (row: T) => Cell;
  /** Columns that come first, in this order, as far as any row stands in them. */
  readonly order?: readonly string[];
}

/**
 * Rows as a table with two heads: a line for each distinct `down`, a column for each distinct `across`, in order of first
 * appearance unless `order` says another. Null stands where there is no row.
 *
 * @throws RangeError where two rows have the same place, or an `across` is a column of `down`
 */
export function crossTable<T>(rows: readonly T[], { down, across, cell, order = [] }: CrossTable<T>): Row[] {
  const found = new Set(rows.map(across));
  const columns = [...new Set([...order.filter((column) => found.has(column)), ...found])];
  const lines = new Map<string, { head: Row; cells: Map<string, Cell> }>();
  for (const row of rows) {
    const [head, column] = [down(row), across(row)];
    const key = JSON.stringify(head);
    const line = lines.get(key) ?? { head, cells: new Map<string, Cell>() };
    lines.set(key, line);
    if (line.cells.has(column))
      throw new RangeError(`crossTable: two rows stand at ${key}, "${column}"; tell them apart`);
    if (Object.hasOwn(head, column)) throw new RangeError(`crossTable: "${column}" is across and down; rename one`);
    line.cells.set(column, cell(row));
  }
  return [...lines.values()].map(({ head, cells }) => {
    return { ...head, ...Object.fromEntries(columns.map((column) => [column, cells.get(column) ?? null])) };
  });
}
