import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { pick } from "./arrays";
import { type CatalogueEntry, catalogue, type DatasetName, type ImagePart, type SourceFile } from "./catalogue";
import { type Covtype, parseCovtype, standardise } from "./covtype";
import { DataError } from "./data-error";
import type { Dataset, Split } from "./dataset";
import { type DownloadOptions, ensureFile } from "./download";
import { gunzip } from "./gunzip";
import { type IdxImages, type IdxLabels, parseIdx, transposeImages } from "./idx";
import { shareSplit } from "./shared";
import { splitRandom, stratifiedSplit } from "./splits";

export { subset } from "./arrays";
export type { DatasetName } from "./catalogue";

type ImageSource = Extract<CatalogueEntry["source"], { kind: "images" }>;
type CovtypeSource = Extract<CatalogueEntry["source"], { kind: "covtype" }>;

/**
 * Loads a data set, downloading what is missing. Images stay bytes, upright, with scale 1/255; of covtype the ten
 * numeric columns are standardised on the training part and the 44 binary ones kept. Parts are the official ones, or
 * stratified with one fixed seed (covtype 80/20, emnist-bymerge-116k 85/15). Features and labels lie in shared memory:
 * a data set posted to worker threads is not copied.
 *
 * @throws RangeError for an unknown name; DataError if a file cannot be had or is not as it must be
 */
export async function loadDataset(name: DatasetName, options: DownloadOptions = {}): Promise<Dataset> {
  return loadEntry(entryOf(name), options);
}

/** {@link loadDataset} for an entry that need not be in the catalogue. */
export async function loadEntry(entry: CatalogueEntry, options: DownloadOptions = {}): Promise<Dataset> {
  const { name, inputs, classes, source } = entry;
  const parts =
    source.kind === "images" ? await loadImages(entry, source, options) : await loadCovtype(entry, source, options);
  const scale = source.kind === "images" ? 1 / 255 : 1;
  const [train, test] = [shareSplit(parts.train), shareSplit(parts.test)];
  return { name, inputs, classes, scale, train, test, checksums: entryChecksums(entry) };
}

/**
 * Downloads what is missing of a data set, without reading it.
 *
 * @throws RangeError for an unknown name; DataError if a file cannot be had
 */
export async function ensureDataset(name: DatasetName, options: DownloadOptions = {}): Promise<void> {
  for (const file of sourceFiles(entryOf(name))) await ensureFile(file, options);
}

/** The sha256 of every source file by file name, without reading any: loading verifies them. */
export function datasetChecksums(name: DatasetName): Readonly<Record<string, string>> {
  return entryChecksums(entryOf(name));
}

/** A row of a table of the data sets. */
export interface DatasetSummary {
  readonly name: DatasetName;
  readonly title: string;
  readonly inputs: number;
  readonly classes: number;
  /** Rows of the training and of the test part. */
  readonly train: number;
  readonly test: number;
  readonly licence: string;
  readonly homepage: string;
}

/** What there is to load. */
export function datasetSummaries(): DatasetSummary[] {
  return Object.values(catalogue).map(({ name, title, inputs, classes, licence, homepage, source }) => {
    const [train, test] = partSizes(source);
    return { name, title, inputs, classes, train, test, licence, homepage };
  });
}

function entryOf(name: DatasetName): CatalogueEntry {
  if (Object.hasOwn(catalogue, name)) return catalogue[name];
  throw new RangeError(`loadDataset: no data set "${name}"; there are ${Object.keys(catalogue).join(", ")}`);
}

function partSizes(source: CatalogueEntry["source"]): [number, number] {
  const divided = (rows: number, testFraction: number): [number, number] => {
    const test = Math.round(rows * testFraction);
    return [rows - test, test];
  };
  if (source.kind === "covtype") return divided(source.rows, source.testFraction);
  const { parts } = source;
  return parts.kind === "official" ? [parts.train.rows, parts.test.rows] : divided(parts.all.rows, parts.testFraction);
}

function sourceFiles({ source }: CatalogueEntry): SourceFile[] {
  if (source.kind === "covtype") return [source.data];
  const { parts } = source;
  return (parts.kind === "official" ? [parts.train, parts.test] : [parts.all]).flatMap((p) => [p.images, p.labels]);
}

function entryChecksums(entry: CatalogueEntry): Record<string, string> {
  return Object.fromEntries(sourceFiles(entry).map(({ file, digest }) => [file, digest.hex]));
}

async function loadImages(
  entry: CatalogueEntry,
  source: ImageSource,
  options: DownloadOptions,
): Promise<{ train: Split; test: Split }> {
  const { parts } = source;
  if (parts.kind === "official") {
    return {
      train: await loadPart(parts.train, entry, source, options),
      test: await loadPart(parts.test, entry, source, options),
    };
  }
  const { features, labels } = await loadPart(parts.all, entry, source, options);
  const { train, test } = stratifiedSplit(labels, parts.testFraction, splitRandom(entry.name));
  return { train: pick(features, labels, entry.inputs, train), test: pick(features, labels, entry.inputs, test) };
}

async function loadPart(
  part: ImagePart,
  { classes }: CatalogueEntry,
  { side, firstLabel, transposed }: ImageSource,
  options: DownloadOptions,
): Promise<Split> {
  const { rows } = part;
  const imagesFile = await ensureFile(part.images, options);
  const labelsFile = await ensureFile(part.labels, options);
  const images = await readIdx(imagesFile, "images", 16 + rows * side * side);
  const stored = await readIdx(labelsFile, "labels", 8 + rows, { first: firstLabel, classes });
  if (images.rows !== rows || images.height !== side || images.width !== side) {
    const shape = `${images.rows} images of ${images.height} × ${images.width}`;
    throw new DataError(imagesFile, `holds ${shape}, expected ${rows} of ${side} × ${side}`, { offset: 4 });
  }
  const { pixels } = transposed ? transposeImages(images) : images;
  return { rows, features: pixels, labels: stored.labels.map((label) => label - firstLabel) };
}

async function readIdx<Kind extends "images" | "labels">(
  file: string,
  kind: Kind,
  bytes: number,
  labels?: { first: number; classes: number },
): Promise<Kind extends "images" ? IdxImages : IdxLabels> {
  const idx = parseIdx(await gunzip(await readFile(file), { file, bytes }), { file, labels });
  if (idx.kind !== kind) throw new DataError(file, `holds ${idx.kind}, expected ${kind}`, { offset: 0 });
  return idx as Kind extends "images" ? IdxImages : IdxLabels;
}

async function loadCovtype(
  entry: CatalogueEntry,
  { rows, data, testFraction }: CovtypeSource,
  options: DownloadOptions,
): Promise<{ train: Split; test: Split }> {
  const file = await ensureFile(data, options);
  const table = await readCovtype(file, rows, options.signal);
  const { train, test } = stratifiedSplit(table.labels, testFraction, splitRandom(entry.name));
  const features = standardise(table, train, test);
  const split = (chosen: Uint32Array, part: Float32Array): Split => ({
    rows: chosen.length,
    features: part,
    labels: Uint8Array.from(chosen, (row) => table.labels[row]),
  });
  return { train: split(train, features.train), test: split(test, features.test) };
}

async function readCovtype(file: string, rows: number, signal?: AbortSignal): Promise<Covtype> {
  try {
    const unpacked = createGunzip({ chunkSize: 2 ** 18 });
    return await pipeline(createReadStream(file), unpacked, (pieces) => parseCovtype(pieces, { file, rows }), {
      signal,
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DataError) throw error;
    throw new DataError(file, `cannot be unpacked: ${(error as Error).message}; remove the file to get it again`, {
      cause: error,
    });
  }
}
