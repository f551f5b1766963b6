import { spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { type CellFailure, cellFailures, failureText, joined, type NotebookFile, tellsOfError } from "./failures";

/** What happens while a notebook runs. */
export type NotebookEvent =
  /** A code cell begins, the `number`th (from 1) of `of`. */
  | { readonly event: "cell"; readonly number: number; readonly of: number }
  /** It wrote something, or showed plain text. */
  | { readonly event: "text"; readonly stream: "stdout" | "stderr"; readonly text: string };

export interface ExecuteOptions {
  /** Where the executed notebook goes; may be the notebook itself. It is replaced only by a whole and faultless run. */
  readonly output: string;
  /** The kernel's working directory. */
  readonly folder: string;
  /** A Python that has nbclient, and the kernel that the notebook names. */
  readonly python: string;
  /** By default this process's own, and in any case PSN_PROGRESS=quiet where it does not say otherwise. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onEvent?: (event: NotebookEvent) => void;
}

/** A notebook did not run to its end, or not without errors. */
export class NotebookError extends Error {
  override readonly name: string = "NotebookError";
}

type ExecutorEvent =
  | NotebookEvent
  | { readonly event: "failed"; readonly index: number; readonly text: string }
  | { readonly event: "died"; readonly text: string };

/**
 * Executes a notebook through Jupyter's protocol with the kernel that it names, from the first cell to the last.
 *
 * @throws NotebookError with the head of the failing cell and its error text, where a cell has a bad status, tells of an
 *   error on stderr, or was not executed, and where the kernel died
 */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<void> {
  if (!existsSync(path)) throw new NotebookError(`There is no ${path}; \`git checkout notebooks\` brings it back.`);
  const temporary = `${options.output}.${process.pid}.tmp`;
  try {
    const { code, last, stderr, complaints } = await runExecutor(path, temporary, options);
    const name = basename(path, ".ipynb");
    if (code !== 0 && last?.event !== "failed") {
      const reason = last?.event === "died" ? last.text : `its executor ended with ${code}`;
      throw new NotebookError(`${name}: the kernel did not reach the end: ${reason}\n${stderr}`.trim());
    }
    const notebook: NotebookFile = JSON.parse(readFileSync(temporary, "utf8"));
    const [failure] = last?.event === "failed" ? [badStatus(notebook, last)] : cellFailures(notebook);
    if (failure) throw new NotebookError(`${name}: ${describe(failure)}`);
    // What tslab says between two cells is in no cell's output.
    if (tellsOfError(complaints))
      throw new NotebookError(`${name}: between two cells:\n\n${shortened(complaints.trim())}`);
    renameSync(temporary, options.output);
  } finally {
    rmSync(temporary, { force: true });
  }
}

interface Ending {
  readonly code: number | null;
  readonly last: ExecutorEvent | undefined;
  /** What the executor itself, and the kernel beside Jupyter, wrote on stderr: its end. */
  readonly stderr: string;
  /** What cells wrote on stderr. */
  readonly complaints: string;
}

function runExecutor(
  path: string,
  output: string,
  { python, folder, environment = process.env, onEvent }: ExecuteOptions,
): Promise<Ending> {
  const program = join(__dirname, "..", "..", "src", "notebook", "execute.py");
  return new Promise((resolve, reject) => {
    // Stdin stays open until we end: the executor watches it to end with us.
    const env = { PSN_PROGRESS: "quiet", ...environment };
    const child = spawn(python, [program, path, output, folder], { env, stdio: "pipe" });
    let stderr = "";
    let complaints = "";
    let last: ExecutorEvent | undefined;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-2000);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      last = JSON.parse(line) as ExecutorEvent;
      if (last.event === "text" && last.stream === "stderr") complaints += last.text;
      if (last.event === "cell" || last.event === "text") onEvent?.(last);
    });
    child.on("error", (error) => {
      reject(new NotebookError(`${python} does not start (${error.message}); \`npm run setup\` makes it.`));
    });
    child.on("close", (code) => resolve({ code, last, stderr, complaints }));
  });
}

function badStatus(notebook: NotebookFile, { index, text }: { index: number; text: string }): CellFailure {
  const cell = notebook.cells[index]!;
  return { cell: index, source: joined(cell.source), error: failureText(cell) || text };
}

function describe({ cell, source, error }: CellFailure): string {
  const lines = source.trimEnd().split("\n");
  const head = lines.slice(0, 6).map((line) => `    ${line}`);
  if (lines.length > head.length) head.push("    …");
  return `cell ${cell + 1} failed:\n\n${head.join("\n")}\n\n${shortened(error)}`;
}

/** The first and the last lines; a cell may have written much before it failed. */
function shortened(text: string, lines = 15): string {
  const all = text.split("\n");
  return all.length <= 2 * lines ? text : [...all.slice(0, lines), "…", ...all.slice(-lines)].join("\n");
}
