import { DataError } from "./data-error";

/** covtype as it is distributed: integers, not yet standardised. */
export interface Covtype {
  readonly rows: number;
  /** Length rows × 54: ten numeric columns, then 4 wilderness areas and 40 soil types, each one-hot. */
  readonly features: Int16Array;
  /** Length rows, 0 … 6 (the file has 1 … 7). */
  readonly labels: Uint8Array;
}

/** How many of the columns are features. */
export const covtypeInputs = 54;
/** The first so many of them are numeric, the others are binary. */
const covtypeNumeric = 10;

const firstSoil = covtypeNumeric + 4;
const largest = 32_767;
const [newline, comma, minus, zero] = [10, 44, 45, 48];

/**
 * Reads covtype.data, unpacked, in pieces of any size: lines of 55 integers with commas between them, each line
 * ended by a newline (covtype.info, "Attribute information").
 *
 * @param options.rows the number of lines that there must be; memory is allotted for these
 * @throws DataError naming line and byte on another number of lines or columns, what is no integer of −32767 …
 *   32767, a binary column that is not 0 or 1, an area or a soil type that is not exactly one, a label outside 1 … 7
 */
export async function parseCovtype(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { readonly file: string; readonly rows: number },
): Promise<Covtype> {
  const parser = covtypeParser(options);
  for await (const piece of pieces) parser.push(piece);
  return parser.finish();
}

function covtypeParser({ file, rows }: { readonly file: string; readonly rows: number }): {
  push(piece: Uint8Array): void;
  finish(): Covtype;
} {
  const features = new Int16Array(rows * covtypeInputs);
  const labels = new Uint8Array(rows);
  let offset = 0; // of the byte at hand
  let row = 0;
  let column = 0;
  let value = 0;
  let digits = 0;
  let negative = false;
  let ones = 0; // binary columns of this line that are 1 so far
  const fail = (message: string): never => {
    throw new DataError(file, message, { line: row + 1, offset });
  };
  const endOfField = (): void => {
    if (digits === 0) fail(`column ${column + 1} is empty or no integer`);
    if (column >= covtypeNumeric && column < covtypeInputs) {
      if (value > 1 || negative) fail(`column ${column + 1} is ${negative ? "-" : ""}${value}, allowed are 0 and 1`);
      ones += value;
      if (column === firstSoil - 1 && ones !== 1) fail(`${ones} wilderness areas, must be 1`);
      if (column === covtypeInputs - 1 && ones !== 2) fail(`${ones - 1} soil types, must be 1`);
    }
    if (column < covtypeInputs) features[row * covtypeInputs + column] = negative ? -value : value;
    else if (value < 1 || value > 7 || negative) fail(`label ${negative ? "-" : ""}${value}, allowed are 1 … 7`);
    else labels[row] = value - 1;
    column++;
    value = digits = 0;
    negative = false;
  };
  const byte = (code: number): void => {
    if (row === rows) fail(`goes on after the expected ${rows} lines`);
    const digit = code - zero;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digits++;
      if (value > largest || digits > 5) fail(`column ${column + 1} is beyond ±${largest}`);
    } else if (code === comma) {
      if (column === covtypeInputs) fail("more than 55 columns");
      endOfField();
    } else if (code === newline) {
      if (column < covtypeInputs) fail(`only ${column + 1} columns, must be 55`);
      endOfField();
      row++;
      column = ones = 0;
    } else if (code === minus && digits === 0 && !negative) {
      negative = true;
    } else fail(`byte 0x${code.toString(16).padStart(2, "0")} in column ${column + 1}, expected an integer`);
  };
  return {
    push(piece) {
      for (let i = 0; i < piece.length; i++, offset++) byte(piece[i]);
    },
    finish() {
      if (row < rows) fail(`ends after ${row} whole lines, expected ${rows}`);
      return { rows, features, labels };
    },
  };
}

/**
 * Features for training: the numeric columns standardised with mean and (population) standard deviation of the
 * training part, the binary ones kept. A column that is constant in the training part is only centred.
 *
 * @param train rows of the training part, which also determine mean and deviation
 * @param test rows of the test part
 */
export function standardise(
  { features }: Covtype,
  train: Uint32Array,
  test: Uint32Array,
): { readonly train: Float32Array; readonly test: Float32Array } {
  const mean = new Float64Array(covtypeInputs);
  const factor = new Float64Array(covtypeInputs).fill(1);
  for (let column = 0; column < covtypeNumeric; column++) {
    let sum = 0;
    for (const row of train) sum += features[row * covtypeInputs + column];
    mean[column] = sum / train.length;
    let squares = 0;
    for (const row of train) squares += (features[row * covtypeInputs + column] - mean[column]) ** 2;
    const deviation = Math.sqrt(squares / train.length);
    if (deviation > 0) factor[column] = 1 / deviation;
  }
  const scaled = (rows: Uint32Array): Float32Array => {
    const result = new Float32Array(rows.length * covtypeInputs);
    let to = 0;
    for (const row of rows) {
      const from = row * covtypeInputs;
      for (let column = 0; column < covtypeInputs; column++) {
        result[to++] = (features[from + column] - mean[column]) * factor[column];
      }
    }
    return result;
  };
  return { train: scaled(train), test: scaled(test) };
}
