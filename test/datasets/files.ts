import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";
import type { SourceFile } from "psn/dist/datasets/catalogue";
import type { Reporter } from "psn/dist/datasets/reporter";

/** An empty folder that goes with the test. */
export function temporaryFolder(test: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "psn-data-"));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A catalogue entry for `contents`. */
export function sourceOf(contents: Uint8Array, addresses: string[] = [], file = "numbers.gz"): SourceFile {
  return { folder: "small", file, bytes: contents.length, digest: digestOf(contents), addresses };
}

export function digestOf(contents: Uint8Array): SourceFile["digest"] {
  return { algorithm: "sha256", hex: createHash("sha256").update(contents).digest("hex") };
}

/** Keeps what it is told. */
export function listener(): Reporter & { warnings: string[]; notes: string[]; steps: number[] } {
  const warnings: string[] = [];
  const notes: string[] = [];
  const steps: number[] = [];
  return {
    warnings,
    notes,
    steps,
    warn: (text) => warnings.push(text),
    note: (text) => notes.push(text),
    progress: (_, done) => steps.push(done),
  };
}

/** An IDX file, unpacked: the inverse of parseIdx. */
export function idxFile(magic: number, dimensions: readonly number[], contents: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dimensions.length + contents.length);
  const view = new DataView(bytes.buffer);
  [magic, ...dimensions].forEach((word, i) => {
    view.setUint32(4 * i, word);
  });
  bytes.set(contents, 4 + 4 * dimensions.length);
  return bytes;
}

export interface ZipMember {
  readonly name: string;
  readonly contents: Uint8Array;
  readonly method: "stored" | "deflated";
  /** Whether sizes and checksum follow the contents, as streaming writers do. */
  readonly descriptor: boolean;
}

/** A zip archive (PKWARE APPNOTE 6.3, without Zip64). */
export function zipFile(members: readonly ZipMember[]): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, contents, method, descriptor } of members) {
    const packed = method === "deflated" ? deflateRawSync(contents) : Buffer.from(contents);
    const sums = words(crc32(contents), packed.length, contents.length);
    const common = Buffer.alloc(10);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(descriptor ? 8 : 0, 2);
    common.writeUInt16LE(method === "deflated" ? 8 : 0, 4);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(Buffer.byteLength(name), 0);
    const record = Buffer.concat([
      words(0x04034b50),
      common,
      descriptor ? Buffer.alloc(12) : sums,
      lengths,
      Buffer.from(name),
      packed,
      descriptor ? Buffer.concat([words(0x08074b50), sums]) : Buffer.alloc(0),
    ]);
    const rest = Buffer.alloc(10); // comment length, disk, attributes
    central.push(
      Buffer.concat([
        words(0x02014b50),
        Buffer.from([20, 0]),
        common,
        sums,
        lengths,
        rest,
        words(offset),
        Buffer.from(name),
      ]),
    );
    local.push(record);
    offset += record.length;
  }
  const directory = Buffer.concat(central);
  const counts = Buffer.alloc(8);
  counts.writeUInt16LE(members.length, 4);
  counts.writeUInt16LE(members.length, 6);
  return Buffer.concat([
    ...local,
    directory,
    words(0x06054b50),
    counts,
    words(directory.length, offset),
    Buffer.alloc(2),
  ]);
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value, 4 * i);
  });
  return bytes;
}
