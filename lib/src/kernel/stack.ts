import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { type CellRecord, cellNumber, type Place } from "./cells";

/** Cells that ran, by their number. */
export type CellRecords = ReadonlyMap<number, CellRecord>;

/**
 * From now on an error's stack names lines of cells as they are written, lines of this project's sources rather than of
 * what they were compiled to, and leaves out what belongs to Node, tslab and this kernel.
 */
export function installStackTraces(cells: CellRecords): void {
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.filter((site) => !isInternal(site.getFileName() ?? "")).map((site) => frame(site, cells));
    const known = frames.filter((text) => text !== undefined);
    return [headOf(error), ...known.map((text) => `    at ${text}`)].join("\n");
  };
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error"; // its name or message is an accessor that throws
  }
}

function isInternal(file: string): boolean {
  return file.startsWith("node:") || file.startsWith(__dirname) || file.includes(`${sep}tslab${sep}dist${sep}`);
}

/** Undefined for code that stands in no line of a cell. */
function frame(site: NodeJS.CallSite, cells: CellRecords): string | undefined {
  const text = String(site);
  const [file, line, column] = [site.getFileName(), site.getLineNumber(), site.getColumnNumber()];
  if (!file || line === null || column === null) return text;
  const compiled = `${file}:${line}:${column}`;
  const number = cellNumber(file);
  if (number !== undefined) {
    const place = cells.get(number)?.place({ line, column });
    // Functions of earlier cells are called on tslab's proxy.
    return place && text.replace(/^(async )?Proxy\./, "$1").replace(compiled, `${file}:${place.line}:${place.column}`);
  }
  return text.replace(compiled, sourcePlace(file, { line, column }) ?? compiled);
}

const root = join(__dirname, "..", "..", "..");
const maps = new Map<string, SourceMap | undefined>();

/** The place in `lib/src` that a line of `lib/dist` was compiled from. */
function sourcePlace(file: string, { line, column }: Place): string | undefined {
  if (!file.startsWith(join(root, "lib", "dist") + sep)) return undefined;
  if (!maps.has(file)) {
    const path = `${file}.map`;
    maps.set(file, existsSync(path) ? new SourceMap(JSON.parse(readFileSync(path, "utf8"))) : undefined);
  }
  const entry = maps.get(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalLine" in entry)) return undefined;
  const source = relative(root, join(dirname(file), entry.originalSource));
  return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
