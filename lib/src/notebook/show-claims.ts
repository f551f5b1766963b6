import type { ClaimResult, ClaimStatement, ProtocolResult } from "../claims/claim";
import type { PaperRun } from "../experiments/part";
import { datasetLabel, distinct } from "../figures/estimate";
import { escapeHtml } from "./export";
import { kernelDisplay } from "./kernel";
import { showTable } from "./show";

/** Shows what a claim says and how it is judged: what was fixed before the full runs, and what was changed after them. */
export function showClaim({ id, title, paper, hypothesis, test, margin, amended }: ClaimStatement): void {
  const since = amended === undefined ? {} : { "changed after the runs": amended };
  const rows = Object.entries({ paper, hypothesis, test, "margin and verdicts": margin, ...since });
  showTable(
    rows.map(([what, text]) => ({ claim: what, [id]: text })),
    { caption: `${id}: ${title}` },
  );
}

/** Shows what the records say of a claim: verdict, value and findings under each protocol, limits, what would change it. */
export function showVerdict({ id, title, results, change, limits, whatWouldChange }: ClaimResult): void {
  const lines = [
    `**${id}: ${title}**`,
    ...results.flatMap(protocolLines),
    ...(results.some(isTestedUnderTuned) ? [change] : []),
    `*Limits.* ${limits}`,
    `*What would change it.* ${whatWouldChange}`,
  ];
  writeMarkdown(lines.join("\n\n"));
}

const isTestedUnderTuned = ({ protocol, verdict }: ProtocolResult): boolean =>
  protocol === "tuned" && verdict !== "not testable";

function protocolLines({ protocol, verdict, headline, findings }: ProtocolResult): string[] {
  const bullets = findings.map((finding) => `- ${finding}`).join("\n");
  return [`**${protocol}: ${verdict}.** ${headline}.`, ...(bullets === "" ? [] : [bullets])];
}

/** Shows which runs a notebook rests on: per experiment, protocol and data set, how many, and over which seeds. */
export function showRecorded(runs: readonly PaperRun[]): void {
  const keys = distinct(
    runs.map(({ experiment, protocol, record }) => JSON.stringify([experiment, protocol, record.config.dataset])),
  );
  const table = keys.map((key) => {
    const [experiment, protocol, dataset]: string[] = JSON.parse(key);
    const own = runs.filter(
      (run) => run.experiment === experiment && run.protocol === protocol && run.record.config.dataset === dataset,
    );
    const seeds = distinct(own.map(({ record }) => record.config.seed)).sort((a, b) => a - b);
    return {
      experiment,
      protocol,
      "data set": datasetLabel(dataset),
      runs: own.length,
      structures: distinct(own.map(({ label }) => label)).length,
      seeds: `${seeds[0]} … ${seeds[seeds.length - 1]}`,
    };
  });
  if (table.length === 0) console.log("No run is recorded yet.");
  else showTable(table, { caption: "What is recorded" });
}

/** Outside a notebook the text is printed as it is. */
function writeMarkdown(text: string): void {
  const write = kernelDisplay();
  if (write === undefined) console.log(text);
  else write({ data: { "text/markdown": escapeHtml(text), "text/plain": text }, metadata: {}, transient: {} }, false);
}
