import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { openClaims } from "psn/dist/experiments/claims";
import { thisProcess } from "psn/dist/owner";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "psn-claims-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const id = "0123456789abcdef";
const file = (generation = 1): string => join(folder, generation === 1 ? `${id}.claim` : `${id}.claim-${generation}`);
const dead = thisProcess().replace(/~\d+~/, "~999999999~");
const elsewhere = `another-host${thisProcess().slice(thisProcess().indexOf("~"))}`;
const minutes = (n: number): number => n * 60_000;

test("a run can be claimed once, and again when it is released; nothing stays behind", () => {
  const claims = openClaims(folder);
  const claim = claims.take(id);
  assert.ok(claim);
  assert.equal(readFileSync(file(), "utf8"), thisProcess());
  assert.equal(claims.take(id), null);
  assert.equal(openClaims(folder).take(id), null);
  assert.ok(claims.isTaken(id));
  claim.release();
  assert.ok(!claims.isTaken(id));
  claims.take(id)!.release();
  assert.deepEqual(readdirSync(folder), []);
});

test("a dead owner's claim is taken over, by one only, however many owners have died before", () => {
  writeFileSync(file(1), dead);
  writeFileSync(file(2), dead);
  assert.ok(!openClaims(folder).isTaken(id));
  const claim = openClaims(folder).take(id);
  assert.ok(claim);
  assert.equal(openClaims(folder).take(id), null);
  assert.ok(openClaims(folder).isTaken(id));
  claim.release();
  assert.deepEqual(readdirSync(folder), []);
});

test("a claim from another machine holds while it is heard of, and a beat is heard", () => {
  const claims = openClaims(folder);
  writeFileSync(file(), elsewhere);
  assert.equal(claims.take(id), null);
  const later = openClaims(folder, () => Date.now() + minutes(11));
  assert.ok(!later.isTaken(id));
  utimesSync(file(), Date.now() / 1000 + 660, Date.now() / 1000 + 660);
  assert.ok(later.isTaken(id));
});

test("a beat renews the claims that are held, and only these", () => {
  const claims = openClaims(folder, () => Date.now() + minutes(30));
  const other = "fedcba9876543210";
  const claim = claims.take(id)!;
  for (const each of [id, other]) writeFileSync(join(folder, `${each}.claim`), elsewhere); // as another machine sees it
  assert.ok(!claims.isTaken(id));
  claims.beat();
  assert.ok(claims.isTaken(id));
  assert.ok(!claims.isTaken(other));
  claim.release();
  claims.beat();
});

test("a claim without a name is being written; if that takes too long its writer is dead", () => {
  writeFileSync(file(), "");
  assert.equal(openClaims(folder).take(id), null);
  assert.ok(openClaims(folder, () => Date.now() + 3000).take(id));
});

test("dead claims on a recorded run are tidied away, live ones are left", () => {
  const claims = openClaims(folder);
  writeFileSync(file(), dead);
  claims.tidy(id);
  assert.deepEqual(readdirSync(folder), []);
  const claim = claims.take(id)!;
  claims.tidy(id);
  assert.deepEqual(readdirSync(folder), [`${id}.claim`]);
  claim.release();
  claims.tidy(id);
  assert.deepEqual(readdirSync(folder), []);
});

test("of several processes that grab the same runs at once, each run goes to exactly one", async () => {
  const ids = Array.from({ length: 200 }, (_, i) => i.toString(16).padStart(16, "0"));
  for (const each of ids.slice(100)) writeFileSync(join(folder, `${each}.claim`), dead);
  const racers = Array.from({ length: 4 }, () => fork(join(__dirname, "claim-racer.js"), [folder]));
  try {
    await Promise.all(racers.map((racer) => once(racer, "message"))); // all are ready
    const got = Promise.all(racers.map(async (racer) => (await once(racer, "message"))[0] as string[]));
    for (const racer of racers) racer.send(ids);
    assert.deepEqual((await got).flat().sort(), ids);
  } finally {
    for (const racer of racers) racer.kill();
  }
});
