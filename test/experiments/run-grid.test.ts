import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { GridRun } from "psn/dist/experiments/part";
import { type GridProgress, runGrid } from "psn/dist/experiments/run-grid";
import { openStore } from "psn/dist/experiments/store";
import { resolveConfig, type TrainConfig } from "psn/dist/training/config";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "psn-grid-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (label: string, change: Partial<TrainConfig> = {}): GridRun => ({
  label,
  config: resolveConfig({ dataset: "mnist", trainingRows: 200, hidden: [8], epochs: 1, ...change }),
});
const grid = [run("a"), run("b", { seed: 1 }), run("c", { seed: 2 })];
const provenance = { commit: "c", machine: "m" };
const compute = (
  runs: GridRun[],
  more: { rerun?: boolean; workers?: number; signal?: AbortSignal; onProgress?: (p: GridProgress) => void } = {},
) => runGrid(runs, { store: openStore(folder, () => undefined), provenance, ...more });
const files = (): string[] => readdirSync(folder).sort();

test("a grid is computed once; the second time every run is read, and none is written", async () => {
  const first = await compute(grid);
  const written = files().map((file) => [file, statSync(join(folder, file)).mtimeMs]);
  const second = await compute(grid);
  assert.deepEqual(second, first);
  assert.deepEqual(
    files().map((file) => [file, statSync(join(folder, file)).mtimeMs]),
    written,
  );
  assert.deepEqual(
    second.map(({ label }) => label),
    ["a", "b", "c"],
  );
});

test("a run computed again gives the same result", async () => {
  const results = (runs: Awaited<ReturnType<typeof compute>>): unknown => runs.map(({ record }) => record.result);
  assert.deepEqual(results(await compute(grid, { rerun: true })), results(await compute(grid, { rerun: true })));
});

test("a torn record is computed again, the others are not", async () => {
  await compute(grid);
  const [torn] = files();
  const whole = JSON.parse(readFileSync(join(folder, torn), "utf8"));
  truncateSync(join(folder, torn), 50);
  const seen: GridProgress[] = [];
  await compute(grid, { onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(JSON.parse(readFileSync(join(folder, torn), "utf8")).result, whole.result);
  const last = seen[seen.length - 1];
  assert.deepEqual([last.recorded, last.done, last.failed, last.total], [2, 1, 0, 3]);
});

test("an aborted grid keeps what was finished, and the next call goes on from there", async () => {
  const controller = new AbortController();
  const alone = { workers: 1, signal: controller.signal };
  const stopAfterFirst = ({ done }: GridProgress): void => {
    if (done === 1) controller.abort(new Error("stop"));
  };
  await assert.rejects(compute(grid, { ...alone, onProgress: stopAfterFirst }), /stop/);
  assert.equal(files().length, 1);
  assert.equal((await compute(grid)).length, 3);
  assert.equal(files().length, 3);
});

test("a run that fails says why, leaves its reason behind, and does not stop the others", async () => {
  const impossible = run("impossible", {
    start: { kind: "profile", family: "linear", cv: 2, rule: "window", permute: true },
  });
  await assert.rejects(compute([impossible, ...grid]), /1 of 4 runs failed:\nimpossible, 90 %, seed 0 .*maximum/s);
  assert.equal(files().filter((file) => file.endsWith(".failed.json")).length, 1);
  assert.equal(files().length, 4);
});
