import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { identify } from "psn/dist/experiments/identify";
import type { GridRun } from "psn/dist/experiments/part";
import type { RunRecord } from "psn/dist/experiments/record";
import { openStore } from "psn/dist/experiments/store";
import { describeMissing } from "psn/dist/notebook/missing-runs";
import { recordedRun } from "../experiments/runs";
import { tinyGrid } from "../experiments/tiny";

const folder = mkdtempSync(join(tmpdir(), "psn-missing-"));
after(() => rmSync(folder, { recursive: true }));

const part = (runs: readonly GridRun[]) =>
  ({ name: "tiny-plain-mnist", experiment: "tiny", protocol: "plain", dataset: "mnist", runs }) as const;

/** Four of twelve runs are recorded, each of which took two minutes. */
const records = openStore(folder);
for (const { id, config, checksums } of identify(tinyGrid.slice(0, 4))) {
  const { record } = recordedRun("random", {});
  const provenance = { ...record.provenance, seconds: 120 };
  records.write({ ...record, id, config, checksums, provenance } satisfies RunRecord);
}

const settings = { compute: false, rerun: false, workers: 2 };
const whole = [part(tinyGrid)];
const of = (runs: readonly GridRun[], change = {}, peers = whole) => ({
  experiment: "tiny",
  parts: [part(runs)],
  whole: peers,
  records,
  settings: { ...settings, ...change },
});

test("what is missing is told with the time that it takes on so many workers, and how to get it", () => {
  assert.equal(
    describeMissing(8, of(tinyGrid), false),
    "8 are not recorded, about 8 min with 2 workers: compute: true in the first cell computes them here, " +
      "`npm run psn -- run tiny` in a terminal",
  );
  assert.match(describeMissing(8, of(tinyGrid, { workers: 1 }), false), /about 16 min with 1 worker:/);
});

test("runs of which none is recorded are judged by the others of their part", () => {
  assert.match(describeMissing(3, of(tinyGrid.slice(9)), false), /^3 are not recorded, about 3 min with 2 workers/);
  const alone = of(tinyGrid.slice(9), {}, [part(tinyGrid.slice(9))]);
  assert.match(describeMissing(3, alone, false), /and no run like them is that would tell/);
});

test("what is computed now is said to be kept", () => {
  assert.match(
    describeMissing(8, of(tinyGrid, { compute: true }), false),
    /2 workers: they are computed now, and kept/,
  );
});

test("quietly nothing hangs on the machine", () => {
  assert.equal(describeMissing(8, of(tinyGrid), true), "8 are not recorded: `npm run psn -- run tiny` computes them");
});
