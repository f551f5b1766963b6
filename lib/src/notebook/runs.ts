import { join } from "node:path";
import { projectRoot } from "../datasets/folder";
import { type ExperimentName, experimentParts } from "../experiments/experiments";
import { identify } from "../experiments/identify";
import { type ExperimentPart, type PaperRun, secondStage } from "../experiments/part";
import { openRecords, openResults } from "../experiments/results";
import { type GridProgress, runGrid } from "../experiments/run-grid";
import { openStore, type RecordStore } from "../experiments/store";
import type { TrainProgress } from "../training/loop";
import { interruptSignal } from "./interrupt";
import { type Progress, progress } from "./progress";
import { commit, processor } from "./provenance";
import type { NotebookSettings } from "./settings";

/** The data sets of a quick look: one, and what the published anchors are about. */
const quickDataset: Readonly<Partial<Record<ExperimentName, string>>> = { anchors: "mnist" };

/**
 * The runs of an experiment. The paper's are read from `data/results`, which is committed, and `data/runs`, where
 * `psn run` puts new ones; what is missing is said, with the command that computes it, and computed only when
 * `settings.rerun` asks for it. A quick look is computed at once and kept in `data/quick`.
 *
 * @throws Error naming every run that failed
 */
export async function paperRuns(experiment: ExperimentName, settings: NotebookSettings): Promise<PaperRun[]> {
  const { quick, rerun } = settings;
  const dataset = quickDataset[experiment] ?? "fashion-mnist";
  const parts = experimentParts({ experiments: [experiment], quick, ...(quick && { dataset, protocol: "plain" }) });
  const records = await openPaperRecords(settings, parts);
  if (!quick && !rerun) return recordedRuns(experiment, parts, records);
  const runs: PaperRun[] = [];
  for (const part of parts) runs.push(...(await computedRuns(part, records, rerun)));
  return runs;
}

async function openPaperRecords({ quick }: NotebookSettings, parts: readonly ExperimentPart[]): Promise<RecordStore> {
  const data = join(projectRoot(), "data");
  if (quick) return openStore(join(data, "quick"));
  const ids = parts.flatMap((part) => identify(part.runs).map(({ id }) => id));
  const results = await openResults({ folder: join(data, "results"), ids });
  return openRecords({ results, store: openStore(process.env.PSN_STORE ?? join(data, "runs")) });
}

function recordedRuns(experiment: string, parts: readonly ExperimentPart[], records: RecordStore): PaperRun[] {
  let missing = 0;
  const runs = parts.flatMap((part): PaperRun[] => {
    const { protocol } = part;
    return identify([...part.runs, ...secondStage(part, records).runs]).flatMap(({ label, id }) => {
      const record = records.read(id);
      if (record === null) missing++;
      return record === null ? [] : [{ label, record, experiment, protocol }];
    });
  });
  const rest = missing === 0 ? "" : `; ${missing} are not recorded: \`npm run psn -- run ${experiment}\` computes them`;
  console.log(`${experiment}: ${runs.length} runs, read from data/results${rest}`);
  return runs;
}

/** The runs of a part, computed where they have no record, or all of them anew. */
async function computedRuns(part: ExperimentPart, store: RecordStore, rerun: boolean): Promise<PaperRun[]> {
  const { experiment, protocol } = part;
  const provenance = { commit: commit(), machine: processor() };
  const compute = async (runs: ExperimentPart["runs"]): Promise<PaperRun[]> => {
    const display = gridDisplay(part.name);
    try {
      const options = { store, rerun, provenance, onProgress: display.show, signal: interruptSignal() };
      const recorded = await runGrid(runs, options);
      return recorded.map((run) => ({ ...run, experiment, protocol }));
    } finally {
      display.finish();
    }
  };
  const first = await compute(part.runs);
  return part.secondStage === undefined ? first : [...first, ...(await compute(part.secondStage(first)))];
}

/** Counts only what has to be computed, so that rate and time left are true. */
function gridDisplay(name: string): { show(state: GridProgress): void; finish(): void } {
  let line: Progress | undefined;
  let counted: number | undefined;
  return {
    show({ recorded, done, failed, total, inFlight }) {
      line ??= progress(`${name}: ${describeRecorded(recorded, total)}`, total - recorded);
      counted ??= recorded;
      for (; counted < recorded + done + failed; counted++) line.advance();
      const [run] = inFlight;
      if (run?.training) line.tell(`${run.label}${describeTraining(run.training)}`);
    },
    finish: () => line?.finish(),
  };
}

function describeRecorded(recorded: number, total: number): string {
  if (recorded === 0) return `${total} runs`;
  return recorded === total ? `${total} runs, all recorded` : `${total} runs, ${recorded} of them recorded`;
}

function describeTraining({ step, steps, loss, accuracy }: TrainProgress): string {
  const lossText = loss === null ? "" : `, loss ${loss.toFixed(3)}`;
  const accuracyText = accuracy === null ? "" : `, accuracy ${(100 * accuracy).toFixed(1)} %`;
  return `: step ${step} of ${steps}${lossText}${accuracyText}`;
}
