import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dataFolder, parseMirror, projectRoot } from "psn/dist/datasets/folder";
import { type Screen, terminalReporter } from "psn/dist/datasets/reporter";

/** What `expression` of the module gives in a fresh process. */
function evaluate(expression: string, env: Record<string, string>): string {
  const module = require.resolve("psn/dist/datasets/folder");
  const program = `process.stdout.write(JSON.stringify(require(${JSON.stringify(module)}).${expression}))`;
  const { PSN_DATA, PSN_DATA_MIRROR, ...rest } = process.env;
  return JSON.parse(
    execFileSync(process.execPath, ["-e", program], { cwd: tmpdir(), env: { ...rest, ...env }, encoding: "utf8" }),
  );
}

test("the data folder belongs to the repository, whatever the working directory", () => {
  assert(existsSync(join(projectRoot(), "lib", "package.json")));
  assert.equal(evaluate("dataFolder()", {}), join(projectRoot(), "data"));
});

test("PSN_DATA moves it; a relative one starts at the root of the repository", () => {
  assert.equal(evaluate("dataFolder()", { PSN_DATA: "elsewhere/data" }), join(projectRoot(), "elsewhere", "data"));
  assert.equal(evaluate("dataFolder()", { PSN_DATA: tmpdir() }), tmpdir());
  assert.equal(typeof dataFolder(), "string");
});

test("a mirror is a folder or an address", () => {
  assert.equal(evaluate("dataMirror()", {}), null);
  assert.deepEqual(evaluate("dataMirror()", { PSN_DATA_MIRROR: "../copies" }), {
    kind: "folder",
    path: join(projectRoot(), "..", "copies"),
  });
  assert.deepEqual(parseMirror("https://example.org/data/"), { kind: "web", address: "https://example.org/data" });
  assert.deepEqual(parseMirror("file:///srv/data"), { kind: "folder", path: "/srv/data" });
});

function screen(isTTY: boolean): Screen & { text: string } {
  const shown = { isTTY, columns: 60, text: "", write: (text: string) => (shown.text += text) };
  return shown;
}

test("a terminal gets one updating line that fits it, ended before anything else is said", () => {
  const terminal = screen(true);
  const reporter = terminalReporter(terminal);
  for (let done = 0; done <= 1000; done++) reporter.progress("emnist/a-very-long-file-name.gz", done, 2000);
  reporter.note("next");
  const [bar, note] = terminal.text.split("\n");
  assert.equal(note, "next");
  const lines = bar.split("\r").slice(1);
  assert.equal(lines.length, 51); // 0 … 50 %
  assert(lines.every((line) => line.length < 60));
  assert.match(lines[50], /^█{10}░{10} {2}50 % of 2000 bytes {2}emnist/);
});

test("a log gets a line for each tenth of a large file, and none for a small one", () => {
  const log = screen(false);
  const reporter = terminalReporter(log);
  for (let done = 0; done <= 1000; done++) reporter.progress("big", done * 28_000, 28_000_000);
  assert.deepEqual(log.text.split("\n").slice(0, 3), [
    "big 0 % of 28.0 MB",
    "big 10 % of 28.0 MB",
    "big 20 % of 28.0 MB",
  ]);
  assert.equal(log.text.split("\n").length, 12);
  const quiet = screen(false);
  for (let done = 0; done <= 10; done++) terminalReporter(quiet).progress("small", done, 10);
  assert.equal(quiet.text, "");
});
