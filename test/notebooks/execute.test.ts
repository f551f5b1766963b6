import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { type ExecuteOptions, executeNotebook, type NotebookEvent } from "psn/dist/notebook/execute";
import { makeNotebook } from "./made";

const folder = mkdtempSync(join(tmpdir(), "psn-execute-"));
after(() => rmSync(folder, { recursive: true }));

const root = join(__dirname, "..", "..", "..");

function execute(name: string, cells: readonly string[], more: Partial<ExecuteOptions> = {}): Promise<void> {
  const path = makeNotebook(join(folder, `${name}.ipynb`), cells);
  const python = join(root, ".venv", "bin", "python");
  return executeNotebook(path, { output: path, folder: join(root, "notebooks"), python, ...more });
}

test("a good notebook is executed in its folder, tells its progress, and is replaced by its executed self", async () => {
  const events: NotebookEvent[] = [];
  await execute(
    "good",
    ["console.warn('a warning: nothing is wrong')", "", "console.log(process.cwd(), process.env.PSN_QUICK)"],
    { environment: { ...process.env, PSN_QUICK: "1" }, onEvent: (event) => events.push(event) },
  );
  const { cells } = JSON.parse(readFileSync(join(folder, "good.ipynb"), "utf8"));
  assert.equal([cells[2].outputs[0].text].flat().join(""), `${join(root, "notebooks")} 1\n`);
  assert.deepEqual(cells[2].metadata, {}, "no times of day are recorded");
  assert.deepEqual(
    events.filter(({ event }) => event === "cell"),
    [
      { event: "cell", number: 1, of: 2 },
      { event: "cell", number: 2, of: 2 },
    ],
  );
});

test("a kernel that dies before it says a word, as when its port was taken meanwhile, is started once more", async () => {
  const [starts, kernel] = [join(folder, "starts"), join(root, "lib", "dist", "kernel", "main.js")];
  const program = join(folder, "dies-once.js");
  const count = `require("node:fs").appendFileSync(${JSON.stringify(starts)}, "x")`;
  const isFirst = `require("node:fs").readFileSync(${JSON.stringify(starts)}, "utf8") === "x"`;
  writeFileSync(program, `${count};\nif (${isFirst}) process.exit(1);\nrequire(${JSON.stringify(kernel)});\n`);
  const spec = { argv: ["node", program, "{connection_file}"], display_name: "", language: "typescript" };
  mkdirSync(join(folder, "kernels", "tslab"), { recursive: true });
  writeFileSync(join(folder, "kernels", "tslab", "kernel.json"), JSON.stringify(spec));
  await execute("dies-once", ["console.log(6 * 7)"], { environment: { ...process.env, JUPYTER_PATH: folder } });
  assert.equal(readFileSync(starts, "utf8"), "xx");
  const [{ outputs }] = JSON.parse(readFileSync(join(folder, "dies-once.ipynb"), "utf8")).cells;
  assert.equal([outputs[0].text].flat().join(""), "42\n");
});

const bad: Record<string, { cells: string[]; message: RegExp }> = {
  "a cell that throws": {
    cells: ["1", "const n = 3;\nthrow new Error('broken ' + n)", "2"],
    message: /: cell 2 failed:\n\n {4}const n = 3;\n[\s\S]*Error: broken 3/,
  },
  "a type error": {
    cells: ["const text: string = 1;"],
    message: /cell 1 failed[\s\S]*not assignable to type 'string'/,
  },
  "an un-awaited rejection": {
    cells: ["void Promise.reject(new Error('nobody waits'))", "await new Promise((r) => setTimeout(r, 200))"],
    message: /cell 1 failed[\s\S]*Error: nobody waits[\s\S]*Cell \[1\]:1:21/,
  },
  "an un-awaited rejection after its cell has ended": {
    cells: ["setTimeout(() => void Promise.reject('too late'), 50);", "await new Promise((r) => setTimeout(r, 200))"],
    message: /cell 2 failed[\s\S]*too late/,
  },
  "an un-awaited rejection in the last cell": {
    cells: ["setTimeout(() => void Promise.reject('nobody waits'), 50);"],
    message: /nobody waits/,
  },
  "a caught error that is printed": {
    cells: ["console.error(new TypeError('printed'))"],
    message: /cell 1 failed[\s\S]*TypeError: printed/,
  },
  "a kernel that ends": { cells: ["process.exit(3)"], message: /the kernel did not reach the end/ },
};

for (const [what, { cells, message }] of Object.entries(bad)) {
  test(`${what} fails the notebook and leaves its file as it was`, async () => {
    const path = join(folder, "bad.ipynb");
    await assert.rejects(execute("bad", cells), { name: "NotebookError", message });
    assert.ok(
      JSON.parse(readFileSync(path, "utf8")).cells.every((cell: { outputs: unknown[] }) => cell.outputs.length === 0),
    );
    assert.deepEqual(
      readdirSync(folder).filter((file) => file.endsWith(".tmp")),
      [],
    );
  });
}

test("a Python that does not exist is named, with the cure", async () => {
  const python = join(folder, "no-python");
  await assert.rejects(execute("none", ["1"], { python }), /no-python does not start .*npm run setup/);
  assert.ok(!existsSync(`${join(folder, "none.ipynb")}.${process.pid}.tmp`));
});
