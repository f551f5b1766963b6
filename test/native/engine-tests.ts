import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const files = ["sparse.test.js", "sparse-fixtures.test.js"].map((name) => join(__dirname, "..", "engines", name));

/** Runs all tests of the sparse engine in a process with these environment variables. */
export function passesEngineTests(settings: Record<string, string>): void {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...files], {
    env: { ...environment, ...settings },
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stdout + stderr);
  const passed = Number(/^# pass (\d+)$/m.exec(stdout)?.[1]);
  assert.ok(passed >= 40, `only ${passed} tests ran`);
}
