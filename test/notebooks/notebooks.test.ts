import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { executeNotebook } from "psn/dist/notebook/execute";
import { paperNotebooks } from "psn/dist/notebook/paper-notebooks";

const root = join(__dirname, "..", "..", "..");
const folder = join(root, "notebooks");
const output = mkdtempSync(join(tmpdir(), "psn-notebooks-"));
after(() => rmSync(output, { recursive: true }));

for (const { name } of paperNotebooks) {
  test(`${name} runs quickly with stock tslab, without an error, and stays under 1 MB`, async () => {
    await executeNotebook(join(folder, `${name}.ipynb`), {
      output: join(output, `${name}.ipynb`),
      folder,
      python: join(root, ".venv", "bin", "python"),
      environment: { ...process.env, PSN_QUICK: "1" },
    });
    assert.ok(readFileSync(join(output, `${name}.ipynb`)).length < 1e6);
  });

  test(`${name} is committed executed, for the kernel tslab, under 1 MB`, () => {
    const bytes = readFileSync(join(folder, `${name}.ipynb`));
    assert.ok(bytes.length < 1e6);
    const { metadata, cells } = JSON.parse(bytes.toString("utf8"));
    assert.equal(metadata.kernelspec.name, "tslab");
    const code = cells.filter((cell: { cell_type: string }) => cell.cell_type === "code");
    assert.ok(code.every((cell: { execution_count: number | null }) => cell.execution_count !== null));
  });
}
