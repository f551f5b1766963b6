import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import type { DatasetName } from "psn/dist/datasets/catalogue";
import { loadDataset } from "psn/dist/datasets/load";
import { createSparseEngine } from "psn/dist/engines/sparse";
import { parquetFiles, readResults } from "psn/dist/experiments/results";
import type { RecordedRun } from "psn/dist/experiments/run-grid";
import { canonicalJson } from "psn/dist/experiments/run-id";
import { runResult } from "psn/dist/experiments/run-result";
import { createRandom } from "psn/dist/random";
import { train } from "psn/dist/training/train";

const folder = join(__dirname, "..", "..", "..", "data", "results");

/** Runs that are computed again, and the longest of them in recorded seconds. */
const SAMPLE = 6;
const LONGEST = 6;

/** Where another instruction set, with other roundings, computes a run again: how far its accuracy may be off. */
const TOLERANCE = 0.02;

/** The sample changes with the commit, so that in time all runs are looked at. */
function seedOfCommit(): number {
  const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();
  return createHash("sha256").update(head).digest().readUInt32LE(0);
}

async function sample(): Promise<RecordedRun[]> {
  const random = createRandom(seedOfCommit());
  const files = parquetFiles(folder);
  assert.ok(files.length > 0, "nothing is committed in data/results");
  const chosen: RecordedRun[] = [];
  for (const f of random.permutation(files.length)) {
    const runs = (await readResults(files[f])).filter(({ record }) => record.provenance.seconds <= LONGEST);
    if (runs.length > 0) chosen.push(runs[random.integer(runs.length)]);
    if (chosen.length === SAMPLE) break;
  }
  return chosen;
}

test("committed runs, computed again, give what was recorded", async (t) => {
  const { backend } = createSparseEngine();
  for (const { label, record } of await sample()) {
    const { config, provenance, result, id } = record;
    await t.test(`${label}, ${config.dataset}, ${config.sparsity}, seed ${config.seed} (${id})`, async () => {
      const dataset = await loadDataset(config.dataset as DatasetName);
      const again = runResult(await train({ ...config, dataset }));
      if (backend === provenance.backend) assert.equal(canonicalJson(again), canonicalJson(result));
      else {
        assert.ok(Math.abs(again.accuracy - result.accuracy) <= TOLERANCE, `${again.accuracy}, not ${result.accuracy}`);
        assert.deepEqual(again.nonzeros, result.nonzeros);
      }
    });
  }
});
