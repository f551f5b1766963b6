import { join } from "node:path";
import { projectRoot } from "../datasets/folder";
import type { GridRun } from "../experiments/part";
import { type GridProgress, type RecordedRun, runGrid } from "../experiments/run-grid";
import { openStore } from "../experiments/store";
import type { TrainProgress } from "../training/loop";
import { type Progress, progress } from "./progress";
import { commit, processor } from "./provenance";
import type { NotebookSettings } from "./settings";

/**
 * The runs of a grid, read where they are recorded and computed where not, with a live progress line. The paper's
 * records stand in `data/results/runs`, which is committed; those of quick looks in `data/quick`, which is not.
 *
 * @throws Error naming every run that failed
 */
export async function notebookRuns(grid: readonly GridRun[], settings: NotebookSettings): Promise<RecordedRun[]> {
  const store = openStore(join(projectRoot(), "data", ...(settings.quick ? ["quick"] : ["results", "runs"])));
  const provenance = { commit: commit(), machine: processor() };
  const display = gridDisplay();
  try {
    return await runGrid(grid, { store, rerun: settings.rerun, provenance, onProgress: display.show });
  } finally {
    display.finish();
  }
}

/** Counts only what has to be computed, so that rate and time left are true. */
function gridDisplay(): { show(state: GridProgress): void; finish(): void } {
  let line: Progress | undefined;
  let counted: number | undefined;
  return {
    show({ recorded, done, failed, total, inFlight }) {
      line ??= progress(describeRecorded(recorded, total), total - recorded);
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
