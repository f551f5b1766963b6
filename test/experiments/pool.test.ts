import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { identify } from "psn/dist/experiments/identify";
import type { GridRun } from "psn/dist/experiments/part";
import { computeGrid, type GridOptions, type GridProgress, runGrid } from "psn/dist/experiments/run-grid";
import { openStore, recordedIds } from "psn/dist/experiments/store";
import { StoreFault } from "psn/dist/experiments/store-fault";
import { accident } from "./faulty-worker";
import { tinyGrid, tinyRun } from "./tiny";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "psn-pool-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const worker = join(__dirname, "faulty-worker.js");
const options = (more: Partial<GridOptions> = {}): GridOptions => {
  const provenance = { commit: "c", machine: "m" };
  return { store: openStore(folder, assert.fail), provenance, workers: 2, worker, patience: 20, ...more };
};
const results = async (grid: readonly GridRun[], more: Partial<GridOptions>): Promise<unknown[]> =>
  (await runGrid(grid, options(more))).map(({ label, record }) => [label, record.id, record.result]);

test("the result does not depend on how many workers there are", async () => {
  const [one, three] = [1, 3].map((workers) => () => results(tinyGrid.slice(0, 4), { workers, rerun: true }));
  assert.deepEqual(await one(), await three());
});

test("a worker that ends amid a run costs nothing: the run is tried once more", async () => {
  const grid = [tinyRun({ seed: accident.exitOnce }), ...tinyGrid.slice(0, 3)];
  assert.deepEqual(await computeGrid(identify(grid), options()), []);
  assert.equal(recordedIds(folder).length, 4);
  assert.ok(readdirSync(folder).includes("exited"));
});

test("a run that ends its worker twice is recorded as failed, and the others are computed", async () => {
  const seeds = [accident.exitAlways, accident.throwAlways];
  const grid = [...seeds.map((seed) => tinyRun({ seed })), ...tinyGrid.slice(0, 3)];
  const failures = await computeGrid(identify(grid), options());
  const reasons = failures.map(({ label, reason }) => `${label}: ${reason}`).sort();
  assert.match(reasons[0], /^random, 90 %, seed 1002: its worker died, twice: worker exited with code: 7$/);
  assert.match(reasons[1], /^random, 90 %, seed 1003: its worker died, twice: thrown where nobody catches$/);
  assert.equal(recordedIds(folder).length, 3);
  const failed = readdirSync(folder).filter((name) => name.endsWith(".failed.json"));
  assert.deepEqual(failed.sort(), failures.map(({ id }) => `${id}.failed.json`).sort());
});

test("aborting stops every worker within a second, and keeps what is recorded", async () => {
  const long = [1, 2].map((seed) => tinyRun({ seed, hidden: [512, 256], trainingRows: null, epochs: 30 }));
  const controller = new AbortController();
  let aborted = 0;
  const onProgress = ({ done, inFlight }: GridProgress): void => {
    if (aborted > 0 || done === 0 || inFlight.length < 2 || inFlight.some(({ training }) => training === null)) return;
    aborted = performance.now();
    controller.abort(new Error("enough"));
  };
  const grid = [...tinyGrid.slice(0, 1), ...long];
  await assert.rejects(
    computeGrid(identify(grid), options({ signal: controller.signal, onProgress })),
    /^Error: enough$/,
  );
  assert.ok(performance.now() - aborted < 1000);
  assert.deepEqual(readdirSync(folder), [`${recordedIds(folder)[0]}.json`]);
  await assert.rejects(
    computeGrid(identify(grid), options({ signal: controller.signal })),
    /enough/,
    "an old abort counts too",
  );
});

test("a full disk stops the grid, says so, and leaves whole records and nothing else", async () => {
  const grid = [...tinyGrid.slice(0, 1), tinyRun({ seed: accident.diskFull }), tinyRun({ epochs: 500 })];
  await assert.rejects(computeGrid(identify(grid), options()), (error: Error) => {
    assert.ok(error instanceof StoreFault);
    assert.match(error.message, /^disk full \(ENOSPC\): .*; free space and run again; 1 records are safe$/);
    return true;
  });
  const [id, ...more] = recordedIds(folder);
  assert.deepEqual(more, []);
  assert.deepEqual(readdirSync(folder), [`${id}.json`]);
  assert.ok(openStore(folder, assert.fail).read(id));
});

test("two grids on one store compute each run once, and both have all runs in the end", async () => {
  const last: GridProgress[] = [];
  const both = [0, 1].map((i) => {
    const onProgress = (progress: GridProgress): void => {
      last[i] = progress;
    };
    return results(tinyGrid, { onProgress, workers: 1 });
  });
  const [first, second] = await Promise.all(both);
  assert.deepEqual(first, second);
  assert.equal(last[0].done + last[1].done, tinyGrid.length);
  assert.ok(last.every(({ done, recorded }) => done > 0 && done + recorded === tinyGrid.length));
  assert.equal(readdirSync(folder).length, tinyGrid.length);
});

test("a run that failed elsewhere meanwhile is not tried again", async () => {
  const impossible = tinyRun({
    hidden: [8],
    start: { kind: "profile", family: "linear", cv: 2, rule: "window", permute: true },
  });
  const [first, second] = await Promise.all(
    [0, 1].map(() => computeGrid(identify([impossible]), options({ workers: 1 }))),
  );
  assert.match(first[0].reason, /the maximum that it reaches/);
  assert.deepEqual(second, first);
});

test("a run that is in a grid twice is computed once and returned twice", async () => {
  const [run] = tinyGrid;
  let last: GridProgress | undefined;
  const onProgress = (progress: GridProgress): void => {
    last = progress;
  };
  const runs = await runGrid([run, { ...run, label: "again" }], options({ onProgress }));
  assert.deepEqual(
    runs.map(({ label }) => label),
    ["random", "again"],
  );
  assert.deepEqual([last?.total, last?.done], [1, 1]);
});

test("impossible numbers of workers are refused", async () => {
  for (const workers of [0, 1.5, Number.NaN])
    await assert.rejects(computeGrid(identify(tinyGrid), options({ workers })), RangeError);
});
