import { createDisplay, type ProgressOptions } from "./progress-display";
import { describeCourse, duration } from "./progress-words";

export type { ProgressOptions } from "./progress-display";

/** A running count of finished work. */
export interface Progress {
  /** One more piece is done; `message` says the latest news. */
  advance(message?: string): void;
  /** Shows news without counting: of a piece that is being worked on, and how much of it is done (0 … 1). */
  tell(message: string, part?: number): void;
  /** One more value of a curve that is drawn behind the news, such as a loss. */
  plot(value: number): void;
  /** Shows the final state. Call it also after a failure. */
  finish(): void;
}

/**
 * Shows how far `total` pieces of work have come, in one display that changes in place: done of total, rate, time left,
 * the latest news and a curve. Where it is shown, and what is left of it, is told at {@link createDisplay}.
 *
 * @throws RangeError for a total that is not a whole number ≥ 0, or another PSN_PROGRESS than "quiet" and "live"
 */
export function progress(label: string, total: number, options: ProgressOptions = {}): Progress {
  if (!Number.isInteger(total) || total < 0) {
    throw new RangeError(`progress: total ${total} is not a whole number ≥ 0`);
  }
  const clock = options.clock ?? (() => performance.now());
  const display = createDisplay({ ...options, clock });
  const start = clock();
  const seconds = (): number => (clock() - start) / 1000;
  const values: number[] = [];
  let [done, begun, news] = [0, 0, ""];
  const show = (): void => {
    const course = { done: Math.min(total, done + begun), total, seconds: seconds(), news, values };
    display.show(`${label} ${describeCourse(course)}`);
  };
  show();
  return {
    advance(message) {
      done++;
      [begun, news] = [0, message ?? news];
      show();
    },
    tell(message, part = 0) {
      [begun, news] = [part, message];
      show();
    },
    plot(value) {
      values.push(value);
      show();
    },
    finish() {
      if (total === 0) return display.end(`${label}: nothing left to do`);
      const counted = `${label}: ${done === total ? `all ${total}` : `${done} of ${total}`} done`;
      display.end(counted, `${counted} in ${duration(seconds())}`);
    },
  };
}
