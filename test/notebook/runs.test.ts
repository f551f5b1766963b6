import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { projectRoot } from "psn/dist/datasets/folder";
import type { RunRecord } from "psn/dist/experiments/record";
import { openStore } from "psn/dist/experiments/store";
import { describeSource } from "psn/dist/notebook/runs";
import { realisticRun } from "../experiments/any-run";

const outside = mkdtempSync(join(tmpdir(), "psn-runs-"));
const inside = mkdtempSync(join(projectRoot(), "test", ".build", "runs-"));
after(() => {
  for (const folder of [outside, inside]) rmSync(folder, { recursive: true });
});

test("where runs were read from is said: what a working store adds or changes is counted, what it repeats is not", () => {
  const runs = [0, 1, 2].map(realisticRun);
  const [repeated, changed, added] = runs.map(({ record }) => record);
  const before: RunRecord = { ...changed, result: { ...changed.result, accuracy: 0.25 } };
  const committed = new Map([repeated, before].map((record) => [record.id, record]));
  const results = { read: (id: string) => committed.get(id) ?? null };
  const none = { read: () => null };
  for (const [folder, name] of [
    [outside, outside],
    [inside, relative(projectRoot(), inside)],
  ]) {
    assert.equal(describeSource(runs, folder, none), "data/results");
    const provenance = { ...repeated.provenance, machine: "another" };
    openStore(folder).write({ ...repeated, provenance });
    assert.equal(describeSource(runs, folder, results), "data/results");
    for (const record of [changed, added]) openStore(folder).write(record);
    assert.equal(describeSource(runs, folder, results), `data/results, 2 of them from ${name}`);
    assert.equal(describeSource(runs, folder, none), name);
  }
});
