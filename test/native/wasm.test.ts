import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const build = join(__dirname, "..", "..", "..", "lib", "native", "build.mjs");

/** The compiler that kernel.wasm was made with; another one makes other bytes. */
const version = spawnSync("clang++", ["--version"], { encoding: "utf8" }).stdout ?? "";
const skip = /Debian clang version 14\./.test(version) ? false : "Debian's clang 14 and lld are not here";

test("the committed WebAssembly is what its source compiles to", { skip }, async () => {
  const { buildWasm, wasmPath } = await import(pathToFileURL(build).href);
  const folder = mkdtempSync(join(tmpdir(), "psn-wasm-"));
  try {
    await buildWasm({ target: join(folder, "kernel.wasm") });
    assert.ok(
      readFileSync(join(folder, "kernel.wasm")).equals(readFileSync(wasmPath)),
      "run node lib/native/build.mjs --wasm",
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
