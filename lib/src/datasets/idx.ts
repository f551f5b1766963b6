import { DataError } from "./data-error";

/** The contents of an IDX file: images or labels, as MNIST and its successors are distributed. */
export type Idx = IdxImages | IdxLabels;

export interface IdxImages {
  readonly kind: "images";
  /** How many. */
  readonly rows: number;
  readonly height: number;
  readonly width: number;
  /** Length rows × height × width, image by image, line by line. */
  readonly pixels: Uint8Array;
}

export interface IdxLabels {
  readonly kind: "labels";
  readonly rows: number;
  /** Length rows, as stored. */
  readonly labels: Uint8Array;
}

const imagesMagic = 0x00000803; // unsigned bytes, three dimensions
const labelsMagic = 0x00000801; // unsigned bytes, one dimension
const largestSide = 1024;

/**
 * Reads an unpacked IDX file (http://yann.lecun.com/exdb/mnist/, "The IDX file format"), copying nothing: the
 * result shares its memory with `bytes`.
 *
 * @param options.file the name for error messages
 * @param options.labels the labels that may occur, first … first + classes − 1; any byte if not given
 * @throws DataError on another magic number, no rows, sides outside 1 … 1024, a length that does not fit the
 *   header exactly, or a label that may not occur
 */
export function parseIdx(
  bytes: Uint8Array,
  { file, labels }: { readonly file: string; readonly labels?: { readonly first: number; readonly classes: number } },
): Idx {
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw new DataError(file, `ends within its header (${bytes.length} bytes)`, { offset: 0 });
  const magic = header.getUint32(0);
  if (magic !== imagesMagic && magic !== labelsMagic) {
    const found = `0x${magic.toString(16).padStart(8, "0")}`;
    throw new DataError(file, `magic number ${found}, expected 0x00000803 (images) or 0x00000801 (labels)`, {
      offset: 0,
    });
  }
  const rows = header.getUint32(4);
  if (rows === 0) throw new DataError(file, "holds no rows", { offset: 4 });
  return magic === imagesMagic ? parseImages(bytes, header, rows, file) : parseLabels(bytes, rows, file, labels);
}

function parseImages(bytes: Uint8Array, header: DataView, rows: number, file: string): IdxImages {
  if (bytes.length < 16) throw new DataError(file, `ends within its header (${bytes.length} bytes)`, { offset: 8 });
  const side = (offset: number, name: string): number => {
    const value = header.getUint32(offset);
    if (value >= 1 && value <= largestSide) return value;
    throw new DataError(file, `${name} of ${value} pixels, allowed are 1 … ${largestSide}`, { offset });
  };
  const height = side(8, "height");
  const width = side(12, "width");
  // At most 2^32 × 2^20, exact in a double.
  checkLength(bytes, 16, rows * height * width, `${rows} images of ${height} × ${width}`, file);
  return { kind: "images", rows, height, width, pixels: tail(bytes, 16) };
}

function parseLabels(
  bytes: Uint8Array,
  rows: number,
  file: string,
  range: { readonly first: number; readonly classes: number } = { first: 0, classes: 256 },
): IdxLabels {
  checkLength(bytes, 8, rows, `${rows} labels`, file);
  const labels = tail(bytes, 8);
  const last = range.first + range.classes - 1;
  for (let row = 0; row < rows; row++) {
    if (labels[row] >= range.first && labels[row] <= last) continue;
    throw new DataError(file, `label ${labels[row]}, allowed are ${range.first} … ${last}`, { offset: 8 + row });
  }
  return { kind: "labels", rows, labels };
}

function checkLength(bytes: Uint8Array, header: number, contents: number, what: string, file: string): void {
  const expected = header + contents;
  if (bytes.length === expected) return;
  const fault = bytes.length < expected ? "is cut off" : "has trailing bytes";
  throw new DataError(file, `${fault}: ${bytes.length} bytes, but the header promises ${what}, so ${expected} bytes`, {
    offset: Math.min(bytes.length, expected),
  });
}

/** A plain view, also where `bytes` is a Buffer. */
function tail(bytes: Uint8Array, start: number): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
}

/** The images with lines and columns exchanged, in new memory. */
export function transposeImages({ rows, height, width, pixels }: IdxImages): IdxImages {
  const turned = new Uint8Array(pixels.length);
  const size = height * width;
  for (let start = 0; start < pixels.length; start += size) {
    let from = start;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) turned[start + x * height + y] = pixels[from++];
    }
  }
  return { kind: "images", rows, height: width, width: height, pixels: turned };
}
