/** The parts of a notebook file (nbformat 4) that we read. */
export interface NotebookFile {
  readonly cells: readonly NotebookCell[];
}

export interface NotebookCell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly NotebookOutput[];
}

export interface NotebookOutput {
  readonly output_type: string;
  /** Of a stream: stdout or stderr. */
  readonly name?: string;
  readonly text?: string | readonly string[];
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
}

/** A cell that went wrong. */
export interface CellFailure {
  /** Position among all cells, from 0. */
  readonly cell: number;
  readonly source: string;
  /** What it wrote about it, without terminal colours. */
  readonly error: string;
}

/**
 * The cells of an executed notebook that were not executed, or whose output tells of an error, whatever status they
 * ended with: stock tslab sends no error output, only text on stderr, and leaves the cell of an un-awaited rejection
 * "ok".
 */
export function cellFailures(notebook: NotebookFile): CellFailure[] {
  return notebook.cells.flatMap(({ cell_type, source, execution_count, outputs = [] }, cell) => {
    const code = joined(source);
    if (cell_type !== "code" || code.trim() === "") return [];
    const errors = outputs.map(errorText).filter((text) => text !== "");
    if (errors.length > 0) return [{ cell, source: code, error: errors.join("\n") }];
    return execution_count == null ? [{ cell, source: code, error: "The cell was not executed." }] : [];
  });
}

/** The words by which Node, V8, tslab and TypeScript begin or end what they say of an error. */
const beginnings = [
  /^(UncaughtException|UnhandledPromiseRejection|Thrown):/m,
  /^(Uncaught )?[\w$.]*(Error|Exception)( \[\w+\])?(:|$)/m,
  /^ {4}at .+:\d+:\d+\)?$/m,
  /^\d+:\d+ - /m,
  /\berror TS\d+:/,
];

function errorText(output: NotebookOutput): string {
  if (output.output_type === "error") return tracebackOf(output);
  if (output.output_type !== "stream" || output.name !== "stderr") return "";
  const text = withoutColours(joined(output.text ?? "")).trim();
  return tellsOfError(text) ? text : "";
}

function tracebackOf({ ename, evalue, traceback = [] }: NotebookOutput): string {
  return withoutColours(traceback.join("\n")) || `${ename}: ${evalue}`;
}

/** Whether a text from stderr tells of an error, rather than being a remark. */
export function tellsOfError(text: string): boolean {
  const plain = withoutColours(text);
  return beginnings.some((pattern) => pattern.test(plain));
}

/** What a failed cell tells of its error: its traceback, or, from kernels that send none, all it wrote on stderr. */
export function failureText(cell: NotebookCell): string {
  const error = (cell.outputs ?? []).find(({ output_type }) => output_type === "error");
  if (error) return tracebackOf(error);
  const parts = (cell.outputs ?? []).filter(({ name }) => name === "stderr").map(({ text }) => joined(text ?? ""));
  return withoutColours(parts.join("")).trim();
}

/** nbformat stores a long text as its lines. */
export function joined(text: string | readonly string[]): string {
  return typeof text === "string" ? text : text.join("");
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the control character ESC
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
