import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { experimentParts } from "psn/dist/experiments/experiments";
import { identify } from "psn/dist/experiments/identify";
import { openPaperRecords, resultsFolder } from "psn/dist/experiments/paper-records";
import { openStore } from "psn/dist/experiments/store";

const folder = mkdtempSync(join(tmpdir(), "psn-cli-"));
after(() => rmSync(folder, { recursive: true }));

const cli = join(dirname(require.resolve("psn/package.json")), "dist", "cli.js");
/** No address has anything. */
const offline = 'data:text/javascript,globalThis.fetch = async () => new Response("", { status: 404 })';

function psn(args: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, ...variables };
  const { status, stderr } = spawnSync(process.execPath, ["--import", offline, cli, ...args], {
    env,
    encoding: "utf8",
  });
  return { status, stderr };
}

test("data that cannot be had end a command with what to do, and no stack", () => {
  const data = { PSN_DATA: join(folder, "data"), PSN_DATA_MIRROR: join(folder, "none") };
  const store = join(folder, "store");
  const { status, stderr } = psn(["run", "anchors", "--quick", "--dataset", "mnist", "--store", store], data);
  assert.equal(status, 1, stderr);
  assert.match(stderr, /cannot be had\. Tried:.*or put the file at /s);
  assert.doesNotMatch(stderr, /^ +at /m);
});

test("a file in the place of a store is refused by the name of who said it", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const [args, variables, asked] of [
    [["status"], { PSN_STORE: file }, "PSN_STORE"],
    [["run", "hubs", "--store", file], {}, "--store"],
    [["merge", file], { PSN_STORE: folder }, "A store to merge"],
  ] as const) {
    const { status, stderr } = psn(args, variables);
    assert.deepEqual([status, stderr.split("\n")[0]], [2, `${asked} is ${file}, a file or below one; name a folder`]);
  }
});

test("what others have computed is merged over no committed result", async () => {
  const [{ runs }] = experimentParts({ experiments: ["hubs"], dataset: "mnist" });
  const [{ id }] = identify(runs);
  const record = (await openPaperRecords({ ids: [id] })).read(id)!;
  const [ours, equal, other] = ["ours", "equal", "other"].map((name) => join(folder, name));
  openStore(equal).write(record);
  openStore(other).write({ ...record, result: { ...record.result, accuracy: 0 } });
  assert.equal(psn(["merge", equal], { PSN_STORE: ours }).status, 0);
  const { status, stderr } = psn(["merge", other], { PSN_STORE: ours });
  assert.equal(status, 1);
  assert.ok(stderr.endsWith(`\n${id}: ${resultsFolder()} and ${other}\n`), stderr);
  assert.ok(!existsSync(ours));
});

test("a count of workers is refused as it was typed", () => {
  for (const text of ["abc", "0", "1.5", "-1", ""]) {
    const { status, stderr } = psn(["run", "hubs", `--workers=${text}`]);
    assert.equal(status, 2);
    assert.ok(stderr.startsWith(`--workers is ${text}; it must be an integer ≥ 1\n`), stderr);
  }
});
