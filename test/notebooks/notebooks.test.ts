import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { executeNotebook } from "psn/dist/notebook/execute";
import { paperNotebooks, tour } from "psn/dist/notebook/paper-notebooks";
import { kernelFolder } from "../kernel/specs";

const root = join(__dirname, "..", "..", "..");
const folder = join(root, "notebooks");
const output = mkdtempSync(join(tmpdir(), "psn-notebooks-"));
after(() => rmSync(output, { recursive: true }));

/** Executes a notebook, as a quick look. */
function execute(name: string, environment: Record<string, string> = {}): Promise<void> {
  return executeNotebook(join(folder, `${name}.ipynb`), {
    output: join(output, `${name}.ipynb`),
    folder,
    python: join(root, ".venv", "bin", "python"),
    environment: { ...process.env, PSN_QUICK: "1", ...environment },
  });
}

for (const name of [tour.name, "1-profiles"]) {
  test(`${name} runs with tslab as it comes, too`, async () => {
    const JUPYTER_PATH = await kernelFolder("stock");
    await execute(name, { JUPYTER_PATH });
    const { metadata } = JSON.parse(readFileSync(join(output, `${name}.ipynb`), "utf8"));
    assert.equal(metadata.language_info.version, "3.7.2", "that is what tslab says of itself");
  });
}

for (const { name } of [tour, ...paperNotebooks]) {
  test(`${name} runs quickly, without an error, and stays under 1 MB`, async () => {
    await execute(name);
    assert.ok(readFileSync(join(output, `${name}.ipynb`)).length < 1e6);
  });

  test(`${name} is committed executed, for the kernel tslab, under 1.5 MB`, () => {
    const bytes = readFileSync(join(folder, `${name}.ipynb`));
    assert.ok(bytes.length < 1.5e6);
    const { metadata, cells } = JSON.parse(bytes.toString("utf8"));
    assert.equal(metadata.kernelspec.name, "tslab");
    const code = cells.filter((cell: { cell_type: string }) => cell.cell_type === "code");
    assert.ok(code.every((cell: { execution_count: number | null }) => cell.execution_count !== null));
    assert.match([code[0].source].flat().join(""), /^import [\s\S]*= notebookSettings\(\{/);
    assert.deepEqual(code[0].outputs, [], "the parameters are the cell's own: nothing from outside went before them");
  });
}
