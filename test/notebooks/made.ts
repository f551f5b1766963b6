import { writeFileSync } from "node:fs";

/** Writes a notebook of the given TypeScript cells. */
export function makeNotebook(path: string, cells: readonly string[]): string {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: "tslab", display_name: "TypeScript", language: "typescript" } },
    cells: cells.map((source, i) => {
      const id = `cell-${i}`;
      return { cell_type: "code", id, metadata: {}, execution_count: null, outputs: [], source };
    }),
  };
  writeFileSync(path, JSON.stringify(notebook));
  return path;
}
