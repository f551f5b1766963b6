import type { GridProgress } from "../experiments/grid-progress";
import { duration } from "../notebook/progress";

/** The progress of a grid on a terminal or in a log. */
export interface GridLine {
  show(progress: GridProgress): void;
  /** Leaves the last state standing. */
  end(): void;
}

/** What a {@link GridLine} writes to. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
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

/** "42 of 300 runs done, 12 a minute, 21 min 30 s left · ERK, 90 %, seed 3: step 2810 of 9380 · …" */
export function describeGrid(progress: GridProgress): string {
  const { recorded, done, failed, total, elsewhere, perMinute, secondsLeft, inFlight } = progress;
  const counts = [
    `${recorded + done} of ${total} runs done${recorded > 0 ? ` (${recorded} found recorded)` : ""}`,
    `${failed} failed`,
    ...(elsewhere > 0 ? [`${elsewhere} in another process`] : []),
    ...(perMinute === null ? [] : [`${perMinute < 10 ? perMinute.toFixed(1) : Math.round(perMinute)} a minute`]),
    ...(secondsLeft ? [`${duration(secondsLeft)} left`] : []),
  ];
  const running = inFlight.map(({ label, training }) =>
    training === null ? label : `${label}: ${Math.floor((100 * training.step) / training.steps)} %`,
  );
  return [counts.join(", "), ...running].join(" · ");
}
