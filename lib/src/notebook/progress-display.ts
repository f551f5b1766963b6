import { randomUUID } from "node:crypto";
import { kernelDisplay } from "./kernel";

/** A text that changes in place while work goes on, and the last words that replace it. */
export interface ProgressDisplay {
  show(text: string): void;
  /** `timed` stays instead of `plain` where somebody looks on. */
  end(plain: string, timed?: string): void;
}

/** What a display needs of the world; the default is the real one. */
export interface ProgressOptions {
  /** Milliseconds, rising. */
  readonly clock?: () => number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Changes closer together than this many milliseconds are left out. */
const pause = 200;

/**
 * In a notebook one output that changes in place, in a terminal one line on stderr; elsewhere only the last words are
 * said. With `PSN_PROGRESS=quiet` those hold no times, so that a notebook executed twice is saved the same: its display
 * changes as ever, for whoever executes it, but the last words are what is saved. This project's kernel sets it by itself
 * for frontends without stdin, such as nbconvert; under tslab as it comes, set it there.
 *
 * @throws RangeError for another PSN_PROGRESS than "quiet" and "live"
 */
export function createDisplay({ clock, environment }: ProgressOptions = {}): ProgressDisplay {
  const now = clock ?? (() => performance.now());
  const quiet = isQuiet(environment);
  const paint = choosePainter(quiet);
  let painted = Number.NEGATIVE_INFINITY;
  let isOver = false;
  return {
    show(text) {
      if (isOver || now() - painted < pause) return;
      painted = now();
      paint?.(text, false);
    },
    end(plain, timed = plain) {
      if (isOver) return;
      isOver = true;
      if (paint) paint(quiet ? plain : timed, true);
      else console.log(plain);
    },
  };
}

/** Whether PSN_PROGRESS asks that what is left behind shall not hang on the machine or the clock. */
export function isQuiet(environment: Readonly<Record<string, string | undefined>> = process.env): boolean {
  const asked = environment.PSN_PROGRESS ?? "live";
  if (asked === "live" || asked === "quiet") return asked === "quiet";
  throw new RangeError(`PSN_PROGRESS is "${asked}"; set it to live or quiet, or leave it unset`);
}

type Painter = (text: string, isLast: boolean) => void;

function choosePainter(quiet: boolean): Painter | null {
  if (kernelDisplay() !== undefined) return notebookPainter();
  return process.stderr.isTTY && !quiet ? paintTerminal : null;
}

function notebookPainter(): Painter {
  const transient = { display_id: randomUUID() };
  let isShown = false;
  return (text) => {
    kernelDisplay()?.({ data: { "text/plain": text }, metadata: {}, transient }, isShown);
    isShown = true;
  };
}

function paintTerminal(text: string, isLast: boolean): void {
  const fitting = isLast ? `${text}\n` : text.slice(0, (process.stderr.columns ?? 80) - 1);
  process.stderr.write(`\r\u001b[K${fitting}`);
}
