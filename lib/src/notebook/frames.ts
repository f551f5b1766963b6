import { prepareTensorFlowForDanfo } from "../engines/tensorflow";
import { studentCritical } from "../statistics/distributions";

/** One value of a table. */
export type Cell = number | string | boolean | null;

/** One row of a table. */
export interface Row {
  readonly [column: string]: Cell;
}

/**
 * A danfo DataFrame, as far as it can be trusted: danfo 1.2 merges groups whose keys look alike when joined, lets one
 * NaN spoil a mean, gives one row a standard deviation of 0 and quotes nothing in CSV. So {@link aggregate} and
 * {@link toCsv} stand here, and danfo's own are not part of this type.
 */
export interface Frame {
  readonly columns: string[];
  /** Rows and columns. */
  readonly shape: number[];
  readonly values: Cell[][];
  /** Prints the first rows as text. */
  print(): void;
}

/** `sd` divides by n − 1; `low` and `high` bound the 95 % t interval of the mean. All three are NaN for one value. */
export type Statistic = "mean" | "sd" | "count" | "sum" | "min" | "max" | "median" | "low" | "high";

/** How rows are gathered. */
export interface Aggregation {
  /** The columns whose values, together, name a group; none makes one group of all rows. */
  readonly by: readonly string[];
  /** New columns: what each is called, the column it comes from, and the statistic. */
  readonly measures: Readonly<Record<string, readonly [column: string, statistic: Statistic]>>;
  /** What to do with NaN and null in a measured column: refuse (default), or leave those rows out of that measure. */
  readonly missing?: "refuse" | "drop";
}

/**
 * A danfo frame of rows, which must all have the same columns; `columns` is needed only where there are no rows.
 *
 * @throws TypeError for a row that lacks a column or has another, and for a value that is no number, text, boolean or null
 */
export function frame(table: readonly object[], columns?: readonly string[]): Frame {
  const names = columns ?? Object.keys(table[0] ?? {});
  const values = table.map((row, index) => cellsOf(row, index, names));
  return new (danfo().DataFrame)(values, { columns: [...names] });
}

/** The rows of a frame as plain objects; `T` says what the columns are known to hold, and is not checked. */
export function rows<T extends object = Row>(table: Frame): T[] {
  return table.values.map((values) => Object.fromEntries(table.columns.map((column, i) => [column, values[i]])) as T);
}

/**
 * Groups rows and computes one row a group, in order of first appearance. Values of different type or spelling are
 * different groups, whatever characters they hold. No rows give no groups.
 *
 * @throws RangeError for an unknown column, a name used twice, or a missing value that is not to be dropped
 */
export function aggregate(table: Frame | readonly object[], aggregation: Aggregation): Frame {
  const source = isFrame(table) ? table : frame(table);
  const { by, measures } = aggregation;
  const names = [...by, ...Object.keys(measures)];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`aggregate: the column "${twice}" would exist twice; rename one`);
  if (source.shape[0] === 0) return frame([], names);
  const keys = by.map((column) => columnOf(source, column));
  const { groupOf, first } = groupRows(keys, by, source.shape[0]);
  const computed = Object.entries(measures).map(([name, [column, statistic]]) => {
    const values = columnOf(source, column);
    const kept = presentValues(values, { column, name, missing: aggregation.missing ?? "refuse" });
    return measure(kept, groupOf, first.length, statistic);
  });
  const result = first.map((row, group) => [
    ...keys.map((key) => key[row]),
    ...computed.map((values) => values[group]),
  ]);
  return new (danfo().DataFrame)(result, { columns: names });
}

/** A table as CSV (RFC 4180, lines end in "\n"): texts with commas, quotes or line ends are quoted; null is empty. */
export function toCsv(table: Frame | readonly object[]): string {
  const source = isFrame(table) ? table : frame(table);
  const field = (cell: Cell): string => {
    const text = cell === null ? "" : String(cell);
    return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [source.columns, ...source.values].map((line) => `${line.map(field).join(",")}\n`).join("");
}

/** Whether a table is a frame and not an array of rows. */
export function isFrame(table: Frame | readonly object[]): table is Frame {
  return !Array.isArray(table);
}

interface Danfo {
  readonly DataFrame: new (values: unknown[][], options: { columns: string[] }) => Frame & Grouping;
}

interface Grouping {
  groupby(keys: string[]): { agg(operations: Record<string, string[]>): Frame };
}

function danfo(): Danfo {
  prepareTensorFlowForDanfo();
  return require("danfojs-node");
}

function cellsOf(row: object, index: number, names: readonly string[]): Cell[] {
  const record = row as Record<string, Cell>;
  const strange = Object.keys(record).find((name) => !names.includes(name));
  if (strange !== undefined)
    throw new TypeError(`frame: row ${index} has a column "${strange}" that the first has not`);
  return names.map((name) => {
    const cell = Object.hasOwn(record, name) ? record[name] : undefined;
    if (cell === null || ["number", "string", "boolean"].includes(typeof cell)) return cell as Cell;
    const problem = cell === undefined ? "no value" : `a value of type ${typeof cell}`;
    throw new TypeError(`frame: row ${index} has ${problem} in column "${name}"; use a number, text, boolean or null`);
  });
}

function columnOf(table: Frame, column: string): Cell[] {
  const index = table.columns.indexOf(column);
  if (index < 0) throw new RangeError(`aggregate: no column "${column}"; there are ${table.columns.join(", ")}`);
  return table.values.map((row) => row[index]);
}

/** Numbers the groups: the group of each row, and the first row of each group. */
function groupRows(keys: Cell[][], by: readonly string[], count: number): { groupOf: number[]; first: number[] } {
  const numbers = new Map<string, number>();
  const first: number[] = [];
  const groupOf = Array.from({ length: count }, (_, row) => {
    const parts = keys.map((column, i) => {
      if (Number.isNaN(column[row])) throw new RangeError(`aggregate: row ${row} has NaN in the key column "${by[i]}"`);
      return [typeof column[row], String(column[row])];
    });
    const name = JSON.stringify(parts);
    const group = numbers.get(name) ?? first.push(row) - 1;
    numbers.set(name, group);
    return group;
  });
  return { groupOf, first };
}

interface PresentValue {
  readonly row: number;
  readonly value: number;
}

function presentValues(
  values: readonly Cell[],
  { column, name, missing }: { column: string; name: string; missing: "refuse" | "drop" },
): PresentValue[] {
  return values.flatMap((value, row) => {
    if (typeof value === "number" && !Number.isNaN(value)) return [{ row, value }];
    if (value !== null && typeof value !== "number") {
      throw new RangeError(`aggregate: "${name}" measures "${column}", which is no number in row ${row}: ${value}`);
    }
    if (missing === "drop") return [];
    throw new RangeError(
      `aggregate: "${name}" measures "${column}", which is ${value} in row ${row}; pass missing: "drop" to leave it out`,
    );
  });
}

/** danfo groups by one whole number, the only key that it cannot confuse; what it gets wrong is computed from the rest. */
function measure(
  kept: readonly PresentValue[],
  groupOf: readonly number[],
  groups: number,
  statistic: Statistic,
): number[] {
  const empty = statistic === "count" || statistic === "sum" ? 0 : Number.NaN;
  const result = new Array<number>(groups).fill(empty);
  if (kept.length === 0) return result;
  const table = new (danfo().DataFrame)(
    kept.map(({ row, value }) => [groupOf[row], value]),
    { columns: ["group", "value"] },
  );
  const operations = statistic in simple ? [simple[statistic as keyof typeof simple]] : ["mean", "std", "count"];
  for (const line of table.groupby(["group"]).agg({ value: operations }).values as number[][]) {
    const [group, first, sd, count] = line;
    result[group] = statistic in simple ? first : spread(statistic, first, sd, count);
  }
  return result;
}

const simple = { mean: "mean", count: "count", sum: "sum", min: "min", max: "max", median: "median" } as const;

function spread(statistic: Statistic, mean: number, sd: number, count: number): number {
  if (count < 2) return Number.NaN;
  if (statistic === "sd") return sd;
  const half = (studentCritical(0.95, count - 1) * sd) / Math.sqrt(count);
  return statistic === "low" ? mean - half : mean + half;
}
