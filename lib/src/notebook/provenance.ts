import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem, type } from "node:os";
import { join } from "node:path";
import { createSparseEngine } from "../engines/sparse";
import { loadTensorFlow } from "../engines/tensorflow";

/** What a notebook's results rest on, besides the machine and the software. */
export interface ProvenanceInput {
  /** sha256 of each source file: a loaded data set will do. */
  readonly datasets?: readonly { readonly name: string; readonly checksums: Readonly<Record<string, string>> }[];
  readonly seeds?: readonly number[];
  /** Settings by name; each becomes a row. */
  readonly protocol?: object;
}

/** One line of the provenance table. */
export interface ProvenanceRow {
  readonly item: string;
  readonly value: string;
}

/**
 * What a result rests on: commit, versions, hardware, data, seeds, protocol. It names no path and no host.
 * Pass it to {@link showTable}.
 */
export async function provenance(input: ProvenanceInput = {}): Promise<ProvenanceRow[]> {
  const row = (item: string, value: string): ProvenanceRow => ({ item, value });
  const { datasets = [], seeds, protocol = {} } = input;
  return [
    row("commit", commit()),
    row("psn", version("psn", join(__dirname, "..", "..", "package.json"))),
    row("Node", `${process.version.slice(1)}, ${type()} ${process.arch}`),
    row("processor", processor()),
    row("memory", `${Math.round(totalmem() / 2 ** 30)} GiB`),
    row("sparse kernel", createSparseEngine().backend),
    row("TensorFlow.js", (await loadTensorFlow()).backend),
    row("danfojs-node", version("danfojs-node")),
    row("Plotly", version("plotly.js-dist-min")),
    row("tslab", version("tslab")),
    ...datasets.flatMap(({ name, checksums }) =>
      Object.entries(checksums).map(([file, sha256]) =>
        row(`${name}: ${baseName(file)}`, `sha256 ${sha256.slice(0, 16)}…`),
      ),
    ),
    ...(seeds === undefined ? [] : [row("seeds", seeds.join(", "))]),
    ...Object.entries(protocol).map(([name, value]) => row(words(name), settingText(value))),
  ];
}

/** The processor's model and its number of threads. */
export function processor(): string {
  return `${cpus()[0]?.model.trim() ?? "unknown"}, ${availableParallelism()} threads`;
}

/** The commit, and whether what computes differs from it. Executing notebooks changes notebooks, figures and data only. */
export function commit(): string {
  try {
    const head = git("rev-parse", "HEAD");
    const changed = git("status", "--porcelain", "--", ".", ":!notebooks", ":!figures", ":!data");
    return changed === "" ? head : `${head} with uncommitted changes`;
  } catch {
    return "unknown: not a git checkout, or git is not installed"; // an archive of the sources has no history
  }
}

function git(...args: string[]): string {
  const root = join(__dirname, "..", "..", "..");
  return execFileSync("git", args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}

function version(name: string, path?: string): string {
  try {
    return JSON.parse(readFileSync(path ?? require.resolve(`${name}/package.json`), "utf8")).version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return "not installed";
    throw error;
  }
}

/** "trainingRows" → "training rows" */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Whole numbers from 10 000 on have thin spaces; lists have commas; only what is nested is JSON. */
function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.map(settingText).join(", ");
  if (Number.isInteger(value) && Math.abs(value as number) >= 10_000)
    return (value as number).toLocaleString("en").replaceAll(",", "\u202F");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const baseName = (file: string): string => file.replace(/^.*[/\\]/, "");
