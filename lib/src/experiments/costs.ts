import type { PaperRun } from "./part";

/** What the runs of an experiment took. */
export interface Cost {
  readonly experiment: string;
  readonly runs: number;
  readonly coreMinutes: number;
}

/**
 * What runs took, experiment by experiment, in their order. A run that several experiments share counts where it comes
 * first.
 */
export function costs(runs: readonly PaperRun[]): Cost[] {
  const seen = new Set<string>();
  const byExperiment = new Map<string, { runs: number; seconds: number }>();
  for (const { experiment, record } of runs) {
    const cost = byExperiment.get(experiment) ?? { runs: 0, seconds: 0 };
    byExperiment.set(experiment, cost);
    if (seen.has(record.id)) continue;
    seen.add(record.id);
    cost.runs++;
    cost.seconds += record.provenance.seconds;
  }
  return [...byExperiment].map(([experiment, { runs, seconds }]) => ({ experiment, runs, coreMinutes: seconds / 60 }));
}

/** The costs as a table in Markdown, with a line for all. */
export function costTable(rows: readonly Cost[]): string {
  const line = ({ experiment, runs, coreMinutes }: Cost): string =>
    `| ${experiment} | ${runs} | ${Math.round(coreMinutes)} |`;
  const all: Cost = {
    experiment: "all",
    runs: rows.reduce((sum, { runs }) => sum + runs, 0),
    coreMinutes: rows.reduce((sum, { coreMinutes }) => sum + coreMinutes, 0),
  };
  return ["| experiment | runs | core minutes |", "|---|---|---|", ...[...rows, all].map(line)].join("\n");
}
