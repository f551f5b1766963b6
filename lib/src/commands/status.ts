import { openPaperRecords } from "../experiments/paper-records";
import type { PartSource } from "../experiments/part";
import { countStates, minutesLeft, type PartStatus, partStatus, type RunStatus } from "../experiments/part-status";
import { parseCommand, selectionOptions, selectParts } from "./selection";

/** `psn status [experiment…]`: what is recorded, and what is missing. */
export async function statusCommand(args: string[], source: PartSource): Promise<number> {
  const { values, positionals } = parseCommand(args, selectionOptions);
  const store = await openPaperRecords(values);
  const parts = selectParts(source, positionals, values).map((part) => partStatus(part, store));
  process.stdout.write(`${statusTable(parts)}\n`);
  for (const fault of parts.flatMap(({ faults }) => faults)) process.stdout.write(`not trusted: ${fault}\n`);
  return 0;
}

/** A row a part, and one of all runs, in which those of several parts count once. */
function statusTable(parts: readonly PartStatus[]): string {
  const all = new Map(parts.flatMap(({ runs }) => [...runs]));
  const counted = new Set<string>();
  let minutes = 0;
  const rows = parts.map(({ name, runs, more }) => {
    const own = [...runs].filter(([id]) => !counted.has(id)).map(([, run]) => run);
    for (const id of runs.keys()) counted.add(id);
    minutes += minutesLeft(own, [...runs.values()], [...all.values()]) ?? Number.NaN;
    const left = minutesLeft([...runs.values()], [...runs.values()], [...all.values()]);
    return cells(name, runs.values(), left, more);
  });
  const isMore = parts.some(({ more }) => more);
  const sums = cells("all", all.values(), Number.isNaN(minutes) ? null : minutes, isMore);
  const head = ["part", "runs", "done", "failed", "missing", "in flight", "core minutes left"];
  return aligned([head, ...rows, ...(parts.length > 1 ? [sums] : [])]);
}

/** A plus means "and more that is not known yet", such as a second stage that follows from the first. */
function cells(name: string, runs: Iterable<RunStatus>, minutes: number | null, isMore: boolean): string[] {
  const { done, failed, missing, "in flight": inFlight } = countStates(runs);
  const plus = isMore ? "+" : "";
  const left = minutes === null ? "?" : `${minutes < 10 ? Math.ceil(minutes * 10) / 10 : Math.round(minutes)}${plus}`;
  const total = done + failed + missing + inFlight;
  return [name, `${total}${plus}`, `${done}`, `${failed}`, `${missing}${plus}`, `${inFlight}`, left];
}

/** Columns two spaces apart, the first to the left, numbers to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const pad = (cell: string, column: number): string =>
    column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]);
  return rows.map((row) => row.map(pad).join("  ")).join("\n");
}
