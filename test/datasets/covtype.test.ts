import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Covtype, covtypeInputs, parseCovtype, standardise } from "psn/dist/datasets/covtype";
import { DataError } from "psn/dist/datasets/data-error";
import { createRandom } from "psn/dist/random";
import { mutate } from "./mutate";

const file = "covtype.data.gz";

/** A line as in the file: ten numbers, one of 4 areas, one of 40 soils, the label 1 … 7. */
function line(numbers: readonly number[], area: number, soil: number, label: number): string {
  const oneHot = (size: number, hot: number) => Array.from({ length: size }, (_, i) => (i === hot ? 1 : 0));
  return `${[...numbers, ...oneHot(4, area), ...oneHot(40, soil), label].join(",")}\n`;
}

const ten = [2596, 51, 3, 258, -6, 510, 221, 232, 148, 6279];
const first = line(ten, 0, 28, 5);
const text = first + line([...ten].reverse(), 3, 39, 1) + line(ten, 2, 0, 7);

const parse = (data: string, rows: number) => parseCovtype([Buffer.from(data, "latin1")], { file, rows });

async function assertFault(data: string, rows: number, place: { line: number; offset: number }, message: RegExp) {
  await assert.rejects(parse(data, rows), (error) => {
    assert(error instanceof DataError, `${error}`);
    assert.match(error.message, message);
    assert(error.message.startsWith(`${file}, line ${place.line}, byte ${place.offset}: `), error.message);
    assert.equal(error.offset, place.offset);
    return true;
  });
}

const change = (column: number, value: string) =>
  first
    .split(",")
    .map((field, i) => (i === column ? value : field))
    .join(",");

test("features and zero-based labels are read as they stand", async () => {
  const { rows, features, labels } = await parse(text, 3);
  assert.equal(rows, 3);
  assert.deepEqual([...labels], [4, 0, 6]);
  assert.deepEqual([...features.slice(0, 10)], ten);
  assert.deepEqual([...features.slice(54, 64)], [...ten].reverse());
  assert.equal(features[10], 1);
  assert.equal(features[14 + 28], 1);
  assert.equal(features[54 + 53], 1);
  assert.equal(
    features.slice(10, 54).reduce((a, b) => a + b),
    2,
  );
});

test("however the file is cut into pieces, the result is the same", async () => {
  const bytes = Buffer.from(text);
  const whole = await parse(text, 3);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 8 }), async (sizes) => {
      const pieces: Uint8Array[] = [];
      for (let at = 0, i = 0; at < bytes.length; at += sizes[i++ % sizes.length]) {
        pieces.push(bytes.subarray(at, at + sizes[i % sizes.length]));
      }
      assert.deepEqual(await parseCovtype(pieces, { file, rows: 3 }), whole);
    }),
    { numRuns: 50 },
  );
});

test("a short row, a long row and an empty line are refused", async () => {
  await assertFault(`1,2,3\n`, 1, { line: 1, offset: 5 }, /only 3 columns, must be 55/);
  await assertFault(`${first}\n`, 2, { line: 2, offset: first.length }, /only 1 columns/);
  await assertFault(`${first.trimEnd()},1\n`, 1, { line: 1, offset: first.length - 1 }, /more than 55 columns/);
});

test("too few and too many lines are refused", async () => {
  await assertFault(text, 4, { line: 4, offset: text.length }, /ends after 3 whole lines, expected 4/);
  await assertFault(text.trimEnd(), 3, { line: 3, offset: text.length - 1 }, /ends after 2 whole lines/);
  await assertFault(text, 2, { line: 3, offset: text.lastIndexOf("\n", text.length - 2) + 1 }, /goes on after/);
});

test("what is no integer is refused", async () => {
  await assertFault(change(0, ""), 1, { line: 1, offset: 0 }, /column 1 is empty or no integer/);
  await assertFault(change(0, "-"), 1, { line: 1, offset: 1 }, /column 1 is empty or no integer/);
  await assertFault(change(0, "2.5"), 1, { line: 1, offset: 1 }, /byte 0x2e in column 1/);
  await assertFault(change(0, "2-5"), 1, { line: 1, offset: 1 }, /byte 0x2d in column 1/);
  await assertFault(change(0, "--5"), 1, { line: 1, offset: 1 }, /byte 0x2d in column 1/);
  await assertFault(change(0, "NaN"), 1, { line: 1, offset: 0 }, /byte 0x4e in column 1/);
  await assertFault(change(0, "32768"), 1, { line: 1, offset: 4 }, /column 1 is beyond ±32767/);
  await assertFault(change(0, "000001"), 1, { line: 1, offset: 5 }, /column 1 is beyond/);
  await assertFault(first.replace("\n", "\r\n"), 1, { line: 1, offset: first.length - 1 }, /byte 0x0d in column 55/);
});

test("binary columns must be 0 or 1, with one area and one soil type", async () => {
  await assertFault(change(11, "2"), 1, { line: 1, offset: first.indexOf("6279,1,0") + 8 }, /column 12 is 2/);
  await assertFault(change(11, "-1"), 1, { line: 1, offset: first.indexOf("6279,1,0") + 9 }, /column 12 is -1/);
  await assert.rejects(parse(change(12, "1"), 1), /2 wilderness areas, must be 1/);
  await assert.rejects(parse(change(10, "0"), 1), /0 wilderness areas/);
  await assert.rejects(parse(change(53, "1"), 1), /2 soil types, must be 1/);
});

test("a label outside 1 … 7 is refused", async () => {
  const end = { line: 1, offset: first.length - 1 };
  await assertFault(change(54, "8\n"), 1, end, /label 8, allowed are 1 … 7/);
  await assertFault(change(54, "0\n"), 1, end, /label 0/);
  await assertFault(change(54, "-1\n"), 1, { line: 1, offset: first.length }, /label -1/);
});

test("3000 damaged files either parse to valid rows or fail with file, line and offset", async () => {
  const random = createRandom(2);
  const bytes = Buffer.from(text);
  const alphabet = Buffer.from("0123456789,-\n");
  const outcomes = { parsed: 0, refused: 0 };
  for (let i = 0; i < 3000; i++) {
    const damaged = mutate(bytes, random, i % 2 ? undefined : alphabet);
    try {
      const { features, labels } = await parseCovtype([damaged], { file, rows: 3 });
      assert.equal(features.length, 3 * covtypeInputs);
      assert(labels.every((label) => label <= 6));
      for (let row = 0; row < 3; row++) {
        const binary = features.slice(row * covtypeInputs + 10, (row + 1) * covtypeInputs);
        assert(binary.every((value) => value === 0 || value === 1));
        assert.equal(
          binary.reduce((a, b) => a + b),
          2,
        );
      }
      outcomes.parsed++;
    } catch (error) {
      assert(error instanceof DataError, `${error}`);
      assert.match(error.message, /^covtype\.data\.gz, line \d+, byte \d+: /);
      assert(error.offset !== undefined && error.offset <= damaged.length, error.message);
      outcomes.refused++;
    }
  }
  assert(outcomes.parsed > 20 && outcomes.refused > 1500, JSON.stringify(outcomes));
});

test("numeric columns get mean 0 and variance 1 on the training part only, binary columns stay", () => {
  const rows = 40;
  const random = createRandom(3);
  const features = new Int16Array(rows * covtypeInputs);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < 9; column++) features[row * 54 + column] = random.integer(1000) - 500;
    features[row * 54 + 9] = row < 30 ? 7 : 9; // constant in the training part
    features[row * 54 + 10 + random.integer(4)] = 1;
  }
  const table: Covtype = { rows, features, labels: new Uint8Array(rows) };
  const split = { train: Uint32Array.from({ length: 30 }, (_, i) => i), test: Uint32Array.of(31, 39) };
  const { train, test: rest } = standardise(table, split.train, split.test);
  const moments = (column: number) => {
    const values = Array.from(split.train, (_, i) => train[i * 54 + column]);
    const mean = values.reduce((a, b) => a + b) / 30;
    return [mean, values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 30];
  };
  for (let column = 0; column < 9; column++) {
    const [mean, variance] = moments(column);
    assert(Math.abs(mean) < 1e-6 && Math.abs(variance - 1) < 1e-6, `column ${column}: ${mean}, ${variance}`);
  }
  assert.deepEqual(moments(9), [0, 0]);
  assert.deepEqual([rest[9], rest[54 + 9]], [2, 2]); // centred with the mean of the training part, not divided
  assert.deepEqual([...rest.slice(64, 108)], [...features.slice(39 * 54 + 10)]);
  // The test part is moved by the same line as the training part.
  const slope = (train[54] - train[0]) / (features[54] - features[0]);
  assert(Math.abs(rest[0] - (train[0] + slope * (features[31 * 54] - features[0]))) < 1e-5);
});
