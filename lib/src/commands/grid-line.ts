import type { Screen } from "../datasets/reporter";
import type { GridProgress } from "../experiments/grid-progress";
import { describeCounts, describeTraining } from "../notebook/progress-words";

/** The progress of a grid on a terminal or in a log. */
export interface GridLine {
  show(progress: GridProgress): void;
  /** Leaves the last state standing. */
  end(): void;
}

/** Milliseconds between two lines in a log, and between two changes of the line on a terminal. */
const pauses = { log: 10_000, terminal: 200 };

/** One line that changes in place on a terminal; elsewhere a line every ten seconds. */
export function createGridLine(screen: Screen, clock: () => number = () => performance.now()): GridLine {
  const pause = screen.isTTY ? pauses.terminal : pauses.log;
  let shown = Number.NEGATIVE_INFINITY;
  let latest: GridProgress | null = null;
  const write = (progress: GridProgress): void => {
    const text = describeGrid(progress);
    if (screen.isTTY) screen.write(`\r\u001b[K${text.slice(0, (screen.columns ?? 80) - 1)}`);
    else screen.write(`${text}\n`);
  };
  return {
    show(progress) {
      latest = progress;
      if (clock() - shown < pause) return;
      shown = clock();
      write(progress);
    },
    end() {
      if (latest !== null) write({ ...latest, inFlight: [] });
      if (latest !== null && screen.isTTY) screen.write("\n");
    },
  };
}

/** "42 of 300 runs done, 0 failed, 12 a minute, 21 min 30 s left · ERK, 90 %, seed 3: 29 %, loss 0.312 · …" */
export function describeGrid(progress: GridProgress): string {
  const running = progress.inFlight.map(({ label, training }) =>
    training === null ? label : `${label}: ${describeTraining(training)}`,
  );
  return [describeCounts(progress), ...running].join(" · ");
}
