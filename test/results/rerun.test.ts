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

/**
 * Runs that are computed again: some that took at most so many seconds when recorded, and one that took longer, though no
 * longer than its own limit. Runs beyond that (a few in a thousand: wide anchors, and runs that other work held up) are
 * never looked at.
 */
const SHORT = { most: 6, runs: 6 };
const LONG = { most: 90, runs: 1 };

/**
 * Another instruction set adds up in another order, and training amplifies that until two runs differ like two seeds, but
 * for order, wiring and first weights, which they share. So accuracies may differ by twice the range of the recorded seeds
 * of the same network (of five, about 4.7 standard deviations, 3.3 of a difference of two), or by so much where seeds
 * happen to agree.
 */
const LEAST_TOLERANCE = 0.005;

/** The sample changes with the commit, so that in time all runs are looked at. */
function seedOfCommit(): number {
  const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: folder, encoding: "utf8" }).trim();
  return createHash("sha256").update(head).digest().readUInt32LE(0);
}

/** A run to compute again, and how far its accuracy may be off on another instruction set. */
interface Chosen extends RecordedRun {
  readonly tolerance: number;
}

async function sample(): Promise<Chosen[]> {
  const random = createRandom(seedOfCommit());
  const files = parquetFiles(folder);
  assert.ok(files.length > 0, "nothing is committed in data/results");
  const chosen: Chosen[] = [];
  let [short, long] = [0, 0];
  for (const f of random.permutation(files.length)) {
    const runs = await readResults(files[f]);
    const isShort = short < SHORT.runs;
    const fitting = runs.filter(({ record: { provenance } }) =>
      isShort ? provenance.seconds <= SHORT.most : provenance.seconds > SHORT.most && provenance.seconds <= LONG.most,
    );
    if (fitting.length === 0) continue;
    const run = fitting[random.integer(fitting.length)];
    chosen.push({ ...run, tolerance: toleranceOf(run, runs) });
    if (isShort) short++;
    else long++;
    if (long === LONG.runs) break;
  }
  return chosen;
}

/** @param runs of the same experiment, protocol and data set */
function toleranceOf({ label, record }: RecordedRun, runs: readonly RecordedRun[]): number {
  const accuracies = runs
    .filter((run) => run.label === label && run.record.config.sparsity === record.config.sparsity)
    .map((run) => run.record.result.accuracy);
  return Math.max(LEAST_TOLERANCE, 2 * (Math.max(...accuracies) - Math.min(...accuracies)));
}

test("committed runs, computed again, give what was recorded", async (t) => {
  const { backend } = createSparseEngine();
  for (const { label, record, tolerance } of await sample()) {
    const { config, provenance, result, id } = record;
    await t.test(`${label}, ${config.dataset}, ${config.sparsity}, seed ${config.seed} (${id})`, async () => {
      const dataset = await loadDataset(config.dataset as DatasetName);
      const again = runResult(await train({ ...config, dataset }));
      if (backend === provenance.backend) assert.equal(canonicalJson(again), canonicalJson(result));
      else {
        const { accuracy } = again;
        assert.ok(
          Math.abs(accuracy - result.accuracy) <= tolerance,
          `${accuracy}, not ${result.accuracy} ± ${tolerance}`,
        );
        assert.deepEqual(again.nonzeros, result.nonzeros);
      }
    });
  }
});
