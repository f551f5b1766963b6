import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { interrupted, value } from "./interrupting";
import { only, startWire, type Wire } from "./wire";

// Code that never lets go of the thread: the kernel cannot even read that it is interrupted.

const folder = mkdtempSync(join(tmpdir(), "psn-loops-"));
let wire: Wire;
before(async () => {
  wire = await startWire();
});
after(async () => {
  await wire.stop();
  rmSync(folder, { recursive: true, force: true });
});

const loops: Readonly<Record<string, string>> = {
  "before any await": "for (;;) {}",
  "after an await": "await null; for (;;) {}",
  "after a timer": "await new Promise((resolve) => setTimeout(resolve, 20));\nwhile (true) ;",
  "that awaits only what is there already": "for (;;) await null",
  "of for await": "async function* all() { for (let i = 0; ; i++) yield i; }\nfor await (const one of all()) ;",
  "in a timer's callback": "setTimeout(() => { do {} while (true); }, 0);\nawait new Promise(() => 0);",
  "around a function of psn": "await null; for (let seed = 0; ; seed++) createRandom(seed);",
};

test("psn is imported", async () => {
  assert.equal((await wire.run("import { createRandom } from 'psn';")).reply?.content.status, "ok");
});

for (const [where, code] of Object.entries(loops)) {
  test(`a loop ${where} ends when it is interrupted`, async () => {
    await interrupted(wire, code);
  });
}

test("an interrupted loop is told with its line, its finally runs, and variables stay", async () => {
  await wire.run(
    "let turns = 0; let cleaned = '';\nconst spin = async () => {\n  await null;\n  for (;;) turns++;\n};",
  );
  const { outputs } = await interrupted(wire, "try {\n  await spin();\n} finally {\n  cleaned = 'yes';\n}");
  const [{ traceback }] = only("error", { outputs });
  assert.match(traceback.join("\n"), /at spin \(Cell \[\d+\]:4:\d+\)/);
  assert.equal(await value(wire, "turns > 0 && cleaned === 'yes'"), "true");
  const sum = "await null; let sum = 0; for (const one of [1, 2, 3]) for (let i = 0; i < one; i++) sum += i; sum";
  assert.equal(await value(wire, sum), "4", "later loops run to their end");
});

test("a loop in the background ends by an interrupt, and is no fault of the next cell", async () => {
  await wire.run(
    "let rounds = 0; let go = false; const timer = setInterval(() => {\n  if (!go) return;\n  clearInterval(timer);\n  for (;;) rounds++;\n}, 20); 0",
  );
  const { reply } = await interrupted(wire, "go = true; await new Promise(() => 0)");
  assert.equal(reply?.content.evalue, "the cell was interrupted; what it had recorded stays");
  assert.equal(await value(wire, "rounds > 0"), "true");
});

test("an interval whose turn never ends does not come again once it is interrupted", async () => {
  await wire.run("let calls = 0; 0");
  await interrupted(wire, "setInterval(() => {\n  calls++;\n  for (;;) {}\n}, 20);\nawait new Promise(() => 0);");
  await sleep(1000);
  assert.equal(await value(wire, "calls"), "1");
});

test("a loop that awaits does not go on behind its interrupted cell, also in an earlier cell's function", async () => {
  await wire.run(
    "let steps = 0; const step = async () => { await new Promise((resolve) => setTimeout(resolve, 10)); steps++; };\nconst walk = async () => { while (true) await step(); };",
  );
  for (const code of ["for (;;) await step();", "await walk();", "await Promise.all([walk(), walk()]);"]) {
    await interrupted(wire, code);
    const before = await value(wire, "await step(); await step(); steps");
    assert.equal(await value(wire, "await new Promise((resolve) => setTimeout(resolve, 300)); steps"), before);
  }
});

test("an interrupted cell may tidy up with loops that await", async () => {
  await wire.run("let tidied = ''; const tick = () => new Promise((resolve) => setTimeout(resolve, 10));");
  const tidy = "for (const one of ['a', 'b', 'c']) {\n  await tick();\n  tidied += one;\n}";
  await interrupted(
    wire,
    `try {\nfor (;;) await tick();\n} catch (error) {\n${tidy}\nthrow error;\n} finally {\n${tidy}\n}`,
  );
  assert.equal(await value(wire, "tidied"), "abcabc");
});

test("a function with a loop works where it was sent as text", async () => {
  const code =
    "const count = (n: number) => { let c = 0; for (let i = 0; i < n; i++) c++; return c; };\n(0, eval)('(' + count + ')')(7)";
  assert.equal(await value(wire, code), "7");
});

test("a package's own loop ends in the part of a cell before its first await, and loads anew", async () => {
  const file = join(folder, "endless.js");
  const spins =
    "globalThis.loads = (globalThis.loads ?? 0) + 1;\nwhile (globalThis.loads === 1) {}\nexports.done = true;\n";
  writeFileSync(file, spins);
  const load = `require(${JSON.stringify(file)}).done`;
  await interrupted(wire, load);
  assert.equal(await value(wire, load), "true");
});
