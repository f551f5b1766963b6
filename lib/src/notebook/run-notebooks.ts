import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { executeNotebook } from "./execute";
import { notebooksFor, type PaperNotebook } from "./paper-notebooks";
import { createProgressLine } from "./progress-line";

/** What `npm run paper` is asked to do. */
export interface PaperRequest {
  /** Figures to make, such as "figure-3"; empty means all. */
  readonly only: readonly string[];
  /** A reduced run: executed copies go to notebooks/quick/ and figures to figures/quick/. */
  readonly quick: boolean;
  /** Compute recorded runs again. */
  readonly rerun: boolean;
}

const root = join(__dirname, "..", "..", "..");

/**
 * Executes the paper's notebooks, one after the other, telling its progress on stderr and the figures made on stdout.
 * Without `quick` each is replaced by its executed self, once that is whole.
 *
 * @throws RangeError on a figure that does not exist; NotebookError at the first cell that fails
 */
export async function runPaper({ only, quick, rerun }: PaperRequest): Promise<void> {
  const notebooks = notebooksFor(only);
  const source = join(root, "notebooks");
  const target = quick ? join(source, "quick") : source;
  const figures = join(root, "figures", ...(quick ? ["quick"] : []));
  mkdirSync(target, { recursive: true });
  const environment = { ...process.env, PSN_QUICK: quick ? "1" : "0", PSN_RERUN: rerun ? "1" : "0" };
  for (const notebook of notebooks) {
    const progress = createProgressLine(notebook.name, process.stderr);
    try {
      const file = `${notebook.name}.ipynb`;
      await executeNotebook(join(source, file), {
        output: join(target, file),
        folder: source,
        python: join(root, ".venv", "bin", "python"),
        environment,
        onEvent: progress.show,
      });
      progress.end("done");
    } catch (error) {
      progress.end("failed");
      throw error;
    }
  }
  process.stdout.write(describeFigures(notebooks, figures));
}

/** One line for each figure with the kinds of file that exist of it. */
function describeFigures(notebooks: readonly PaperNotebook[], folder: string): string {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const lines = notebooks
    .flatMap(({ figures }) => figures)
    .map((figure) => {
      const own = files.filter((file) => file.startsWith(`${figure}.`) && statSync(join(folder, file)).isFile());
      const kinds = own.map((file) => file.slice(figure.length + 1)).sort();
      return `${figure}: ${kinds.length > 0 ? `${relative(process.cwd(), join(folder, figure))}.{${kinds.join(",")}}` : "not exported"}\n`;
    });
  return lines.join("");
}
