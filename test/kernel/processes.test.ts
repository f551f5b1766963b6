import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { interrupted, until, value } from "./interrupting";
import { crashAtStart, execution, startWire, type Wire } from "./wire";

// However a kernel ends, nothing of it is left: by the list of all processes, those that lost their parent as well.

const folder = mkdtempSync(join(tmpdir(), "psn-processes-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const skip = process.platform !== "linux";

/** What runs with a mark in its environment, which children inherit: process ids with their programs. */
function marked(mark: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark)) continue;
      found.set(Number(pid), readFileSync(`/proc/${pid}/cmdline`, "latin1").split("\0").slice(0, 2).join(" "));
    } catch (error) {
      if (!["ENOENT", "ESRCH", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
  }
  return found;
}

const isBrowser = (program: string): boolean => /chrom|edge/i.test(program);

interface Busy {
  readonly wire: Wire;
  /** What of the first kernel is alive. */
  left(): string[];
}

/** A kernel with an open browser, and a cell that trains in two threads and does `more`; then `isTime()` holds in it. */
async function startBusy(more: string): Promise<Busy> {
  const mark = `psn-${randomUUID()}`;
  const wire = await startWire({ environment: { PSN_TEST_MARK: mark } });
  const store = join(folder, mark);
  const cells = [
    "const { runGrid } = require('psn/dist/experiments/run-grid'); const { openStore } = require('psn/dist/experiments/store');",
    "const config = (seed: number) => require('psn').resolveConfig({ dataset: 'fashion-mnist', trainingRows: 500, hidden: [16], seed, epochs: seed === 0 ? 1 : 1_000_000 });",
    "const grid = [0, 1, 2].map((seed) => ({ label: 'run ' + seed, config: config(seed) }));",
    `const running = runGrid(grid, { store: openStore(${JSON.stringify(store)}), workers: 2, provenance: { commit: 'c', machine: 'm' } });`,
    "const draw = () => require('psn/dist/notebook/export').renderPng({ data: [{ y: [1] }], layout: {} });",
    "void draw(); setInterval(() => void draw(), 1000); // else the browser ends by itself",
    `const isTime = () => require('node:fs').existsSync(${JSON.stringify(`${store}.go`)});`,
    more,
  ];
  await wire.send("execute_request", execution(cells.join("\n")));
  const isTraining = (): boolean =>
    existsSync(store) && readdirSync(store).some((file) => /^[0-9a-f]+\.json$/.test(file));
  assert.ok(await until(isTraining, 60), "the grid has recorded a run and trains others");
  const programs = (): [number, string][] => [...marked(mark)].filter(([, program]) => !/python/.test(program));
  assert.ok(await until(() => programs().some(([, program]) => isBrowser(program)), 60), "a browser runs");
  writeFileSync(`${store}.go`, "");
  await sleep(500);
  const own = new Set(programs().map(([pid]) => pid));
  return { wire, left: () => [...marked(mark)].filter(([pid]) => own.has(pid)).map(([, program]) => program) };
}

async function assertNothingLeft({ left }: Busy): Promise<void> {
  await until(() => left().length === 0, 10);
  assert.deepEqual(left(), []);
}

test("a restart ends the kernel, its threads and its browser, and the new one knows nothing of it", {
  skip,
}, async () => {
  const busy = await startBusy("await running;");
  try {
    await busy.wire.restart();
    await assertNothingLeft(busy);
    assert.equal(await value(busy.wire, "typeof (globalThis as any).running"), "undefined");
  } finally {
    await busy.wire.stop();
  }
});

test("a cell that loops does not keep the kernel from being shut down, in seconds and by itself", {
  skip,
}, async () => {
  const busy = await startBusy("setInterval(() => { if (isTime()) for (;;) {} }, 50); await running;");
  try {
    const { reply } = await busy.wire.ask("shutdown_request", { restart: false }, "control");
    assert.equal(reply?.content.status, "ok");
    assert.equal(await busy.wire.wait(4), 0);
    await assertNothingLeft(busy);
  } finally {
    await busy.wire.stop();
  }
});

test("a killed kernel leaves no browser behind", { skip }, async () => {
  const busy = await startBusy("await running;");
  try {
    process.kill(await busy.wire.pid(), "SIGKILL");
    await assertNothingLeft(busy);
  } finally {
    await busy.wire.stop();
  }
});

test("a kernel ends when Jupyter is killed, also when a cell loops that nobody can stop", { skip }, async () => {
  const loop = "setInterval(() => { if (isTime()) new Function('for (;;) {}')(); }, 50); await running;"; // not compiled as cells are
  const busy = await startBusy(loop);
  await busy.wire.crash();
  await assertNothingLeft(busy);
});

/** Checks that all that is marked ends, and ends it else, as the tests would wait for it. */
async function assertAllEnd(mark: string, message: string): Promise<void> {
  await until(() => marked(mark).size === 0, 10);
  const left = marked(mark);
  for (const pid of left.keys()) process.kill(pid, "SIGKILL");
  assert.deepEqual([...left.values()], [], message);
}

test("a kernel ends when Jupyter is killed while it starts, at whatever moment", { skip }, async () => {
  const mark = `psn-${randomUUID()}`;
  for (const seconds of [0, 0.1, 0.4, 1, 2]) {
    await crashAtStart(seconds, { environment: { PSN_TEST_MARK: mark } });
    await assertAllEnd(mark, `killed ${seconds} s after its start`);
  }
});

test("a kernel that is started by another program lives as long as Jupyter, not as that program", {
  skip,
}, async () => {
  const mark = `psn-${randomUUID()}`;
  const wire = await startWire({ kernel: "wrapped", environment: { PSN_TEST_MARK: mark } });
  const parent = JSON.parse(await value(wire, "JSON.stringify([process.ppid, Number(process.env.JPY_PARENT_PID)])"));
  assert.equal(parent[0], await wire.pid(), "the shell stands between");
  assert.notEqual(parent[0], parent[1]);
  assert.equal(await value(wire, "await new Promise((resolve) => setTimeout(resolve, 1500)); 'alive'"), "alive");
  await wire.crash();
  await assertAllEnd(mark, "its program would still wait for it");
});

test("an interrupted export leaves no file half written, and its browser ends by itself", { skip }, async () => {
  const mark = `psn-${randomUUID()}`;
  const wire = await startWire({ environment: { PSN_TEST_MARK: mark } });
  try {
    await wire.run("import { exportFigure } from 'psn';");
    const figure = "{ name: 'a', data: [{ y: [1] }], layout: { width: 300, height: 200 }, caption: '', alt: '' }";
    const code = `for (;;) await exportFigure(${figure} as any, { directory: ${JSON.stringify(folder)} });`;
    const browsers = (): string[] => [...marked(mark).values()].filter(isBrowser);
    await interrupted(wire, code, () => browsers().length > 0);
    // It ends four seconds after the export that was under way, which on a busy machine is slow.
    assert.ok(await until(() => browsers().length === 0, 40));
    assert.deepEqual(
      readdirSync(folder).filter((file) => file.endsWith(".tmp")),
      [],
    );
  } finally {
    await wire.stop();
  }
});
