import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { execution, type Finished, only, startWire, type Wire } from "./wire";

const folder = mkdtempSync(join(tmpdir(), "psn-interrupt-"));
let wire: Wire;
before(async () => {
  wire = await startWire();
});
after(async () => {
  await wire.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a cell, interrupts it once `isTime`, and checks that it ends within a second. */
async function interrupted(on: Wire, code: string, isTime: () => unknown = () => true): Promise<Finished> {
  const id = await on.send("execute_request", execution(code));
  await sleep(400);
  for (let looks = 0; looks < 200 && !isTime(); looks++) await sleep(100);
  const start = performance.now();
  await on.interrupt();
  const finished = await on.finish(id, 20);
  assert.ok(performance.now() - start < 1000, `it took ${performance.now() - start} ms`);
  assert.deepEqual([finished.reply?.content.status, finished.reply?.content.ename], ["error", "Interrupted"]);
  assert.equal((await on.run("1 + 1")).reply?.content.status, "ok", "the kernel is usable");
  return finished;
}

async function value(on: Wire, code: string): Promise<string> {
  return only("execute_result", await on.run(code))[0].data["text/plain"];
}

test("a cell that waits, and one that loops, end when they are interrupted", async () => {
  await interrupted(wire, "await new Promise((resolve) => setTimeout(resolve, 60_000))");
  await interrupted(wire, "for (;;) {}");
});

test("an interrupt_request does what SIGINT does, and without a running cell nothing", async () => {
  assert.equal((await wire.ask("interrupt_request", {}, "control")).reply?.content.status, "ok");
  const id = await wire.send(
    "execute_request",
    execution("await new Promise((resolve) => setTimeout(resolve, 60_000))"),
  );
  await sleep(400);
  await wire.ask("interrupt_request", {}, "control");
  assert.equal((await wire.finish(id, 5)).reply?.content.ename, "Interrupted");
  await wire.interrupt();
  assert.equal((await wire.run("1")).reply?.content.status, "ok");
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

test("a grid stops with its cell, keeps its records, and a rerun computes only what is left", async () => {
  const store = join(folder, "store");
  const cells = [
    "const { runGrid } = require('psn/dist/experiments/run-grid'); const { openStore } = require('psn/dist/experiments/store');",
    "const { resolveConfig } = require('psn'); const { interruptSignal } = require('psn/dist/notebook/interrupt');",
    "const config = (seed: number, epochs: number) => resolveConfig({ dataset: 'fashion-mnist', trainingRows: 500, hidden: [16], seed, epochs } as any);",
    "const grid = (epochs: number) => [0, 1, 2].map((seed) => ({ label: 'run ' + seed, config: config(seed, seed === 2 ? epochs : 1) }));",
    `const compute = (epochs: number) => runGrid(grid(epochs), { store: openStore(${JSON.stringify(store)}), workers: 1, provenance: { commit: 'c', machine: 'm' }, signal: interruptSignal() });`,
  ];
  const defined = await wire.run(cells.join("\n"));
  assert.equal(defined.reply?.content.status, "ok", defined.reply?.content.evalue);
  const records = (): string[] =>
    existsSync(store) ? readdirSync(store).filter((f) => /^[0-9a-f]+\.json$/.test(f)) : [];
  await interrupted(wire, "await compute(1_000_000)", () => records().length === 2);
  assert.equal(records().length, 2, "what was recorded stays");
  const kept = records().map((file) => readFileSync(join(store, file), "utf8"));
  assert.equal(await value(wire, "(await compute(1)).length"), "3");
  assert.deepEqual(
    kept.filter((text) => !records().some((f) => readFileSync(join(store, f), "utf8") === text)),
    [],
  );
});

/** The processes and threads of a process and of all that it has started. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

const busy =
  "const { figure } = { figure: { data: [{ y: [1] }], layout: {} } }; void require('child_process').spawn('sleep', ['0.1']);";

test("a restart ends the kernel and the browser that draws for it, and the new one knows nothing of it", {
  skip: process.platform !== "linux",
}, async () => {
  const own = await startWire();
  try {
    await own.run(`${busy} figure`);
    const pid = await own.pid();
    const browsers = childrenOf(pid);
    assert.ok(browsers.length > 0, "a browser runs");
    await own.send("execute_request", execution("setInterval(() => 0, 10); await new Promise(() => 0)"));
    await own.restart();
    await sleep(1500);
    for (const left of [pid, ...browsers]) assert.ok(!isAlive(left), `${left} is left`);
    assert.equal(await value(own, "typeof (globalThis as any).figure"), "undefined");
  } finally {
    await own.stop();
  }
});

test("a kernel ends when Jupyter is killed", async () => {
  const own = await startWire();
  const pid = await own.pid();
  await own.send("execute_request", execution("await new Promise((resolve) => setTimeout(resolve, 60_000))"));
  await own.crash();
  for (let looks = 0; looks < 40 && isAlive(pid); looks++) await sleep(100);
  assert.ok(!isAlive(pid));
});

function childrenOf(pid: number): number[] {
  const own = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean).map(Number);
  return own.flatMap((child) => [child, ...childrenOf(child)]);
}
