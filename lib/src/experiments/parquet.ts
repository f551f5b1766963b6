import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { checkSeal, openSeal, seal } from "./seal";

/**
 * What the values of a column are: UTF-8 text, booleans, integers in 0 … 2³¹ − 1 (INT32), doubles, or numbers of at
 * most six decimal digits (FLOAT, which holds any six digits; {@link sixDigits} gives them back exactly).
 */
export type ColumnType = "text" | "boolean" | "count" | "number" | "six digits";

/** How a column is stored. */
export interface ColumnShape {
  readonly type: ColumnType;
  /** 0 for plain values, 1 for lists of them, 2 for lists of lists, … */
  readonly lists: number;
  /** Whether values (not lists) may be null. */
  readonly nullable: boolean;
}

const physicalTypes = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  boolean: { type: "BOOLEAN" },
  count: { type: "INT32" },
  number: { type: "DOUBLE" },
  "six digits": { type: "FLOAT" },
} as const;

const compressors = {
  // Of the codecs that Node, pandas and DuckDB share, the smallest; unlike zlib's, its output is the same on every CPU.
  BROTLI: (bytes: Uint8Array): Uint8Array =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: windowBits(bytes.length),
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
};

/** A window that holds all of the bytes, and little more: a wide one takes long to set up. */
function windowBits(length: number): number {
  const bits = Math.ceil(Math.log2(length + 16)); // brotli keeps 16 bytes of its window for itself
  return Math.min(Math.max(bits, constants.BROTLI_MIN_WINDOW_BITS), constants.BROTLI_MAX_WINDOW_BITS);
}

const decompressors = { BROTLI: (bytes: Uint8Array): Uint8Array => brotliDecompressSync(bytes) };

/** Far above any column here, so that each is one page, which compresses best. */
const PAGE_BYTES = 2 ** 28;

/**
 * A Parquet file of one row group, with a checksum of its own. Equal rows give equal bytes.
 *
 * @throws RangeError when a value does not fit its column
 */
export async function encodeParquet<Row extends object>(
  shapes: Readonly<Record<keyof Row & string, ColumnShape>>,
  rows: readonly Row[],
): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columns = Object.entries(shapes) as [keyof Row & string, ColumnShape][];
  const bytes = parquetWriteBuffer({
    columnData: columns.map(([name, shape]) => {
      const data = rows.map((row) => row[name]);
      for (const value of data) checkValue(value, name, shape, shape.lists);
      return {
        name,
        data,
        encoding: shape.type === "six digits" ? ("BYTE_STREAM_SPLIT" as const) : ("PLAIN" as const),
      };
    }),
    schema: [
      { name: "runs", num_children: columns.length },
      ...columns.flatMap(([name, shape]) => schemaElements(name, shape)),
    ],
    codec: "BROTLI",
    compressors,
    statistics: false,
    pageSize: PAGE_BYTES,
    rowGroupSize: Math.max(1, rows.length),
    createdBy: "psn",
    kvMetadata: [{ key: "psn", value: openSeal }],
  });
  return seal(new Uint8Array(bytes));
}

/**
 * Some columns of a Parquet file that {@link encodeParquet} made.
 *
 * @throws Error when the file is torn or changed, or has no such column
 */
export async function decodeParquet(bytes: Uint8Array, columns: readonly string[]): Promise<Record<string, unknown>[]> {
  checkSeal(bytes);
  const { parquetReadObjects } = await import("hyparquet");
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file, columns: [...columns], compressors: decompressors });
}

/** Six digits: what a record needs, and what stores well. Of a float32 that holds so many, the number that it was. */
export function sixDigits(value: number): number {
  return Number(value.toPrecision(6));
}

/** The three-level lists of the Parquet format, then the values. */
function schemaElements(name: string, { type, lists, nullable }: ColumnShape) {
  const value = { ...physicalTypes[type], repetition_type: nullable ? ("OPTIONAL" as const) : ("REQUIRED" as const) };
  if (lists === 0) return [{ name, ...value }];
  const levels = Array.from(
    { length: lists },
    (_, level) =>
      [
        { name: level === 0 ? name : "element", repetition_type: "REQUIRED", num_children: 1, converted_type: "LIST" },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
      ] as const,
  );
  return [...levels.flat(), { name: "element", ...value }];
}

function checkValue(value: unknown, name: string, shape: ColumnShape, lists: number): void {
  if (lists > 0) {
    if (!Array.isArray(value)) throw new RangeError(`encodeParquet: ${name} holds ${value}; it must be a list`);
    for (const item of value) checkValue(item, name, shape, lists - 1);
    return;
  }
  if (value === null && shape.nullable) return;
  const holds = {
    text: typeof value === "string",
    boolean: typeof value === "boolean",
    count: Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 31,
    number: typeof value === "number",
    "six digits": typeof value === "number" && sixDigits(Math.fround(value)) === value,
  }[shape.type];
  if (!holds) throw new RangeError(`encodeParquet: ${name} holds ${value}; it must be ${allowed[shape.type]}`);
}

const allowed: Readonly<Record<ColumnType, string>> = {
  text: "a text",
  boolean: "true or false",
  count: "an integer in 0 … 2147483647",
  number: "a number",
  "six digits": "a number of at most six digits; round it where it is recorded",
};
