import { SourceMap, type SourceMapPayload } from "node:module";
import { characterBefore, type Insertion } from "./syntax";

/** A place in a cell or a file; both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What has to be known of a cell that ran, to tell of its errors. */
export interface CellRecord {
  readonly source: string;
  /** From a place in its compiled code to the place in the cell; undefined for code that we added. */
  place(compiled: Place): Place | undefined;
}

/** The source maps of the two steps in which tslab compiles a cell. */
export interface CompilerMaps {
  readonly modules: SourceMapPayload;
  readonly commonJs: SourceMapPayload;
}

/** Lines that tslab puts before a cell's first. */
const linesBefore = 1;

export function createCellRecord(source: string, maps: CompilerMaps, insertions: readonly Insertion[]): CellRecord {
  const [modules, commonJs] = [new SourceMap(maps.modules), new SourceMap(maps.commonJs)];
  return {
    source,
    place({ line, column }) {
      const middle = commonJs.findEntry(line - 1, column - 1);
      // On lines that no mapping begins on stands what tslab and we have added.
      if (!("originalLine" in middle) || middle.generatedLine !== line - 1) return undefined;
      const entry = modules.findEntry(middle.originalLine, middle.originalColumn);
      if (!("originalLine" in entry) || entry.originalLine < linesBefore) return undefined;
      const inCell = entry.originalLine - linesBefore;
      return { line: inCell + 1, column: characterBefore(insertions, inCell, entry.originalColumn) + 1 };
    },
  };
}

/** The name under which V8 knows a cell's code. */
export function cellName(number: number): string {
  return `Cell [${number}]`;
}

/** The number in such a name. */
export function cellNumber(name: string): number | undefined {
  const match = /^Cell \[(\d+)\]$/.exec(name);
  return match ? Number(match[1]) : undefined;
}
