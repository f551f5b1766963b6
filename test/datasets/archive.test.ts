import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { extractMember } from "psn/dist/datasets/archive";
import { type CatalogueEntry, catalogue, emnistArchive, type SourceFile } from "psn/dist/datasets/catalogue";
import { DataError } from "psn/dist/datasets/data-error";
import { loadEntry } from "psn/dist/datasets/load";
import { digestOf, idxFile, listener, temporaryFolder, type ZipMember, zipFile } from "./files";

/** Six images of 2 × 2 that are transposed in the file, with labels 1, 2, 1 … */
const rows = 6;
const images = gzipSync(
  idxFile(
    0x803,
    [rows, 2, 2],
    Uint8Array.from({ length: 4 * rows }, (_, i) => i),
  ),
);
const labels = gzipSync(
  idxFile(
    0x801,
    [rows],
    Uint8Array.from({ length: rows }, (_, i) => 1 + (i % 2)),
  ),
);

const file = (part: string, kind: string) => `emnist-letters-${part}-${kind}-ubyte.gz`;

/** The layout of gzip.zip: a folder, mapping files, and every split, of which few are wanted. */
const members: ZipMember[] = [
  { name: "gzip/", contents: new Uint8Array(0), method: "stored", descriptor: false },
  { name: "gzip/emnist-balanced-mapping.txt", contents: Buffer.from("0 48\n"), method: "deflated", descriptor: true },
  { name: `gzip/${file("test", "images-idx3")}`, contents: images, method: "stored", descriptor: false },
  { name: `gzip/${file("test", "labels-idx1")}`, contents: labels, method: "deflated", descriptor: true },
  { name: `gzip/${file("train", "images-idx3")}`, contents: images, method: "deflated", descriptor: false },
  { name: `gzip/${file("train", "labels-idx1")}`, contents: labels, method: "stored", descriptor: true },
];

/** EMNIST Letters in small: the same shape of entry, with the archive's own size and checksum. */
function lettersEntry(archive: Uint8Array, change: Partial<SourceFile> = {}): CatalogueEntry {
  const zip: SourceFile = { ...emnistArchive, bytes: archive.length, digest: digestOf(archive), addresses: [] };
  const source = (name: string, contents: Uint8Array): SourceFile => ({
    folder: "emnist",
    file: name,
    bytes: contents.length,
    digest: digestOf(contents),
    addresses: [],
    archive: { file: zip, member: `gzip/${name}` },
    ...change,
  });
  const part = (name: string) => ({
    rows,
    images: source(file(name, "images-idx3"), images),
    labels: source(file(name, "labels-idx1"), labels),
  });
  const letters = catalogue["emnist-letters"];
  assert(letters.source.kind === "images");
  return {
    ...letters,
    inputs: 4,
    classes: 2,
    source: { ...letters.source, side: 2, parts: { kind: "official", train: part("train"), test: part("test") } },
  };
}

test("EMNIST is read from its archive: upright, with labels from 0, and only the members that are needed", async (t) => {
  const folder = temporaryFolder(t);
  const archive = zipFile(members);
  mkdirSync(join(folder, "emnist"));
  writeFileSync(join(folder, "emnist", "gzip.zip"), archive);
  const entry = lettersEntry(archive);
  const data = await loadEntry(entry, { folder, mirror: null, reporter: listener() });
  for (const part of [data.train, data.test]) {
    assert.deepEqual([...part.labels], [0, 1, 0, 1, 0, 1]);
    assert.deepEqual([...part.features.slice(0, 8)], [0, 2, 1, 3, 4, 6, 5, 7]);
  }
  assert.equal(data.scale, 1 / 255);
  assert.equal(data.checksums[file("test", "labels-idx1")], digestOf(labels).hex);
  const written = ["train", "test"].flatMap((part) => [file(part, "images-idx3"), file(part, "labels-idx1")]);
  assert.deepEqual(readdirSync(join(folder, "emnist")).sort(), [...written, "gzip.zip"].sort());
});

test("single member files of a mirror are used without the archive", async (t) => {
  const path = temporaryFolder(t);
  mkdirSync(join(path, "emnist"));
  for (const part of ["train", "test"]) {
    writeFileSync(join(path, "emnist", file(part, "images-idx3")), images);
    writeFileSync(join(path, "emnist", file(part, "labels-idx1")), labels);
  }
  const folder = temporaryFolder(t);
  const mirror = { kind: "folder", path } as const;
  const data = await loadEntry(lettersEntry(zipFile(members)), { folder, mirror, reporter: listener() });
  assert.equal(data.train.rows, rows);
});

test("a mirror that has only the archive is enough", async (t) => {
  const path = temporaryFolder(t);
  const archive = zipFile(members);
  mkdirSync(join(path, "emnist"));
  writeFileSync(join(path, "emnist", "gzip.zip"), archive);
  const options = { folder: temporaryFolder(t), mirror: { kind: "folder", path } as const, reporter: listener() };
  assert.equal((await loadEntry(lettersEntry(archive), options)).test.rows, rows);
});

test("a member with another checksum than the catalogue's is refused", async (t) => {
  const folder = temporaryFolder(t);
  const archive = zipFile(members);
  mkdirSync(join(folder, "emnist"));
  writeFileSync(join(folder, "emnist", "gzip.zip"), archive);
  const entry = lettersEntry(archive, { digest: { algorithm: "sha256", hex: "0" } });
  await assert.rejects(loadEntry(entry, { folder, mirror: null, reporter: listener() }), /has sha256 .*, expected 0/);
  assert.deepEqual(readdirSync(join(folder, "emnist")), ["gzip.zip"]);
});

test("every member comes out as it went in, stored or deflated, with or without a descriptor", async (t) => {
  const folder = temporaryFolder(t);
  const archive = join(folder, "gzip.zip");
  writeFileSync(archive, zipFile(members));
  for (const { name, contents } of members.slice(1)) {
    await extractMember(archive, name, join(folder, "out"), { bytes: contents.length });
    assert(readFileSync(join(folder, "out")).equals(contents), name);
  }
});

test("an archive that lacks the member, lies about its size, is cut off or is none, is refused by name", async (t) => {
  const folder = temporaryFolder(t);
  const archive = join(folder, "gzip.zip");
  const extract = (member: string, bytes: number) => extractMember(archive, member, join(folder, "out"), { bytes });
  const refuse = (member: string, bytes: number, message: RegExp) =>
    assert.rejects(extract(member, bytes), (error) => {
      assert(error instanceof DataError, `${error}`);
      assert.equal(error.file, archive);
      assert.match(error.message, message);
      return true;
    });
  const whole = zipFile(members);
  const name = members[4].name;
  writeFileSync(archive, whole);
  await refuse("gzip/other", 5, /has no member gzip\/other/);
  await refuse(name, images.length + 1, /has \d+ bytes, expected \d+/);
  writeFileSync(archive, whole.subarray(0, whole.length - 30));
  await refuse(name, images.length, /cannot be unpacked/);
  writeFileSync(archive, "no archive at all, but long enough to hold an end record");
  await refuse(name, images.length, /cannot be unpacked/);
  // A directory that promises more than the deflated stream holds.
  const lying = Buffer.from(zipFile([{ ...members[4], contents: images }]));
  lying.writeUInt32LE(images.length + 9, lying.indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 24);
  writeFileSync(archive, lying);
  await refuse(name, images.length + 9, /cannot be unpacked/);
});
