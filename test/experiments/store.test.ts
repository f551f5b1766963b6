import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { RunRecord } from "psn/dist/experiments/record";
import { protocolVersion, runId } from "psn/dist/experiments/run-id";
import { asStore, openStore } from "psn/dist/experiments/store";
import { resolveConfig } from "psn/dist/training/config";

let folder: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "psn-store-"));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const store = () => openStore(folder, (message) => warnings.push(message));

function record(seed: number): RunRecord {
  const config = resolveConfig({ dataset: "mnist", seed });
  return {
    status: "done",
    id: runId(config, {}),
    protocolVersion,
    config,
    checksums: {},
    result: {
      epochs: [{ epoch: 1, trainLoss: 0.5, testLoss: 0.4, testAccuracy: 0.9 }],
      accuracy: 0.9,
      bestAccuracy: 0.9,
      nonzeros: [10],
      hiddenSparsity: 0.9,
      overallSparsity: 0.9,
      layers: [],
    },
    provenance: { commit: "c", backend: "b", machine: "m", seconds: 1 },
  };
}

test("what was written is read back, and nothing else lies in the folder", () => {
  const written = record(0);
  store().write(written);
  assert.deepEqual(store().read(written.id), written);
  assert.deepEqual(readdirSync(folder), [`${written.id}.json`]);
});

test("a run that was never recorded reads as null", () => {
  assert.equal(store().read("0123456789abcdef"), null);
});

test("a torn record is set aside, aloud, and not trusted", () => {
  const { id } = record(0);
  store().write(record(0));
  truncateSync(join(folder, `${id}.json`), 100);
  assert.equal(store().read(id), null);
  assert.match(warnings.join(), /not a whole record/);
  assert.ok(existsSync(join(folder, `${id}.json.set-aside`)));
});

test("a record under another run's name is set aside", () => {
  store().write(record(0));
  const foreign = readFileSync(join(folder, `${record(0).id}.json`), "utf8");
  writeFileSync(join(folder, `${record(1).id}.json`), foreign);
  assert.equal(store().read(record(1).id), null);
  assert.match(warnings.join(), /does not hold the run that its name says/);
  assert.notEqual(store().read(record(0).id), null);
});

test("a record without a result is set aside", () => {
  for (const result of [undefined, null, 7] as unknown[]) {
    store().write({ ...record(0), result } as RunRecord);
    assert.equal(store().read(record(0).id), null);
    assert.match(warnings.pop()!, /holds no result/);
  }
});

test("a store is not a file, nor below one", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const place of [file, join(file, "below")]) {
    assert.throws(() => asStore(place, "PSN_STORE"), {
      name: "RangeError",
      message: `PSN_STORE is ${place}, a file or below one; name a folder`,
    });
  }
  for (const place of [folder, join(folder, "not yet", "there")]) assert.equal(asStore(place, "PSN_STORE"), place);
});

test("a record of an older protocol is set aside", () => {
  store().write({ ...record(0), protocolVersion: protocolVersion - 1 });
  assert.equal(store().read(record(0).id), null);
  assert.match(warnings.join(), /protocol version/);
});

test("a failure is kept beside, is no result, and goes when the run succeeds", () => {
  const { result: _, ...rest } = record(0);
  const failedFile = join(folder, `${rest.id}.failed.json`);
  store().write({ ...rest, status: "failed", error: "the loss is NaN" });
  assert.equal(store().read(rest.id), null);
  assert.match(readFileSync(failedFile, "utf8"), /the loss is NaN/);
  store().write(record(0));
  assert.ok(!existsSync(failedFile));
  assert.deepEqual(warnings, []);
});
