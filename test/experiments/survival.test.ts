import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inShard } from "psn/dist/commands/shard";
import { identify } from "psn/dist/experiments/identify";
import { protocolVersion } from "psn/dist/experiments/run-id";
import { recordedIds } from "psn/dist/experiments/store";
import { storeContent, tinyGrid } from "./tiny";

const root = mkdtempSync(join(tmpdir(), "psn-survival-"));
/** Where nothing happened: what all others must come to. */
const undisturbed = join(root, "undisturbed");
let expected: [string, unknown][];
const newStore = (): string => mkdtempSync(join(root, "store-"));
const files = identify(tinyGrid).map(({ id }) => `${id}.json`);

before(async () => {
  assert.equal((await psn("run", "tiny", "--store", undisturbed)).code, 0);
  expected = storeContent(undisturbed);
  assert.deepEqual(
    expected.map(([name]) => name),
    [...files].sort(),
  );
});
after(() => rmSync(root, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [join(__dirname, "tiny-psn.js"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream]!.setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  return { child, ended: once(child, "close").then(([code, signal]) => ({ code, signal, ...said })) };
}

function psn(...args: string[]): Promise<Ended> {
  return start(...args).ended;
}

/** How many runs a process has computed itself, from the last thing it said. */
function computed({ stderr }: Ended): number {
  const [, done, found = 0] = /(\d+) of \d+ runs done(?: \((\d+) found recorded\))?[^\n]*\n$/.exec(stderr) ?? [];
  return Number(done) - Number(found);
}

async function untilRecorded(folder: string, count: number): Promise<void> {
  while (recordedIds(folder).length < count) await sleep(5);
}

/** Whatever lies under a record's name is whole, and as if nothing had happened. */
function assertNothingTorn(folder: string): void {
  const byName = new Map(expected);
  for (const id of recordedIds(folder)) {
    const { provenance: _, ...record } = JSON.parse(readFileSync(join(folder, `${id}.json`), "utf8"));
    assert.deepEqual(record, byName.get(`${id}.json`));
  }
}

test("kill -9 at any moment loses no record, and the same command goes on until all is as if undisturbed", async (t) => {
  const store = newStore();
  let kills = 0;
  for (let had = 0; had < files.length; kills++) {
    const { child, ended } = start("run", "tiny", "--store", store);
    await untilRecorded(store, Math.min(had + 1, files.length - 1));
    await sleep((kills % 5) * 13); // anywhere in a run, or in the writing of a record
    child.kill("SIGKILL");
    await ended;
    assertNothingTorn(store);
    const have = recordedIds(store).length;
    assert.ok(have > had || have >= files.length - 1, "records do not vanish");
    if (have >= files.length - 1) break;
    had = have;
  }
  assert.equal((await psn("run", "tiny", "--store", store)).code, 0);
  t.diagnostic(`killed ${kills} times`);
  assert.ok(kills >= 2);
  assert.deepEqual(storeContent(store), expected);
});

test("two processes compute each run once, and if one is killed the other takes its runs over", async () => {
  const together = newStore();
  const [one, two] = await Promise.all([1, 2].map(() => psn("run", "tiny", "--workers", "1", "--store", together)));
  assert.deepEqual([one.code, two.code], [0, 0]);
  assert.equal(computed(one) + computed(two), files.length);
  assert.deepEqual(storeContent(together), expected);
  const left = newStore();
  const victim = start("run", "tiny", "--workers", "2", "--store", left);
  await untilRecorded(left, 1);
  const heir = start("run", "tiny", "--workers", "1", "--store", left);
  victim.child.kill("SIGKILL");
  assert.equal((await heir.ended).code, 0);
  assert.deepEqual(storeContent(left), expected);
});

test("Ctrl-C stops at once, says that records are safe, and leaves no claim", async () => {
  const store = newStore();
  const { child, ended } = start("run", "long", "--workers", "1", "--store", store);
  await untilRecorded(store, 1);
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  assert.equal(code, 130);
  assert.match(stderr, /Stopped\. What is recorded is safe; the same command goes on from there\./);
  assert.ok(
    readdirSync(store).every((name) => files.includes(name)),
    readdirSync(store).join(),
  );
  assertNothingTorn(store);
});

test("a rerun that is stopped says that it starts over", async () => {
  const store = newStore();
  const { child, ended } = start("run", "long", "--rerun", "--workers", "1", "--store", store);
  await untilRecorded(store, 1);
  child.kill("SIGINT");
  assert.match((await ended).stderr, /the same command starts over, and without --rerun computes what is missing\.\n$/);
});

test("torn, foreign and older records are set aside aloud, and computed again", async () => {
  const store = newStore();
  await psn("run", "tiny", "--store", store);
  const [torn, foreign, older] = files.map((name) => join(store, name));
  truncateSync(torn, 1000);
  writeFileSync(foreign, readFileSync(join(store, files[5]), "utf8"));
  writeFileSync(
    older,
    readFileSync(older, "utf8").replace(`"protocolVersion":${protocolVersion}`, '"protocolVersion":1'),
  );
  writeFileSync(join(store, `${files[6]}.${"nohost~1~1"}.tmp`), "of another machine");
  const status = await psn("status", "tiny", "--store", store);
  assert.match(status.stdout, /tiny-plain-mnist +12 +9 +0 +3 +0 /);
  const { code, stderr } = await psn("run", "tiny", "--store", store);
  assert.equal(code, 0);
  for (const [i, reason] of ["is not a whole record", "does not hold the run", "is of protocol version 1,"].entries()) {
    assert.ok(stderr.includes(`${join(store, files[i])} ${reason}`), stderr);
    assert.ok(status.stdout.includes(`not trusted: ${files[i]} ${reason}`), status.stdout);
    rmSync(join(store, `${files[i]}.set-aside`));
  }
  rmSync(join(store, `${files[6]}.${"nohost~1~1"}.tmp`));
  assert.deepEqual(storeContent(store), expected);
});

test("shards are disjoint and together complete; merged they are the whole; what disagrees is refused", async () => {
  const shards = [1, 2, 3].map((i) => join(root, `shard-${i}`));
  await Promise.all(shards.map((store, i) => psn("run", "tiny", "--shard", `${i + 1}/3`, "--store", store)));
  const ids = shards.map(recordedIds);
  assert.deepEqual(
    ids
      .flat()
      .sort()
      .map((id) => `${id}.json`),
    [...files].sort(),
  );
  for (const [i, mine] of ids.entries()) {
    assert.ok(mine.length > 0);
    assert.ok(mine.every((id) => inShard(id, { index: i + 1, count: 3 })));
  }
  const [ours, ...others] = shards;
  const [altered] = ids[1];
  const file = join(shards[1], `${altered}.json`);
  const whole = readFileSync(file, "utf8");
  mkdirSync(join(root, "altered"));
  writeFileSync(join(root, "altered", `${altered}.json`), whole.replace(/"accuracy":[\d.]+/, '"accuracy":1'));
  writeFileSync(file, whole.replace(/"machine":"[^"]*"/, '"machine":"another"'));
  const before = storeContent(ours);
  const refused = await psn("merge", ...others, join(root, "altered"), "--store", ours);
  assert.equal(refused.code, 1);
  assert.ok(
    refused.stderr.includes("The results of 1 run disagree, and nothing was merged") &&
      refused.stderr.includes(`${altered}: ${shards[1]} and`),
  );
  assert.deepEqual(storeContent(ours), before);
  const merged = await psn("merge", ...others, undisturbed, "--store", ours);
  assert.equal(merged.code, 0, merged.stderr);
  assert.ok(merged.stdout.startsWith(`${12 - ids[0].length} records added to ${ours}, 12 were there already.`));
  assert.deepEqual(storeContent(ours), expected);
});

test("a second stage follows from the records of the first, as far as they are there", async () => {
  const store = newStore();
  const [, other] = [1, 2].map((index) =>
    identify(tinyGrid.slice(0, 2)).filter(({ id }) => inShard(id, { index, count: 2 })),
  );
  const half = await psn("run", "staged", "--shard", "1/2", "--store", store);
  if (other.length > 0)
    assert.match(half.stderr, /staged-plain-mnist: all of its second stage needs all records of the first; merge/);
  const whole = await psn("run", "staged", "--store", store);
  assert.equal(whole.code, 0, whole.stderr);
  assert.equal(recordedIds(store).length, 4);
  assert.match((await psn("status", "staged", "--store", store)).stdout, /staged-plain-mnist +4 +4 +0 +0 +0 +0\n/);
  rmSync(join(store, files[0]));
  assert.match(
    (await psn("status", "staged", "--store", store)).stdout,
    /staged-plain-mnist +3\+ +2 +0 +1\+ +0 +[\d.]+\+\n/,
  );
});

const mountable = canMount();

test("a file system that is really full ends the command with what to do, and room is all that it needs", {
  skip: !mountable && "mounting a small file system is not allowed here",
}, async () => {
  const store = newStore();
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=24k", "tmpfs", store]);
  try {
    const { code, stderr } = await psn("run", "tiny", "--store", store);
    assert.equal(code, 1);
    assert.match(stderr, /disk full \(ENOSPC\): .*; free space and run again; \d+ records are safe\n$/);
    assert.ok(recordedIds(store).length > 0);
    assert.ok(
      readdirSync(store).every((name) => files.includes(name)),
      readdirSync(store).join(),
    );
    assertNothingTorn(store);
    execFileSync("mount", ["-o", "remount,size=16m", store]);
    assert.equal((await psn("run", "tiny", "--store", store)).code, 0);
    assert.deepEqual(storeContent(store), expected);
  } finally {
    execFileSync("umount", [store]);
  }
});

function canMount(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const folder = newStore();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false; // a container may hold root back
  }
}
