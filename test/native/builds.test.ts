import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { nativeKernels } from "psn/dist/engines/kernel/native";

/** What this machine can run besides what it runs by itself. */
const builds = ["wasm", ...nativeKernels().map(({ name }) => name)].filter((name) => !name.endsWith("_unfused"));
const files = ["sparse.test.js", "sparse-fixtures.test.js"].map((name) => join(__dirname, "..", "engines", name));

function passes(settings: Record<string, string>): void {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...files], {
    env: { ...environment, ...settings },
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stdout);
  const passed = Number(/^# pass (\d+)$/m.exec(stdout)?.[1]);
  assert.ok(passed >= 40, `only ${passed} tests ran`);
}

for (const build of builds) {
  test(`the kernel's build ${build} passes every test of the engine`, () => passes({ PSN_KERNEL: build }));
}

test("the deterministic mode passes every test of the engine", () => passes({ PSN_DETERMINISTIC: "1" }));
