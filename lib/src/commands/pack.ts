import { statSync } from "node:fs";
import { relative, resolve } from "node:path";
import { megabytes } from "../datasets/reporter";
import { type PackedPart, packPart } from "../experiments/pack";
import { openPaperRecords, resultsFolder } from "../experiments/paper-records";
import type { PartSource } from "../experiments/part";
import { parquetFiles } from "../experiments/results";
import { writePages } from "./pages";
import { parseCommand, selectionOptions, selectParts } from "./selection";

const { quick: _, ...selection } = selectionOptions;
const options = {
  ...selection,
  results: { type: "string" },
  partial: { type: "boolean", default: false },
  replace: { type: "boolean", default: false },
} as const;

/**
 * `psn pack [experiment…]`: puts recorded runs, a file for each complete part, where they can be committed. The exit
 * code is 1 when a part was left out; so is one with runs whose committed results are others, without `--replace`.
 */
export async function packCommand(args: string[], source: PartSource): Promise<number> {
  const { values, positionals } = parseCommand(args, options);
  const folder = values.results === undefined ? resultsFolder() : resolve(values.results);
  const { store, partial, replace } = values;
  const records = await openPaperRecords({ store, results: folder });
  const parts: PackedPart[] = [];
  for (const part of selectParts(source, positionals, values)) {
    const packed = await packPart(part, { records, results: records.committed, folder, partial, replace });
    process.stdout.write(`${describe(packed)}\n`);
    parts.push(packed);
  }
  process.stdout.write(`${describeFolder(folder)}\n`);
  if (values.results === undefined) await writePages(folder);
  return parts.every(({ written }) => written !== null) ? 0 : 1;
}

function describe({ name, runs, missing, more, changed, written }: PackedPart): string {
  const lack = `${missing} of ${runs + missing} runs${more ? ", and more that follow from them" : ""}`;
  if (written === null && runs === 0) return `${name}: left out, nothing is recorded`;
  const others = `results other than the committed ones: ${changed.join(", ")}`;
  if (written === null && changed.length > 0) {
    return `${name}: left out, ${changed.length} of ${runs} runs have ${others}; find out which are right, and delete these or pack them with --replace`;
  }
  if (written === null) {
    return `${name}: left out, ${lack} are missing; compute them, or pack what there is with --partial`;
  }
  const size = `${runs} runs, ${megabytes(written.bytes)}${written.changed ? "" : ", as it was"}`;
  const notes = [
    ...(missing > 0 || more ? [`${lack} are missing`] : []),
    ...(changed.length > 0 ? [`${changed.length} now have ${others}`] : []),
  ];
  return `${name}: ${[size, ...notes].join("; ")}`;
}

function describeFolder(folder: string): string {
  const files = parquetFiles(folder);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return `${relative(process.cwd(), folder) || "."}: ${megabytes(bytes)} in ${files.length} files`;
}
