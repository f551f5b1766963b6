import { bar } from "../datasets/reporter";
import type { GridProgress } from "../experiments/grid-progress";
import { createDisplay, type ProgressOptions } from "./progress-display";
import { describeCounts, describeTraining, duration, latest } from "./progress-words";

/** The progress of a grid of runs in a notebook. */
export interface GridDisplay {
  show(progress: GridProgress): void;
  /** Shows the final state. Call it also after a failure. */
  finish(): void;
}

/** One display: what is done, rate, time left, and of a run in flight its loss, its accuracy and a curve of its loss. */
export function gridDisplay(label: string, options: ProgressOptions = {}): GridDisplay {
  const clock = options.clock ?? (() => performance.now());
  const display = createDisplay({ ...options, clock });
  const start = clock();
  const losses = new Map<string, number[]>();
  let last: GridProgress | null = null;
  return {
    show(progress) {
      last = progress;
      const { recorded, done, failed, total, inFlight } = progress;
      const [first] = keepLosses(losses, progress).filter(({ training }) => training !== null);
      const shown = first ?? inFlight[0];
      const news = shown?.training ? `${shown.label}: ${describeTraining(shown.training)}` : (shown?.label ?? "");
      const curve = latest(news, losses.get(shown?.label ?? "") ?? []);
      display.show(
        `${label} ${bar(recorded + done + failed, total)} ${describeCounts(progress)}${curve && ` · ${curve}`}`,
      );
    },
    finish() {
      if (last === null) return;
      const { recorded, done, failed, total } = last;
      const there = recorded + done;
      const counted = `${label}: ${there === total ? `all ${total}` : `${there} of ${total}`} runs recorded`;
      const plain = failed > 0 ? `${counted}, ${failed} failed` : counted;
      display.end(plain, done > 0 ? `${plain}, ${done} computed in ${duration((clock() - start) / 1000)}` : plain);
    },
  };
}

/** Adds the latest losses to the curves of runs in flight, and forgets those of runs that have ended. */
function keepLosses(losses: Map<string, number[]>, { inFlight }: GridProgress): GridProgress["inFlight"] {
  const labels = inFlight.map(({ label }) => label);
  for (const label of losses.keys()) if (!labels.includes(label)) losses.delete(label);
  for (const { label, training } of inFlight) {
    const own = losses.get(label) ?? [];
    losses.set(label, own);
    const loss = training?.loss ?? null;
    if (loss !== null && own[own.length - 1] !== loss) own.push(loss);
  }
  return inFlight;
}
