import type { PaperRun } from "./part";
import type { RunRecord } from "./record";

/** Stands for an experiment with runs that the paper does not have: profiles with scattered inputs, of any experiment. */
const scatteredStarts = "scattered starts";

/** What the runs of an experiment took. */
export interface Cost {
  /** Its name, or "scattered starts". */
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
  for (const { experiment: name, record } of runs) {
    const experiment = isScattered(record) ? scatteredStarts : name;
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

function isScattered({ config: { start } }: RunRecord): boolean {
  return start.kind === "profile" && start.rule === "random";
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

/** The costs as a table in Markdown, with a line for all, and one for all that the paper has. */
export function costTable(rows: readonly Cost[]): string {
  const line = ({ experiment, runs, coreMinutes, fastestMinutes }: Cost): string =>
    `| ${experiment} | ${runs} | ${Math.round(coreMinutes)} | ${Math.round(fastestMinutes)} | ${(fastestMinutes / 120).toFixed(1)} |`;
  const head = [
    "| experiment | runs | core minutes | at the pace of the fastest | hours on two cores |",
    "|---|---|---|---|---|",
  ];
  const papers = rows.filter(({ experiment }) => experiment !== scatteredStarts);
  const rest = rows.filter((row) => !papers.includes(row));
  const beside = rest.length === 0 ? [] : [sum(`all but ${scatteredStarts}`, papers), ...rest];
  return [...head, ...[...papers, ...beside, sum("all", rows)].map(line)].join("\n");
}

function sum(experiment: string, rows: readonly Cost[]): Cost {
  const total = (measure: (row: Cost) => number): number => rows.reduce((found, row) => found + measure(row), 0);
  return {
    experiment,
    runs: total(({ runs }) => runs),
    coreMinutes: total(({ coreMinutes }) => coreMinutes),
    fastestMinutes: total(({ fastestMinutes }) => fastestMinutes),
  };
}
