import type { PaperRun } from "./part";
import type { RunRecord } from "./record";

/** What the runs of an experiment took. */
export interface Cost {
  readonly experiment: string;
  readonly runs: number;
  /** As recorded, whatever else the machine did meanwhile. */
  readonly coreMinutes: number;
  /** With each run at the pace of the fastest of its like: what they take on cores of their own. */
  readonly fastestMinutes: number;
}

/**
 * What runs took, experiment by experiment, in their order. A run that several experiments share counts where it comes
 * first.
 */
export function costs(runs: readonly PaperRun[]): Cost[] {
  const fastest = fastestSeconds(runs.map(({ record }) => record));
  const seen = new Set<string>();
  const byExperiment = new Map<string, Cost>();
  for (const { experiment, record } of runs) {
    const cost = byExperiment.get(experiment) ?? { experiment, runs: 0, coreMinutes: 0, fastestMinutes: 0 };
    byExperiment.set(experiment, cost);
    if (seen.has(record.id)) continue;
    seen.add(record.id);
    byExperiment.set(experiment, {
      experiment,
      runs: cost.runs + 1,
      coreMinutes: cost.coreMinutes + record.provenance.seconds / 60,
      fastestMinutes: cost.fastestMinutes + fastest.get(workOf(record))! / 60,
    });
  }
  return [...byExperiment.values()];
}

/** Runs of the same work differ in their seed and in which topology of a kind they start from. */
function workOf({ config }: RunRecord): string {
  return JSON.stringify({ ...config, seed: 0, start: config.start.kind });
}

function fastestSeconds(records: readonly RunRecord[]): Map<string, number> {
  const fastest = new Map<string, number>();
  for (const record of records) {
    const work = workOf(record);
    fastest.set(work, Math.min(record.provenance.seconds, fastest.get(work) ?? Number.POSITIVE_INFINITY));
  }
  return fastest;
}

/** The costs as a table in Markdown, with a line for all. */
export function costTable(rows: readonly Cost[]): string {
  const line = ({ experiment, runs, coreMinutes, fastestMinutes }: Cost): string =>
    `| ${experiment} | ${runs} | ${Math.round(coreMinutes)} | ${Math.round(fastestMinutes)} |`;
  const total = (measure: (row: Cost) => number): number => rows.reduce((sum, row) => sum + measure(row), 0);
  const all: Cost = {
    experiment: "all",
    runs: total(({ runs }) => runs),
    coreMinutes: total(({ coreMinutes }) => coreMinutes),
    fastestMinutes: total(({ fastestMinutes }) => fastestMinutes),
  };
  const head = ["| experiment | runs | core minutes | at the pace of the fastest |", "|---|---|---|---|"];
  return [...head, ...[...rows, all].map(line)].join("\n");
}
