import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type CatalogueEntry, catalogue, type DatasetName } from "psn/dist/datasets/catalogue";
import type { Dataset, Split } from "psn/dist/datasets/dataset";
import { gunzip } from "psn/dist/datasets/gunzip";
import { datasetChecksums, datasetSummaries, loadDataset, loadEntry } from "psn/dist/datasets/load";
import { digestOf, idxFile, listener, temporaryFolder } from "./files";

function classCounts(classes: number, ...parts: Split[]): number[] {
  const counts = new Array(classes).fill(0);
  for (const { labels } of parts) for (const label of labels) counts[label]++;
  return counts;
}

function total(part: Split): number {
  let sum = 0;
  for (const value of part.features) sum += value;
  return sum;
}

/** The mean image of one class, side × side. */
function meanImage({ train }: Dataset, label: number): Float64Array {
  const mean = new Float64Array(784);
  for (let row = 0; row < train.rows; row++) {
    if (train.labels[row] === label) for (let i = 0; i < 784; i++) mean[i] += train.features[row * 784 + i];
  }
  const mass = mean.reduce((a, b) => a + b);
  return mean.map((value) => value / mass);
}

/** Where the ink is: centre and variance, in lines (y) and columns (x) from the middle. */
function ink(image: Float64Array): { y: number; x: number; yy: number; xx: number } {
  const moments = { y: 0, x: 0, yy: 0, xx: 0 };
  image.forEach((weight, i) => {
    const [y, x] = [Math.floor(i / 28) - 13.5, (i % 28) - 13.5];
    moments.y += weight * y;
    moments.x += weight * x;
    moments.yy += weight * y * y;
    moments.xx += weight * x * x;
  });
  return { ...moments, yy: moments.yy - moments.y ** 2, xx: moments.xx - moments.x ** 2 };
}

test("MNIST is the real one", async () => {
  const data = await loadDataset("mnist");
  assert.deepEqual([data.train.rows, data.test.rows, data.inputs, data.classes], [60_000, 10_000, 784, 10]);
  const train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
  assert.deepEqual(classCounts(10, data.train), train);
  assert.deepEqual(classCounts(10, data.test), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  // The mean 0.1307 that everyone normalises MNIST with.
  assert.equal(((total(data.train) * data.scale) / (60_000 * 784)).toFixed(4), "0.1307");
  assert.equal(total(data.test), 264_923_200);
  assert.deepEqual([...data.train.labels.slice(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  const one = ink(meanImage(data, 1));
  assert(one.yy > 2 * one.xx);
});

test("Fashion-MNIST is the real one", async () => {
  const data = await loadDataset("fashion-mnist");
  assert.deepEqual([data.train.rows, data.test.rows, data.inputs, data.classes], [60_000, 10_000, 784, 10]);
  assert.deepEqual(classCounts(10, data.train), new Array(10).fill(6000));
  assert.deepEqual(classCounts(10, data.test), new Array(10).fill(1000));
  assert.equal(((total(data.train) * data.scale) / (60_000 * 784)).toFixed(4), "0.2860");
  assert.equal(total(data.test), 573_469_082);
  assert.deepEqual(data.checksums, datasetChecksums("fashion-mnist"));
  assert.equal(Object.keys(data.checksums).length, 4);
});

test("emnist-bymerge-116k is the ByMerge test file under its own name, stratified 85/15", async () => {
  const data = await loadDataset("emnist-bymerge-116k");
  assert.equal(data.name, "emnist-bymerge-116k");
  assert.deepEqual([data.train.rows, data.test.rows, data.inputs, data.classes], [98_875, 17_448, 784, 47]);
  const all = classCounts(47, data.train, data.test);
  assert.deepEqual([Math.min(...all), Math.max(...all)], [415, 6400]);
  assert.deepEqual(all.slice(0, 10), [5745, 6400, 5765, 5827, 5498, 5326, 5787, 5873, 5655, 5651]);
  classCounts(47, data.test).forEach((n, label) => {
    assert(Math.abs(n - all[label] * (17_448 / 116_323)) < 1, `class ${label}: ${n}`);
  });
  assert.equal(total(data.train) + total(data.test), 4_036_828_275);
});

test("EMNIST letters stand upright and are not mirrored", async () => {
  const data = await loadDataset("emnist-bymerge-116k");
  const [one, seven, capitalF, capitalI, capitalL, capitalT] = [1, 7, 15, 18, 21, 29].map((label) =>
    ink(meanImage(data, label)),
  );
  for (const tall of [one, capitalI]) assert(tall.yy > 1.5 * tall.xx, JSON.stringify(tall));
  assert(capitalT.y < -2.5 && Math.abs(capitalT.x) < 2, `T has its bar above: ${JSON.stringify(capitalT)}`);
  assert(seven.y < -1, `7 has its bar above: ${JSON.stringify(seven)}`);
  assert(capitalF.y < -1, `F is heavy above: ${JSON.stringify(capitalF)}`);
  assert(capitalL.y > 0.5, `L is heavy below: ${JSON.stringify(capitalL)}`);
  // Transposing 7 to itself mirrored would put its stem on the left: below the middle its ink is left of that above.
  const image = meanImage(data, 7);
  const centreOfLines = (from: number, to: number): number => {
    const lines = image.slice(28 * from, 28 * to);
    return lines.reduce((sum, weight, i) => sum + weight * (i % 28), 0) / lines.reduce((a, b) => a + b);
  };
  assert(centreOfLines(9, 12) > centreOfLines(18, 24) + 1, "the stem of 7 runs down to the left");
});

test("covtype has all its rows, standardised on the training part, the split stratified 80/20", async () => {
  const data = await loadDataset("covtype");
  const { train, test: rest } = data;
  assert.deepEqual([train.rows, rest.rows, data.inputs, data.classes, data.scale], [464_810, 116_202, 54, 7, 1]);
  const all = classCounts(7, train, rest);
  assert.deepEqual(all, [211_840, 283_301, 35_754, 2747, 9493, 17_367, 20_510]);
  classCounts(7, rest).forEach((n, label) => {
    assert(Math.abs(n - all[label] * (116_202 / 581_012)) < 1, `class ${label}: ${n}`);
  });
  const moments = (part: Split, column: number): [number, number] => {
    let [sum, squares] = [0, 0];
    for (let at = column; at < part.features.length; at += 54) {
      sum += part.features[at];
      squares += part.features[at] ** 2;
    }
    return [sum / part.rows, squares / part.rows - (sum / part.rows) ** 2];
  };
  for (let column = 0; column < 10; column++) {
    const [mean, variance] = moments(train, column);
    assert(Math.abs(mean) < 1e-5 && Math.abs(variance - 1) < 1e-5, `column ${column}: ${mean}, ${variance}`);
    const [restMean, restVariance] = moments(rest, column);
    assert(Math.abs(restMean) < 0.02 && Math.abs(restVariance - 1) < 0.05, `column ${column}`);
    assert(Math.abs(restMean) > 1e-9, "the test part is not standardised by itself");
  }
  for (let row = 0; row < rest.rows; row++) {
    const binary = rest.features.subarray(row * 54 + 10, row * 54 + 54);
    let ones = 0;
    for (const value of binary) ones += value === 1 ? 1 : value === 0 ? 0 : Number.NaN;
    if (ones !== 2) assert.fail(`row ${row} has ${ones} ones`);
  }
});

test("an unknown name is refused with those there are", async () => {
  await assert.rejects(loadDataset("emnist" as DatasetName), {
    name: "RangeError",
    message: /no data set "emnist"; there are mnist, fashion-mnist, emnist-balanced, .*, covtype/,
  });
  await assert.rejects(loadDataset("toString" as DatasetName), RangeError);
});

test("the catalogue is complete: sizes, checksums, and somewhere to get every file", () => {
  for (const [name, entry] of Object.entries(catalogue)) {
    assert.equal(entry.name, name);
    for (const [file, hex] of Object.entries(datasetChecksums(entry.name))) {
      assert.match(hex, /^[0-9a-f]{64}$/, file);
    }
  }
  const rows = Object.fromEntries(datasetSummaries().map((row) => [row.name, [row.train, row.test, row.classes]]));
  assert.deepEqual(rows, {
    mnist: [60_000, 10_000, 10],
    "fashion-mnist": [60_000, 10_000, 10],
    "emnist-balanced": [112_800, 18_800, 47],
    "emnist-letters": [124_800, 20_800, 26],
    "emnist-bymerge-116k": [98_875, 17_448, 47],
    covtype: [464_810, 116_202, 7],
  });
});

test("a file whose rows are not those of the catalogue is refused, also with a right checksum", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "mnist"));
  const put = (file: string, unpacked: Uint8Array) => {
    const contents = gzipSync(unpacked);
    writeFileSync(join(folder, "mnist", file), contents);
    return { folder: "mnist", file, bytes: contents.length, digest: digestOf(contents), addresses: [] };
  };
  const labels = put("labels", idxFile(0x801, [2], Uint8Array.of(0, 1)));
  const load = (images: Uint8Array) => {
    const part = { rows: 2, images: put("images", images), labels };
    const source = { ...catalogue.mnist.source, side: 4, parts: { kind: "official", train: part, test: part } };
    return loadEntry({ ...catalogue.mnist, inputs: 16, source } as CatalogueEntry, { folder, reporter: listener() });
  };
  assert.equal((await load(idxFile(0x803, [2, 4, 4], new Uint8Array(32)))).train.rows, 2);
  await assert.rejects(load(idxFile(0x803, [2, 2, 8], new Uint8Array(32))), /holds 2 images of 2 × 8, expected 2 of 4/);
  await assert.rejects(load(idxFile(0x801, [40], new Uint8Array(40))), /holds labels, expected images/);
  await assert.rejects(
    load(idxFile(0x803, [3, 4, 4], new Uint8Array(48))),
    /unpacks to more than the expected 48 bytes/,
  );
});

test("a packed file of another size, or that is not gzip, is refused without unpacking it all", async () => {
  const packed = gzipSync(new Uint8Array(50_000_000));
  const before = process.memoryUsage().arrayBuffers;
  await assert.rejects(
    gunzip(packed, { file: "a.gz", bytes: 1000 }),
    /^DataError: a\.gz: unpacks to more than the exp/,
  );
  assert(process.memoryUsage().arrayBuffers - before < 20_000_000);
  const small = gzipSync(new Uint8Array(1000));
  assert.equal((await gunzip(small, { file: "a.gz", bytes: 1000 })).length, 1000);
  await assert.rejects(gunzip(small, { file: "a.gz", bytes: 1001 }), /unpacks to 1000 bytes, expected 1001/);
  await assert.rejects(gunzip(small.subarray(0, 15), { file: "a.gz", bytes: 1000 }), /a\.gz: unexpected end of file/);
  await assert.rejects(gunzip(Buffer.from("plain"), { file: "a.gz", bytes: 5 }), /a\.gz: incorrect header check/);
});
