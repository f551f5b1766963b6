import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ledger } from "../claims/ledger";
import { projectRoot } from "../datasets/folder";
import { costs, costTable } from "../experiments/costs";
import { experimentNames } from "../experiments/experiments";
import type { PaperRun } from "../experiments/part";
import { parquetFiles, readResults } from "../experiments/results";
import { writeFileAtomically } from "../experiments/write-file";
import { withMarkedText } from "./marked-text";

/** What the documents say of the committed results: by page, and by the name of its two markers. */
export interface PageTable {
  readonly page: string;
  readonly marker: string;
  readonly text: string;
}

/** The tables that stand in the documents, computed from the results of a folder. */
export async function pageTables(folder: string): Promise<PageTable[]> {
  const runs = await committedRuns(folder);
  return [
    { page: "environment.md", marker: "costs", text: costTable(costs(runs)) },
    { page: "README.md", marker: "ledger", text: ledgerTable(runs) },
  ];
}

/** Puts the tables into the documents, between their markers. */
export async function writePages(folder: string): Promise<void> {
  for (const { page, marker, text } of await pageTables(folder)) {
    const file = join(projectRoot(), page);
    writeFileAtomically(file, withMarkedText(readFileSync(file, "utf8"), text, { page, marker }));
  }
}

/** Every committed run, with the experiment and the protocol that its file is named for. */
async function committedRuns(folder: string): Promise<PaperRun[]> {
  const runs: PaperRun[] = [];
  for (const file of parquetFiles(folder)) {
    const [, experiment, protocol] = /([a-z]+)-(plain|tuned)-[^/\\]+$/.exec(file) ?? [];
    if (!experimentNames.some((name) => name === experiment)) continue;
    const place = { experiment, protocol: protocol as PaperRun["protocol"] };
    runs.push(...(await readResults(file)).map((run) => ({ ...run, ...place })));
  }
  return runs;
}

function ledgerTable(runs: readonly PaperRun[]): string {
  const lines = ledger(runs).map(({ claim, title, verdict, tuned, ours }) => {
    const cells = [`**${claim}** ${title}`, verdict, tuned ?? "–", ours];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  return ["| claim | verdict | tuned | what we find under plain |", "|---|---|---|---|", ...lines].join("\n");
}
