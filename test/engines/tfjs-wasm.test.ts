import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

test("the WebAssembly fallback passes every test of the engine, to the same tolerances", () => {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const files = ["tfjs.test.js", "replace.test.js"].map((name) => join(__dirname, name));
  const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...files], {
    env: { ...environment, PSN_TFJS: "wasm" },
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
  const passed = Number(/^# pass (\d+)$/m.exec(stdout)?.[1]);
  assert.ok(passed >= 20, `only ${passed} tests ran`);
});
