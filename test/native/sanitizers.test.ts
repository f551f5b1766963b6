import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";

const program = join(__dirname, "..", "..", "..", "lib", "native", "sanitize.mjs");
const hasGcc = process.platform === "linux" && spawnSync("g++", ["--version"]).status === 0;
const skip = hasGcc
  ? false
  : "the sanitizers' library is put in front of Node by way of GCC on Linux, which is not here";

test("without g++ the sanitized build says what it needs", () => {
  const { status, stderr } = spawnSync(process.execPath, [program], { env: { PATH: __dirname }, encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /needs g\+\+/);
});

test("AddressSanitizer and UndefinedBehaviorSanitizer find nothing in the kernel's tests", { skip }, () => {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    env,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stdout + stderr);
  assert.ok(Number(/pass (\d+)$/m.exec(stdout)?.[1]) >= 40, stdout);
});
