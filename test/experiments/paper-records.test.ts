import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, test } from "node:test";
import { projectRoot } from "psn/dist/datasets/folder";
import { experimentParts } from "psn/dist/experiments/experiments";
import { identify } from "psn/dist/experiments/identify";
import { openPaperRecords, storeFolder } from "psn/dist/experiments/paper-records";
import { writeResults } from "psn/dist/experiments/results";
import { openStore } from "psn/dist/experiments/store";
import { realisticRun } from "./any-run";

const results = mkdtempSync(join(tmpdir(), "psn-results-"));
const store = mkdtempSync(join(tmpdir(), "psn-store-"));
const chosen = process.env.PSN_STORE;
const choose = (folder: string | undefined): void => {
  if (folder === undefined) delete process.env.PSN_STORE;
  else process.env.PSN_STORE = folder;
};
afterEach(() => choose(chosen));
after(() => {
  for (const folder of [results, store]) rmSync(folder, { recursive: true });
});

test("a relative PSN_STORE is taken from the root of the repository, a store that is named from where one is", () => {
  choose("elsewhere");
  assert.equal(storeFolder(), join(projectRoot(), "elsewhere"));
  assert.equal(storeFolder({ quick: true }), join(projectRoot(), "data", "quick"));
  assert.equal(storeFolder({ store: "named" }), join(process.cwd(), "named"));
  choose("");
  assert.equal(storeFolder(), join(projectRoot(), "data", "runs"));
});

test("the working store stands over committed results, and files without a run that is wanted are not read", async () => {
  const [committed, fresh] = [0, 1].map(realisticRun);
  await writeResults(join(results, "part.parquet"), [committed], { experiment: "static", protocol: "plain" });
  openStore(store).write(fresh.record);
  const [inResults, inStore] = [committed, fresh].map(({ record }) => record.id);
  choose(store);
  const both = await openPaperRecords({ results });
  assert.deepEqual([both.read(inResults)?.id, both.read(inStore)?.id], [inResults, inStore]);
  assert.equal((await openPaperRecords({ results, ids: [inStore] })).read(inResults), null);
});

test("the paper's own records are the committed ones, but not to a store that is named, nor to a quick look", async () => {
  choose(store);
  const [{ runs }] = experimentParts({ experiments: ["hubs"], dataset: "mnist" });
  const [{ id }] = identify(runs);
  const ids = [id];
  assert.equal((await openPaperRecords({ ids })).read(id)?.id, id);
  assert.equal((await openPaperRecords({ ids, store })).read(id), null);
  assert.equal((await openPaperRecords({ ids, quick: true })).read(id), null);
});
