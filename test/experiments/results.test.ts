import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import fc from "fast-check";
import { decodeParquet, encodeParquet } from "psn/dist/experiments/parquet";
import type { RunResult } from "psn/dist/experiments/record";
import { resultShapes } from "psn/dist/experiments/result-columns";
import { rowOf } from "psn/dist/experiments/result-rows";
import { openRecords, openResults, readResults, writeResults } from "psn/dist/experiments/results";
import type { RecordedRun } from "psn/dist/experiments/run-grid";
import { protocolVersion } from "psn/dist/experiments/run-id";
import { openStore } from "psn/dist/experiments/store";
import { rigl } from "psn/dist/training/config";
import { fixture } from "../fixtures";
import { anyRun, namedRun, realisticRun } from "./any-run";

const part = { experiment: "static", protocol: "plain" };
let folder: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "psn-results-"));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = (name: string): string => join(folder, `${name}.parquet`);
const open = (ids?: readonly string[]) => openResults({ folder, ids, warn: (message) => warnings.push(message) });

const result: RunResult = {
  epochs: [{ epoch: 1, trainLoss: 0.5, testLoss: 0.4, testAccuracy: 0.9 }],
  accuracy: 0.9,
  bestAccuracy: 0.9,
  nonzeros: [10],
  hiddenSparsity: 0.9,
  overallSparsity: 0.9,
  layers: [],
};
const simple = (seed: number): RecordedRun => namedRun({ seed }, result);

/** Writes rows that are not what their id or their protocol version says, which `writeResults` refuses to do. */
async function forge(name: string, run: RecordedRun, change: Partial<ReturnType<typeof rowOf>>): Promise<void> {
  writeFileSync(
    fileOf(name),
    await encodeParquet(resultShapes, [{ ...rowOf(run, part), ...change }, rowOf(simple(9), part)]),
  );
}

test("any runs are read back as they were written", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRun, { maxLength: 4 }), async (runs) => {
      await writeResults(fileOf("any"), runs, part);
      assert.deepEqual(await readResults(fileOf("any")), runs);
    }),
    { numRuns: 40 },
  );
});

test("the same runs give the same bytes, and a file that holds them already is left alone", async () => {
  const runs = [realisticRun(1), simple(0)];
  const first = await writeResults(fileOf("a"), runs, part);
  const { ino } = statSync(fileOf("a"));
  assert.deepEqual(await writeResults(fileOf("a"), structuredClone(runs), part), { ...first, changed: false });
  await writeResults(fileOf("b"), structuredClone(runs), part);
  assert.deepEqual(readFileSync(fileOf("a")), readFileSync(fileOf("b")));
  assert.equal(statSync(fileOf("a")).ino, ino);
  assert.equal((await writeResults(fileOf("a"), [simple(0)], part)).changed, true);
  assert.deepEqual(readdirSync(folder), ["a.parquet", "b.parquet"]);
});

test("a run of RigL takes less than 6 kB, so that thousands stay far below 25 MB", async () => {
  const runs = Array.from({ length: 20 }, (_, seed) => realisticRun(seed));
  const { bytes } = await writeResults(fileOf("rigl"), runs, part);
  assert.equal(statSync(fileOf("rigl")).size, bytes);
  assert.ok(bytes / runs.length < 6000, `${bytes / runs.length} bytes a run`);
});

test("what the columns have no place for is refused, and the file stays as it was", async () => {
  await writeResults(fileOf("a"), [simple(0)], part);
  const before = readFileSync(fileOf("a"));
  const [real] = realisticRun(1).record.result.layers;
  const withLayer = (change: object): RecordedRun => namedRun({}, { ...result, layers: [{ ...real, ...change }] });
  const refusals: [RecordedRun, RegExp][] = [
    [namedRun({}, { ...result, surprise: 1 } as RunResult), /holds what the columns of results do not/],
    [namedRun({}, { ...result, epochs: [{ ...result.epochs[0], epoch: 2 }] }), /holds what the columns/],
    [withLayer({ updates: { ...real.updates, grown: real.updates.dropped } }), /holds what the columns/],
    [withLayer({ updates: { ...real.updates, cv: [0.1234567] } }), /update_cv holds 0.1234567; .* six digits/],
    [withLayer({ updates: { ...real.updates, cv: [1e-44] } }), /update_cv holds 1e-44/],
    [withLayer({ fanIn: [[2 ** 31]] }), /fan_in holds 2147483648; it must be an integer/],
    [withLayer({ fanIn: [[-1]] }), /fan_in holds -1/],
    [withLayer({ fanIn: [[1.5]] }), /fan_in holds 1.5/],
    [withLayer({ rewired: null }), /rewired holds null; it must be a number/],
    [namedRun({}, { ...result, nonzeros: 10 as unknown as number[] }), /nonzeros holds 10; it must be a list/],
  ];
  for (const [run, message] of refusals) {
    await assert.rejects(writeResults(fileOf("a"), [simple(0), run], part), { name: "RangeError", message });
  }
  assert.deepEqual(readFileSync(fileOf("a")), before);
});

test("a record of another protocol version or of another run is not written", async () => {
  const { label, record } = simple(0);
  const older = { label, record: { ...record, protocolVersion: protocolVersion - 1 } };
  await assert.rejects(writeResults(fileOf("a"), [older], part), /is of protocol version \d+, not \d+/);
  const foreign = { label, record: { ...record, config: { ...record.config, seed: 1 } } };
  await assert.rejects(writeResults(fileOf("a"), [foreign], part), /does not hold the run that its id says/);
  assert.ok(!existsSync(fileOf("a")));
});

test("records are found by id in all files of a folder, and others read as null", async () => {
  await writeResults(fileOf("a"), [simple(0), simple(1)], part);
  await writeResults(fileOf("b"), [simple(2), simple(0)], part);
  const results = await open();
  for (const { record } of [simple(0), simple(1), simple(2)]) assert.deepEqual(results.read(record.id), record);
  assert.equal(results.read(simple(3).record.id), null);
  assert.deepEqual(warnings, []);
});

test("a folder that does not exist has no results", async () => {
  const results = await openResults({ folder: join(folder, "none"), warn: (message) => warnings.push(message) });
  assert.equal(results.read(simple(0).record.id), null);
  assert.deepEqual(warnings, []);
});

test("files that are torn or foreign are reported, and the others are read", async () => {
  await writeResults(fileOf("good"), [simple(0)], part);
  await writeResults(fileOf("whole"), [realisticRun(1)], part);
  const { size } = statSync(fileOf("whole"));
  for (const length of [0, 3, 100, size - 1000, size - 1]) {
    writeFileSync(fileOf("torn"), readFileSync(fileOf("whole")));
    truncateSync(fileOf("torn"), length);
    warnings = [];
    const results = await open();
    assert.match(warnings.join(), /^[^,]*torn.parquet cannot be read as results \(/, `${length} bytes`);
    assert.deepEqual(results.read(simple(0).record.id), simple(0).record);
  }
  writeFileSync(fileOf("torn"), "{}");
  const shape = { type: "text", lists: 0, nullable: false } as const;
  writeFileSync(fileOf("wine"), await encodeParquet({ id: shape, grape: shape }, [{ id: "1", grape: "Riesling" }]));
  warnings = [];
  await open();
  assert.match(warnings.join("\n"), /^.*torn.parquet cannot be read.*\n.*wine.parquet cannot be read/);
});

test("rows of an older protocol, and rows that are not what their id says, are reported and not trusted", async () => {
  const { id, config } = simple(0).record;
  await forge("older", simple(0), { protocol_version: protocolVersion - 1 });
  assert.equal((await open()).read(id), null);
  assert.match(warnings.join(), /older.parquet: 1 of 2 runs ignored; the first of them, \w+, is of protocol version/);
  rmSync(fileOf("older"));
  warnings = [];
  await forge("foreign", simple(0), { config: JSON.stringify({ ...config, seed: 1 }) });
  const results = await open();
  assert.equal(results.read(id), null);
  assert.match(warnings.join(), /foreign.parquet: 1 of 2 runs ignored; .* does not hold the run that its id says/);
  assert.deepEqual(results.read(simple(9).record.id), simple(9).record);
});

test("the columns for people say what the config says", async () => {
  const from = { start: { kind: "random" }, update: rigl } as const;
  const profile = { kind: "profile", family: "lognormal", rule: "window", permute: true } as const;
  const runs = [
    namedRun({ start: { ...profile, cv: 1 }, sparsity: 0.8, trainingRows: 500 }, result),
    namedRun({ start: { ...profile, cv: [1, 0.5] }, budget: [0.9, 0.5, 0], update: { ...rigl, interval: 50 } }, result),
    namedRun({ start: { kind: "transplant", from, keep: "fan-ins" }, layerNorm: true, seed: 7 }, result),
  ];
  await writeResults(fileOf("a"), runs, part);
  const rows = await decodeParquet(readFileSync(fileOf("a")), Object.keys(resultShapes));
  const common = {
    ...part,
    dataset: "mnist",
    training_rows: null,
    hidden: [512, 256],
    layer_norm: false,
    sparsity: 0.9,
    budget: "uniform",
    dense_input: false,
    dense_output: true,
    start_family: null,
    start_cv: [],
    start_keep: null,
    update: "static",
    update_growth: null,
    update_interval: null,
    update_alpha: null,
    update_end: null,
    weights: "unit",
    optimizer: "adam",
    learning_rate: 0.001,
    schedule: "constant",
    batch: 128,
    epochs: 20,
    seed: 0,
    engine: "sparse",
  };
  const profiled = { ...common, start: "profile", start_family: "lognormal" };
  const moving = {
    update: "rigl",
    update_growth: "gradient",
    update_interval: 50,
    update_alpha: 0.3,
    update_end: 0.75,
  };
  const expected = [
    { ...profiled, start_cv: [1], sparsity: 0.8, training_rows: 500 },
    { ...profiled, start_cv: [1, 0.5], budget: "by layer", ...moving },
    { ...common, start: "transplant", start_keep: "fan-ins", layer_norm: true, seed: 7 },
  ];
  const query = rows.map((row) => Object.fromEntries(Object.keys(expected[0]).map((name) => [name, row[name]])));
  assert.deepEqual(query, expected);
});

test("two files that tell one run differently are reported", async () => {
  await writeResults(fileOf("a"), [simple(0)], part);
  await writeResults(fileOf("b"), [namedRun({ seed: 0 }, { ...result, accuracy: 0.8 })], part);
  assert.equal((await open()).read(simple(0).record.id)?.result.accuracy, 0.9);
  assert.match(warnings.join(), /b.parquet tells another result of run \w+ than a file before it/);
});

test("a file with a single changed byte is reported", async () => {
  await writeResults(fileOf("a"), [simple(0)], part);
  const whole = readFileSync(fileOf("a"));
  const step = Math.ceil(whole.length / 50);
  for (let at = 0; at < whole.length; at += step) {
    const changed = Buffer.from(whole);
    changed[at] ^= 1 << (at % 8);
    writeFileSync(fileOf("a"), changed);
    warnings = [];
    assert.equal((await open()).read(simple(0).record.id), null);
    assert.match(warnings.join(), /a.parquet cannot be read as results \(it/, `byte ${at}`);
  }
});

test("files without any of the runs asked for are not gone through", async () => {
  await writeResults(fileOf("a"), [simple(0)], part);
  await forge("b", simple(1), { protocol_version: protocolVersion - 1 });
  const results = await open([simple(0).record.id, simple(5).record.id]);
  assert.deepEqual(results.read(simple(0).record.id), simple(0).record);
  assert.deepEqual(warnings, []);
  await open([simple(0).record.id, simple(1).record.id]);
  assert.match(warnings.join(), /b.parquet: 1 of 2 runs ignored/);
});

test("a store over results shows what was computed here before what is committed, and writes beside it", async () => {
  await writeResults(fileOf("a"), [simple(0), simple(1)], part);
  const store = openStore(join(folder, "runs"), (message) => warnings.push(message));
  const records = openRecords({ results: await open(), store });
  const again = { ...simple(0).record, provenance: { ...simple(0).record.provenance, machine: "another" } };
  records.write(again);
  const [zero, one, two] = [0, 1, 2].map((seed) => simple(seed).record.id);
  assert.deepEqual([records.read(zero), records.read(one), records.read(two)], [again, simple(1).record, null]);
  assert.deepEqual(records.look(zero), { record: again, fault: "", folder: records.folder });
  assert.deepEqual(records.look(one), { record: simple(1).record, fault: "", folder });
  assert.deepEqual(records.look(two), { record: null, fault: "", folder: records.folder });
  assert.deepEqual(store.read(zero), again);
  assert.equal(store.read(one), null);
});

test("the file that pandas and DuckDB read is read here, and files are still laid out like it", async () => {
  const runs = await readResults(fixture("results.parquet"));
  assert.deepEqual(runs, JSON.parse(readFileSync(fixture("results.json"), "utf8")));
  const { parquetMetadata } = await import("hyparquet");
  const layout = (file: string): unknown => {
    const bytes = readFileSync(file);
    const { schema, row_groups, created_by } = parquetMetadata(new Uint8Array(bytes).buffer);
    const columns = row_groups[0].columns.map(({ meta_data }) => [
      meta_data?.path_in_schema,
      meta_data?.codec,
      meta_data?.encodings,
    ]);
    return { schema, columns, created_by, groups: row_groups.length };
  };
  await writeResults(fileOf("now"), runs, part);
  assert.deepEqual(layout(fileOf("now")), layout(fixture("results.parquet")));
});
