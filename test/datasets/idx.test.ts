import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DataError } from "psn/dist/datasets/data-error";
import { type IdxImages, parseIdx, transposeImages } from "psn/dist/datasets/idx";
import { createRandom } from "psn/dist/random";
import { idxFile } from "./files";
import { mutate } from "./mutate";

const imagesMagic = 0x803;
const labelsMagic = 0x801;
const images = idxFile(
  imagesMagic,
  [2, 2, 3],
  Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
);
const labels = idxFile(labelsMagic, [5], Uint8Array.of(0, 4, 2, 1, 3));
const file = "some/train-images";

function faultOf(bytes: Uint8Array, range?: { first: number; classes: number }): DataError {
  try {
    parseIdx(bytes, { file, labels: range });
  } catch (error) {
    assert(error instanceof DataError, String(error));
    return error;
  }
  assert.fail("parsed");
}

function assertFault(bytes: Uint8Array, offset: number, message: RegExp, range?: { first: number; classes: number }) {
  const fault = faultOf(bytes, range);
  assert.equal(fault.offset, offset);
  assert.equal(fault.file, file);
  assert.match(fault.message, message);
  assert(fault.message.startsWith(`${file}, byte ${offset}: `), fault.message);
}

test("parsing undoes serialising, for images and for labels of any size", () => {
  const side = fc.integer({ min: 1, max: 6 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      side,
      side,
      fc.infiniteStream(fc.nat(255)),
      (rows, height, width, s) => {
        const pixels = Uint8Array.from([...s.take(rows * height * width)]);
        const parsed = parseIdx(idxFile(imagesMagic, [rows, height, width], pixels), { file });
        assert.deepEqual(parsed, { kind: "images", rows, height, width, pixels });
      },
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 50 }), (stored) => {
      const parsed = parseIdx(idxFile(labelsMagic, [stored.length], stored), { file });
      assert.deepEqual(parsed, { kind: "labels", rows: stored.length, labels: stored });
    }),
  );
});

test("a file inside a larger buffer is read at its own place", () => {
  const padded = Buffer.concat([Buffer.alloc(7, 255), images, Buffer.alloc(3)]);
  assert.deepEqual(parseIdx(padded.subarray(7, 7 + images.length), { file }), parseIdx(images, { file }));
});

test("a wrong magic number is refused and shown", () => {
  assertFault(idxFile(0x802, [1], Uint8Array.of(1)), 0, /magic number 0x00000802, expected 0x00000803/);
  assertFault(Uint8Array.from([31, 139, 8, 0, 0, 0, 0, 0, 0]), 0, /0x1f8b0800/);
});

test("a file that ends within its header is refused", () => {
  assertFault(new Uint8Array(0), 0, /ends within its header \(0 bytes\)/);
  assertFault(images.slice(0, 7), 0, /ends within its header/);
  assertFault(images.slice(0, 15), 8, /ends within its header/);
});

test("missing and trailing bytes are refused, with both lengths", () => {
  assertFault(images.slice(0, 27), 27, /is cut off: 27 bytes, but the header promises 2 images of 2 × 3, so 28 bytes/);
  assertFault(Uint8Array.from([...images, 0]), 28, /has trailing bytes: 29 bytes/);
  assertFault(labels.slice(0, 12), 12, /is cut off/);
  assertFault(Uint8Array.from([...labels, 0, 0]), 13, /has trailing bytes/);
});

test("sizes that no image has are refused where they stand, and allocate nothing", () => {
  const none = Uint8Array.of();
  assertFault(idxFile(imagesMagic, [0, 2, 2], none), 4, /holds no rows/);
  assertFault(idxFile(imagesMagic, [1, 0, 2], none), 8, /height of 0 pixels, allowed are 1 … 1024/);
  assertFault(idxFile(imagesMagic, [1, 2, 1025], none), 12, /width of 1025 pixels/);
  assertFault(idxFile(imagesMagic, [1, 2 ** 32 - 1, 1], none), 8, /height of 4294967295 pixels/);
  assertFault(idxFile(imagesMagic, [2 ** 32 - 1, 1024, 1024], none), 16, /so 4503599626321936 bytes/);
  assertFault(idxFile(labelsMagic, [2 ** 32 - 1], none), 8, /4294967295 labels/);
});

test("products that are a multiple of 2^32 do not wrap around to a fitting length", () => {
  assertFault(idxFile(imagesMagic, [2 ** 16, 256, 256], new Uint8Array(0)), 16, /is cut off/);
});

test("a label that is no class is refused at its byte", () => {
  assertFault(labels, 9, /label 4, allowed are 0 … 3/, { first: 0, classes: 4 });
  assertFault(labels, 8, /label 0, allowed are 1 … 26/, { first: 1, classes: 26 });
  assert.equal(parseIdx(labels, { file, labels: { first: 0, classes: 5 } }).rows, 5);
});

test("transposing exchanges lines and columns of each image, and twice is the identity", () => {
  const parsed = parseIdx(images, { file }) as IdxImages;
  const turned = transposeImages(parsed);
  assert.deepEqual([turned.height, turned.width], [3, 2]);
  assert.deepEqual([...turned.pixels.slice(0, 6)], [0, 60, 20, 80, 40, 100]);
  assert.deepEqual([...turned.pixels.slice(6)], [120, 180, 140, 200, 160, 220]);
  assert.deepEqual(transposeImages(turned), parsed);
});

test("20 000 damaged files either parse to what their length allows, or fail with file and offset", () => {
  const random = createRandom(1);
  const outcomes = { parsed: 0, refused: 0 };
  for (let i = 0; i < 20_000; i++) {
    const damaged = mutate(i % 2 ? images : labels, random);
    try {
      const idx = parseIdx(damaged, { file, labels: { first: 0, classes: 5 } });
      const contents = idx.kind === "images" ? idx.pixels : idx.labels;
      const expected = idx.kind === "images" ? idx.rows * idx.height * idx.width : idx.rows;
      assert.equal(contents.length, expected);
      assert.equal(contents.buffer, damaged.buffer);
      if (idx.kind === "labels") assert(idx.labels.every((label) => label < 5));
      outcomes.parsed++;
    } catch (error) {
      assert(error instanceof DataError, `${error}`);
      assert.equal(error.file, file);
      assert(error.offset !== undefined && error.offset >= 0 && error.offset <= damaged.length, error.message);
      outcomes.refused++;
    }
  }
  assert(outcomes.parsed > 100 && outcomes.refused > 10_000, JSON.stringify(outcomes));
});
