import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { packCommand } from "psn/dist/commands/pack";
import { identify } from "psn/dist/experiments/identify";
import { packPart } from "psn/dist/experiments/pack";
import type { ExperimentPart, GridRun } from "psn/dist/experiments/part";
import type { RunRecord } from "psn/dist/experiments/record";
import { openRecords, openResults, readResults } from "psn/dist/experiments/results";
import { openStore, type RecordStore } from "psn/dist/experiments/store";
import { resolveConfig } from "psn/dist/training/config";
import { namedRun } from "./any-run";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "psn-pack-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const store = (): RecordStore => openStore(join(folder, "runs"));
const pack = async (part: ExperimentPart, records: Pick<RecordStore, "look"> = store(), partial = false) =>
  packPart(part, { records, results: await openResults({ folder }), folder, partial, replace: false });

const runOfSeed = (seed: number): GridRun => ({
  label: `seed ${seed}`,
  config: resolveConfig({ dataset: "mnist", seed }),
});
const part = (seeds: readonly number[]): ExperimentPart => {
  const setting = { experiment: "rigl", protocol: "tuned", dataset: "mnist" } as const;
  return { name: "rigl-tuned-mnist", ...setting, runs: seeds.map(runOfSeed) };
};
/** A part whose second stage has, for every record of the first, a run whose seed follows from its accuracy. */
const staged = (seeds: readonly number[]): ExperimentPart => ({
  ...part(seeds),
  secondStage: (runs) => runs.map(({ record }) => runOfSeed(Math.round(100 + 10 * record.result.accuracy))),
});

function recordOf(run: GridRun, accuracy = 0.5): RunRecord {
  const result = {
    epochs: [],
    accuracy,
    bestAccuracy: 1,
    nonzeros: [],
    hiddenSparsity: 0,
    overallSparsity: 0,
    layers: [],
  };
  const [{ checksums }] = identify([run]);
  return namedRun(run.config, result, { checksums }).record;
}

test("a complete part is packed in the order of its grid, and packed again only if it changed", async () => {
  for (const seed of [2, 0, 1]) store().write(recordOf(runOfSeed(seed)));
  const file = join(folder, "rigl-tuned-mnist.parquet");
  const packed = await pack(part([1, 0, 2]));
  const size = readFileSync(file).length;
  assert.deepEqual(packed, {
    name: "rigl-tuned-mnist",
    runs: 3,
    missing: 0,
    more: false,
    changed: [],
    written: { bytes: size, changed: true },
  });
  assert.deepEqual(
    (await readResults(file)).map(({ label }) => label),
    ["seed 1", "seed 0", "seed 2"],
  );
  assert.deepEqual((await pack(part([1, 0, 2]))).written, { bytes: size, changed: false });
});

test("an incomplete part is left out, unless a part of it is wanted", async () => {
  store().write(recordOf(runOfSeed(1)));
  assert.deepEqual(await pack(part([0, 1])), {
    name: "rigl-tuned-mnist",
    runs: 1,
    missing: 1,
    more: false,
    changed: [],
    written: null,
  });
  assert.ok(!existsSync(join(folder, "rigl-tuned-mnist.parquet")));
  assert.notEqual((await pack(part([0, 1]), store(), true)).written, null);
  const [{ record }] = await readResults(join(folder, "rigl-tuned-mnist.parquet"));
  assert.equal(record.config.seed, 1);
  assert.equal((await pack(part([5]), store(), true)).written, null);
});

test("a second stage is packed after the first, and a part that waits for it is incomplete", async () => {
  store().write(recordOf(runOfSeed(0), 0.3));
  assert.deepEqual(await pack(staged([0, 1])), {
    name: "rigl-tuned-mnist",
    runs: 1,
    missing: 2,
    more: true,
    changed: [],
    written: null,
  });
  store().write(recordOf(runOfSeed(1), 0.7));
  assert.deepEqual(await pack(staged([0, 1])), {
    name: "rigl-tuned-mnist",
    runs: 2,
    missing: 2,
    more: false,
    changed: [],
    written: null,
  });
  for (const seed of [103, 107]) store().write(recordOf(runOfSeed(seed)));
  assert.equal((await pack(staged([0, 1]))).written?.changed, true);
  const runs = await readResults(join(folder, "rigl-tuned-mnist.parquet"));
  assert.deepEqual(
    runs.map(({ label }) => label),
    ["seed 0", "seed 1", "seed 103", "seed 107"],
  );
});

test("what is committed is packed again with what was computed since, and without the working store", async () => {
  store().write(recordOf(runOfSeed(0)));
  await pack(part([0, 1]), store(), true);
  rmSync(join(folder, "runs"), { recursive: true });
  store().write(recordOf(runOfSeed(1)));
  const records = openRecords({ results: await openResults({ folder }), store: store() });
  assert.equal((await pack(part([0, 1]), records)).missing, 0);
  const results = await openResults({ folder });
  for (const seed of [0, 1]) {
    const record = recordOf(runOfSeed(seed));
    assert.deepEqual(results.read(record.id), record);
  }
});

test("a record that cannot be trusted is missing", async () => {
  const record = recordOf(runOfSeed(0));
  store().write(record);
  writeFileSync(join(folder, "runs", `${record.id}.json`), JSON.stringify({ ...record, config: {} }));
  assert.equal((await pack(part([0]))).missing, 1);
});

test("a result that is committed gives way to another only if it is told to, aloud; provenance is all one", async (t) => {
  const written: string[] = [];
  t.mock.method(process.stdout, "write", (text: string) => written.push(text) > 0);
  const args = ["rigl", "--store", join(folder, "runs"), "--results", folder];
  const psnPack = (...switches: string[]) => packCommand([...args, ...switches], () => [part([0, 1])]);
  const committed = async (seed: number) => (await openResults({ folder })).read(recordOf(runOfSeed(seed)).id)!;
  for (const seed of [0, 1]) store().write(recordOf(runOfSeed(seed)));
  assert.equal(await psnPack(), 0);
  const [same, other] = [recordOf(runOfSeed(0)), recordOf(runOfSeed(1), 0.25)];
  store().write({ ...same, provenance: { ...same.provenance, machine: "another" } });
  assert.equal(await psnPack(), 0);
  assert.equal((await committed(0)).provenance.machine, "another");
  store().write(other);
  assert.equal(await psnPack(), 1);
  assert.equal(await psnPack("--partial"), 1);
  assert.equal((await committed(1)).result.accuracy, 0.5);
  assert.equal(await psnPack("--replace"), 0);
  assert.equal((await committed(1)).result.accuracy, 0.25);
  t.mock.restoreAll();
  const lines = written.filter((_, i) => i % 2 === 0).map((line) => line.replace(/\d+ bytes/, "n bytes"));
  const refused =
    `rigl-tuned-mnist: left out, 1 of 2 runs have results other than the committed ones: ${other.id}; ` +
    "find out which are right, and delete these or pack them with --replace\n";
  assert.deepEqual(lines, [
    "rigl-tuned-mnist: 2 runs, n bytes\n",
    "rigl-tuned-mnist: 2 runs, n bytes\n",
    refused,
    refused,
    `rigl-tuned-mnist: 2 runs, n bytes; 1 now have results other than the committed ones: ${other.id}\n`,
  ]);
});

test("psn pack says what became of every part, and fails where one is left out", async (t) => {
  const written: string[] = [];
  t.mock.method(process.stdout, "write", (text: string) => written.push(text) > 0);
  const args = ["rigl", "--store", join(folder, "runs"), "--results", folder];
  const psnPack = (...switches: string[]) => packCommand([...args, ...switches], () => [part([0, 1])]);
  assert.equal(await psnPack(), 1);
  store().write(recordOf(runOfSeed(0)));
  assert.equal(await psnPack(), 1);
  assert.equal(await psnPack("--partial"), 0);
  store().write(recordOf(runOfSeed(1)));
  assert.equal(await psnPack(), 0);
  assert.equal(await psnPack(), 0);
  t.mock.restoreAll();
  const lines = written.filter((_, i) => i % 2 === 0).map((line) => line.replace(/\d+ bytes/, "n bytes"));
  assert.deepEqual(lines, [
    "rigl-tuned-mnist: left out, nothing is recorded\n",
    "rigl-tuned-mnist: left out, 1 of 2 runs are missing; compute them, or pack what there is with --partial\n",
    "rigl-tuned-mnist: 1 runs, n bytes; 1 of 2 runs are missing\n",
    "rigl-tuned-mnist: 2 runs, n bytes\n",
    "rigl-tuned-mnist: 2 runs, n bytes, as it was\n",
  ]);
  assert.match(written.at(-1)!, /\d bytes in 1 files\n$/);
});
