import { inspect } from "node:util";
import { cellName } from "./cells";
import type { CellRecords } from "./stack";
import type { Diagnostic } from "./tslab";

/** What Jupyter is told of an error, in its words; the traceback is coloured for terminals. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;
const grey = (text: string): string => `\u001b[90m${text}\u001b[39m`;

/** The failure of a cell that threw. Anything can be thrown. */
export function describeThrown(thrown: unknown, cells: CellRecords): Failure {
  if (!isError(thrown)) {
    const evalue = typeof thrown === "string" ? thrown : inspect(thrown);
    return { ename: "Thrown", evalue, traceback: [`${red("Thrown")}: ${evalue}`] };
  }
  const { name, message } = thrown;
  const ename = typeof name === "string" && name !== "" ? name : "Error";
  const evalue = String(message);
  const frames = framesOf(thrown);
  const traceback = [`${red(ename)}: ${evalue}`, ...excerpt(frames, cells), ...frames, ...causes(thrown)];
  return { ename, evalue, traceback };
}

/** The failure of a cell that does not compile. Codes below 2000 are TypeScript's syntax errors. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[], source: string, cell: number): Failure {
  const ename = diagnostics.some(({ code }) => code < 2000) ? "SyntaxError" : "TypeScriptError";
  const traceback = diagnostics.flatMap(({ fileName, start, messageText, code }) => {
    const where = `${fileName ?? cellName(cell)}:${start.line + 1}:${start.character + 1}`;
    const head = `${where} - ${red(ename)}: ${messageText} ${grey(`(TS${code})`)}`;
    return [head, ...(fileName === undefined ? excerptAround(source, start.line + 1, start.character + 1) : [])];
  });
  return { ename, evalue: diagnostics.map(({ messageText }) => messageText).join("\n"), traceback };
}

/** A failure of no error object, such as an interrupt. */
export function describePlain(ename: string, evalue: string): Failure {
  return { ename, evalue, traceback: [`${red(ename)}: ${evalue}`] };
}

/** An error of this or another realm. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function framesOf(error: Error): string[] {
  return String(error.stack ?? "")
    .split("\n")
    .filter((line) => /^ {4}at /.test(line));
}

/** The error's causes, and the errors of an AggregateError: only their heads and places. */
function causes(error: Error): string[] {
  const { cause, errors } = error as Error & { errors?: unknown };
  const inner = [...(cause === undefined ? [] : [cause]), ...(Array.isArray(errors) ? errors : [])];
  return inner.flatMap((one) =>
    isError(one) ? [`Caused by ${one.name}: ${one.message}`, ...framesOf(one)] : [`Caused by ${inspect(one)}`],
  );
}

/** The lines around the innermost place in a cell. */
function excerpt(frames: readonly string[], cells: CellRecords): string[] {
  for (const line of frames) {
    const match = /Cell \[(\d+)\]:(\d+):(\d+)/.exec(line);
    const cell = match && cells.get(Number(match[1]));
    if (cell) return excerptAround(cell.source, Number(match[2]), Number(match[3]));
  }
  return [];
}

function excerptAround(source: string, line: number, column: number): string[] {
  const lines = source.split("\n");
  const [first, last] = [Math.max(1, line - 2), Math.min(lines.length, line + 2)];
  const width = String(last).length;
  return lines.slice(first - 1, last).flatMap((text, i) => {
    const number = String(first + i).padStart(width);
    if (first + i !== line) return [grey(`  ${number} | ${text}`)];
    return [`${red(">")} ${number} | ${text}`, `  ${" ".repeat(width)} | ${" ".repeat(column - 1)}${red("^")}`];
  });
}
