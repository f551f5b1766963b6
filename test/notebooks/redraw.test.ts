import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { executeNotebook } from "psn/dist/notebook/execute";
import { paperNotebooks } from "psn/dist/notebook/paper-notebooks";

const root = join(__dirname, "..", "..", "..");
const folder = join(root, "notebooks");
const output = mkdtempSync(join(tmpdir(), "psn-redraw-"));
after(() => rmSync(output, { recursive: true }));

/** A store without runs, so that nothing but what is committed is read. */
const environment = { ...process.env, PSN_QUICK: "0", PSN_STORE: join(output, "store"), PSN_FIGURES: output };

interface Output {
  readonly output_type: string;
  readonly text?: string | string[];
  readonly data?: Readonly<Record<string, string | string[]>>;
}

/** What each cell prints and which tables it shows; the first code cell has parameters, the
 * second tells of the machine, and pictures are apart. */
function wordsOf(notebook: string): string[] {
  const { cells } = JSON.parse(readFileSync(notebook, "utf8"));
  const code = cells.filter((cell: { cell_type: string }) => cell.cell_type === "code").slice(2);
  return code.map(({ outputs }: { outputs: Output[] }) =>
    outputs
      .filter(({ data }) => data === undefined || !("application/vnd.plotly.v1+json" in data))
      .map(({ text, data }) => [text ?? data?.["text/html"] ?? data?.["text/plain"] ?? ""].flat().join(""))
      .join("\n"),
  );
}

// The tour is not among them: it rests on no records, and networks that it trains differ from processor to processor.
for (const { name, figures } of paperNotebooks) {
  test(`${name}, run again on the committed records, says and draws what is committed`, async () => {
    const again = join(output, `${name}.ipynb`);
    await executeNotebook(join(folder, `${name}.ipynb`), {
      output: again,
      folder,
      python: join(root, ".venv", "bin", "python"),
      environment,
    });
    assert.deepEqual(wordsOf(again), wordsOf(join(folder, `${name}.ipynb`)));
    for (const figure of figures) {
      const snapshot = readFileSync(join(root, "figures", `${figure}.json`), "utf8");
      assert.equal(readFileSync(join(output, `${figure}.json`), "utf8"), snapshot, figure);
    }
  });
}

test("all figures that are committed were drawn again, those of single data sets and protocols, too", () => {
  const figuresIn = (directory: string): string[] =>
    readdirSync(directory).filter((file) => /^figure.*json$/.test(file));
  assert.deepEqual(figuresIn(output).sort(), figuresIn(join(root, "figures")).sort());
  for (const file of figuresIn(output)) {
    assert.equal(readFileSync(join(output, file), "utf8"), readFileSync(join(root, "figures", file), "utf8"), file);
  }
});
