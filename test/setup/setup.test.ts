import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

const root = join(__dirname, "..", "..", "..");
const setup = join(root, "lib", "setup");
const folder = mkdtempSync(join(tmpdir(), "psn-setup-"));
after(() => rmSync(folder, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: the set-up is plain JavaScript, which has no types
const load = (file: string): Promise<any> => import(pathToFileURL(join(setup, file)).href);

test("versions are compared number by number", async () => {
  const { atLeast } = await load("versions.mjs");
  assert.ok(atLeast("v20.15.0", "20.15"));
  assert.ok(atLeast("3.10.2", "3.9"), "10 is more than 9");
  assert.ok(atLeast("v22.0.0", "20.15"));
  assert.ok(!atLeast("v20.9.0", "20.15"));
  assert.ok(!atLeast("v18.20.0", "20.15"));
  assert.ok(!atLeast("3.8.19", "3.9"));
});

test("packages count as missing when absent or other, but not when they are for other systems", async () => {
  const { missingPackages } = await load("node-packages.mjs");
  const lock = {
    packages: {
      "": { version: "1.0.0" },
      lib: { version: "1.0.0" },
      "node_modules/a": { version: "1.0.0", integrity: "x" },
      "node_modules/mac": { version: "1.0.0", optional: true },
    },
  };
  const have = (version: string, integrity: string): object => ({
    packages: { "node_modules/a": { version, integrity } },
  });
  assert.deepEqual(missingPackages(lock, have("1.0.0", "x")), []);
  assert.deepEqual(missingPackages(lock, have("1.0.1", "x")), ["node_modules/a"]);
  assert.deepEqual(missingPackages(lock, have("1.0.0", "y")), ["node_modules/a"]);
  assert.deepEqual(missingPackages(lock, { packages: {} }), ["node_modules/a"]);
});

test("a .venv is made anew when the requirements or its place change", async () => {
  const { venvStamp } = await load("python.mjs");
  const stamp = venvStamp("jupyterlab==1", "/here/.venv");
  assert.equal(stamp, venvStamp("jupyterlab==1", "/here/.venv"));
  assert.notEqual(stamp, venvStamp("jupyterlab==2", "/here/.venv"));
  assert.notEqual(stamp, venvStamp("jupyterlab==1", "/there/.venv"));
});

test("requirements.txt has exact versions only, one for each Python from 3.9 on", () => {
  const lines = readFileSync(join(root, "requirements.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  for (const line of lines) assert.match(line, /^[a-z]+==\d+(\.\d+)+( ; python_version (>=|<) "3\.10")?$/);
  const named = (pattern: RegExp): string[] => lines.filter((l) => pattern.test(l)).map((l) => l.split("==")[0]!);
  assert.deepEqual(named(/>= "3.10"/), named(/< "3.10"/));
});

test("without a good Python the message names the cure", async () => {
  const { pythonCure } = await load("python.mjs");
  assert.match(pythonCure(undefined, []), /3\.9 or newer .* none\. .*apt-get install python3 /);
  assert.match(pythonCure(undefined, ["/usr/bin/python3 is 3.8.1"]), /only an older one .*3\.8\.1/);
  assert.match(
    pythonCure(undefined, ["/usr/bin/python3 is 3.11.2, without venv or ensurepip"]),
    /install python3-venv/,
  );
  assert.match(pythonCure("/opt/python", []), /PSN_PYTHON is \/opt\/python, where there is no program/);
});

test("a kernel spec of a repository that was moved is not taken for ours", async () => {
  const { isKernelSpec, kernelSpec } = await load("kernel.mjs");
  const spec = join(folder, "kernel.json");
  assert.ok(!isKernelSpec(spec, kernelSpec()));
  const write = (argv: string[]): void =>
    writeFileSync(spec, `${JSON.stringify({ ...kernelSpec(), argv }, null, 2)}\n`);
  write(["node", "/old/place/main.js", "{connection_file}"]);
  assert.ok(!isKernelSpec(spec, kernelSpec()));
  write(["node", join(root, "lib", "dist", "kernel", "main.js"), "{connection_file}"]);
  assert.ok(isKernelSpec(spec, kernelSpec()));
});

test("a program is found in PATH, in the given order, only if it can be run", async () => {
  const { findProgram } = await load("find-program.mjs");
  const [first, second] = ["first", "second"].map((name) => join(folder, name));
  for (const place of [first!, second!]) {
    mkdirSync(place);
    writeFileSync(join(place, "tool"), "#!/bin/sh\n");
  }
  chmodSync(join(second!, "tool"), 0o755);
  mkdirSync(join(first!, "other"));
  const path = `${first}:${second}`;
  assert.equal(findProgram([undefined, "absent", "tool"], path), join(second!, "tool"));
  assert.equal(findProgram(["other"], path), undefined, "a folder is no program");
  assert.equal(findProgram([join(second!, "tool")], ""), join(second!, "tool"));
});

test("the slow tests come first, deleted and foreign files never, and folders narrow them", async () => {
  const { testFiles } = await load("tests.mjs");
  const files = [
    "a/x.test.ts",
    "fixtures.ts",
    "browser/b.test.ts",
    ".build/a/x.test.ts",
    "notebooks/n.test.ts",
    "a/x.js",
  ];
  assert.deepEqual(testFiles(files), ["browser/b.test.ts", "notebooks/n.test.ts", "a/x.test.ts"]);
  for (const folder of ["a", "test/a", "./test/a/", "a/x.test.ts"])
    assert.deepEqual(testFiles(files, [folder]), ["a/x.test.ts"]);
  assert.deepEqual(testFiles(files, ["b"]), []);
});

test("a failing program becomes its cure and what it wrote, shortened in the middle", async () => {
  const { runOrFail, run } = await load("run.mjs");
  const program = "console.log('one'); console.error('two'); process.exit(3)";
  await assert.rejects(runOrFail(process.execPath, ["-e", program], "Do this."), (error: Error) => {
    assert.match(error.message, /^Do this\.\n\n[\s\S]*ended with 3:\n(one\ntwo|two\none)$/);
    return true;
  });
  const long = "for (let i = 1; i <= 100; i++) console.log(i); process.exit(1)";
  await assert.rejects(
    runOrFail(process.execPath, ["-e", long], "Do this."),
    /:\n1\n2\n[\s\S]*\n12\n…\n89\n[\s\S]*\n100$/,
  );
  assert.equal((await run(join(folder, "absent"), [])).code, 127);
});

test("a program that takes too long is killed, with its children", async () => {
  const { run } = await load("run.mjs");
  const started = performance.now();
  const { code } = await run("sh", ["-c", "sleep 30 & sleep 30"], { timeoutMs: 200 });
  assert.equal(code, 128 + 9);
  assert.ok(performance.now() - started < 5000);
});

function runSetup(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(setup, "setup.mjs"), ...args], { encoding: "utf8" });
}

test("--help is shown at once, whatever is missing", () => {
  const copy = join(folder, "bare");
  mkdirSync(join(copy, "lib", "src"), { recursive: true });
  for (const path of ["package.json", "lib/setup", "lib/src/help.txt"]) symlinkSync(join(root, path), join(copy, path));
  const { stdout, status } = spawnSync(
    process.execPath,
    ["--preserve-symlinks", "--preserve-symlinks-main", join(copy, "lib", "setup", "setup.mjs"), "paper", "--help"],
    { encoding: "utf8" },
  );
  assert.equal(status, 0);
  for (const word of ["--quick", "--only", "--rerun", "figure-3", "under ten minutes"])
    assert.ok(stdout.includes(word));
});

test("an unknown command is named, with those that there are", () => {
  const { status, stderr } = runSetup("papr");
  assert.equal(status, 1);
  assert.match(stderr, /no command papr; there are setup, paper, lab, psn, bench, test/);
});

test("an unknown figure or switch is an error of usage, with those that there are", () => {
  const cli = join(root, "lib", "dist", "cli.js");
  const unknown = spawnSync(process.execPath, [cli, "paper", "--only", "figure-9"], { encoding: "utf8" });
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /no figure-9; there are figure-1, figure-2, figure-2-margin, figure-3/);
  const wrong = spawnSync(process.execPath, [cli, "paper", "--quik"], { encoding: "utf8" });
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /--quik/);
});
