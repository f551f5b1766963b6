import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { MergeConflict, mergeStores } from "psn/dist/experiments/merge-stores";
import type { RunRecord } from "psn/dist/experiments/record";
import { openRecords, openResults, writeResults } from "psn/dist/experiments/results";
import { openStore, recordedIds } from "psn/dist/experiments/store";
import { realisticRun } from "./any-run";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "psn-merge-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const [committed, fresh] = [0, 1].map(realisticRun);
const otherwise = ({ result, ...rest }: RunRecord): RunRecord => ({ ...rest, result: { ...result, accuracy: 0.25 } });

/** A working store above the committed results of one run. */
async function ourRecords() {
  const folder = join(root, "results");
  await writeResults(join(folder, "part.parquet"), [committed], { experiment: "rigl", protocol: "plain" });
  return openRecords({ results: await openResults({ folder }), store: openStore(join(root, "runs")) });
}

function storeOf(name: string, ...records: RunRecord[]): string {
  const store = openStore(join(root, name));
  for (const record of records) store.write(record);
  return store.folder;
}

test("what is committed already is not taken over, wherever it was computed", async () => {
  const provenance = { ...committed.record.provenance, machine: "another" };
  const theirs = storeOf("theirs", { ...committed.record, provenance }, fresh.record);
  assert.deepEqual(mergeStores(await ourRecords(), [theirs]), { added: 1, equal: 1, faults: [] });
  assert.deepEqual(recordedIds(join(root, "runs")), [fresh.record.id]);
});

test("what disagrees with a committed result is a conflict that names both places, and nothing is taken over", async () => {
  const theirs = storeOf("theirs", otherwise(committed.record), fresh.record);
  const ours = await ourRecords();
  assert.throws(
    () => mergeStores(ours, [theirs]),
    (error: Error) =>
      error instanceof MergeConflict &&
      error.message.startsWith("The results of 1 run disagree, and nothing was merged;") &&
      error.message.endsWith(`\n${committed.record.id}: ${join(root, "results")} and ${theirs}`),
  );
  assert.deepEqual(recordedIds(join(root, "runs")), []);
});

test("stores that disagree with one another are a conflict, and those that agree count once", async () => {
  const [one, two] = [storeOf("one", fresh.record), storeOf("two", otherwise(fresh.record))];
  const ours = await ourRecords();
  assert.throws(() => mergeStores(ours, [one, two]), {
    name: "MergeConflict",
    message: new RegExp(`${one} and ${two}$`),
  });
  assert.deepEqual(mergeStores(ours, [one, storeOf("three", fresh.record)]), { added: 1, equal: 1, faults: [] });
});

test("what is no store, and a record without a result, is said and left", async () => {
  const ours = await ourRecords();
  const file = join(root, "file");
  writeFileSync(file, "");
  assert.throws(() => mergeStores(ours, [file]), {
    name: "RangeError",
    message: /^A store to merge is .*; name a folder$/,
  });
  assert.throws(() => mergeStores(ours, [join(root, "none")]), /There is no store/);
  const { result: _, ...rest } = fresh.record;
  const theirs = storeOf("theirs", rest as RunRecord);
  const faults = [`${theirs}/${fresh.record.id}.json holds no result`];
  assert.deepEqual(mergeStores(ours, [theirs]), { added: 0, equal: 0, faults });
});
