import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { begin, interrupted, until, value } from "./interrupting";
import { execution, only, startWire, type Wire } from "./wire";

const folder = mkdtempSync(join(tmpdir(), "psn-interrupt-"));
let wire: Wire;
before(async () => {
  wire = await startWire();
});
after(async () => {
  await wire.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a cell that waits ends when it is interrupted", async () => {
  await interrupted(wire, "await new Promise((resolve) => setTimeout(resolve, 60_000))");
});

test("SIGINT interrupts, too: a cell that waits, and one that loops before any await", async () => {
  for (const code of ["await new Promise(() => 0)", "for (;;) {}"]) {
    const id = await begin(wire, code);
    process.kill(await wire.pid(), "SIGINT");
    assert.equal((await wire.finish(id, 20)).reply?.content.ename, "Interrupted");
  }
  assert.equal(await value(wire, "1 + 1"), "2");
});

test("without a running cell an interrupt does nothing", async () => {
  assert.equal((await wire.ask("interrupt_request", {}, "control")).reply?.content.status, "ok");
  process.kill(await wire.pid(), "SIGINT");
  assert.equal(await value(wire, "let sum = 0; for (let i = 0; i < 10; i++) sum += i; sum"), "45");
});

const data = [
  "import { createRandom, datasetFromArrays, train } from 'psn';",
  "const random = createRandom(1); let told = 0;",
  "const features = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 251);",
  "const labels = Uint8Array.from({ length: 10_000 }, (_, i) => i % 10);",
  "const dataset = datasetFromArrays({ name: 'made', inputs: 100, features, labels, testFraction: 0.1, random });",
].join("\n");

const training = "await train({ dataset: dataset, epochs: 100_000, hidden: [32] }, { onProgress: () => { told++; } })";

for (const kernel of ["ours", "stock"] as const) {
  test(`training stops with its cell, and does not go on behind it (${kernel})`, async () => {
    const on = kernel === "ours" ? wire : await startWire({ kernel });
    try {
      assert.equal((await on.run(data)).reply?.content.status, "ok");
      const id = await on.send("execute_request", execution(training));
      await sleep(1500);
      await on.interrupt();
      assert.equal((await on.finish(id, 5)).reply?.content.status, "error");
      await sleep(500); // stock tslab skips what comes sooner
      await on.run("await new Promise((resolve) => setTimeout(resolve, 300))");
      await on.run("const before = told;");
      const more = "await new Promise((resolve) => setTimeout(resolve, 600)); console.log(told > 0, told - before)";
      const { outputs } = await on.run(more);
      assert.equal(only("stream", { outputs })[0]?.text, "true 0\n");
    } finally {
      if (kernel === "stock") await on.stop();
    }
  });
}

/** Defines `compute(epochs)`: a grid of three runs on a store, of which the last is that long. */
async function defineGrid(store: string): Promise<void> {
  const cells = [
    "const { runGrid } = require('psn/dist/experiments/run-grid'); const { openStore } = require('psn/dist/experiments/store');",
    "const { resolveConfig } = require('psn'); const { interruptSignal } = require('psn/dist/notebook/interrupt');",
    "const config = (seed: number, epochs: number) => resolveConfig({ dataset: 'fashion-mnist', trainingRows: 500, hidden: [16], seed, epochs } as any);",
    "const grid = (epochs: number) => [0, 1, 2].map((seed) => ({ label: 'run ' + seed, config: config(seed, seed === 2 ? epochs : 1) }));",
    `const compute = (epochs: number) => runGrid(grid(epochs), { store: openStore(${JSON.stringify(store)}), workers: 1, provenance: { commit: 'c', machine: 'm' }, signal: interruptSignal() });`,
  ];
  const defined = await wire.run(cells.join("\n"));
  assert.equal(defined.reply?.content.status, "ok", defined.reply?.content.evalue);
}

const filesOf = (store: string, ending: RegExp): string[] =>
  existsSync(store) ? readdirSync(store).filter((file) => ending.test(file)) : [];
const recordsOf = (store: string): string[] => filesOf(store, /^[0-9a-f]+\.json$/);

test("a grid stops with its cell, keeps its records, and a rerun computes only what is left", async () => {
  const store = join(folder, "store");
  await defineGrid(store);
  await interrupted(wire, "await compute(1_000_000)", () => recordsOf(store).length === 2);
  const read = (): string[] => recordsOf(store).map((file) => readFileSync(join(store, file), "utf8"));
  const kept = read();
  assert.equal(kept.length, 2, "what was recorded stays");
  assert.equal(await value(wire, "(await compute(1)).length"), "3");
  const after = read();
  assert.deepEqual(
    kept.filter((text) => !after.includes(text)),
    [],
  );
});

test("interrupts that come while a grid stops do no harm", async () => {
  const store = join(folder, "again");
  await defineGrid(store);
  const id = await wire.send("execute_request", execution("await compute(1_000_000)"));
  assert.ok(await until(() => recordsOf(store).length === 2, 60));
  for (let interrupt = 0; interrupt < 3; interrupt++) await wire.interrupt();
  assert.equal((await wire.finish(id, 20)).reply?.content.ename, "Interrupted");
  await wire.ask("interrupt_request", {}, "control"); // answered before the next cell is sent
  assert.equal(await value(wire, "(await compute(1)).length"), "3");
});

test("a grid stops while it loads its data, and a rerun computes all", async () => {
  const store = join(folder, "loading");
  await defineGrid(store);
  const id = await wire.send("execute_request", execution("await compute(1_000_000)"));
  assert.ok(await until(() => filesOf(store, /\.claim$/).length > 0, 60), "a run is claimed, then its data are loaded");
  await wire.interrupt();
  assert.equal((await wire.finish(id, 20)).reply?.content.ename, "Interrupted");
  assert.deepEqual(recordsOf(store), []);
  assert.ok(await until(() => filesOf(store, /\.claim$/).length === 0, 5), "nobody claims the runs any more");
  assert.equal(await value(wire, "(await compute(1)).length"), "3");
});

test("a kernel ends when Jupyter is killed", async () => {
  const own = await startWire();
  const pid = await own.pid();
  await own.send("execute_request", execution("await new Promise((resolve) => setTimeout(resolve, 60_000))"));
  await own.crash();
  assert.ok(await until(() => !isAlive(pid), 20));
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
