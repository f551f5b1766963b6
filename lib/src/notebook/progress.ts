import { randomUUID } from "node:crypto";
import { kernelDisplay } from "./kernel";

/** A running count of finished work. */
export interface Progress {
  /** One more piece is done; `message` says the latest news. */
  advance(message?: string): void;
  /** Shows news without counting. */
  tell(message: string): void;
  /** Shows the final state. Call it also after a failure. */
  finish(): void;
}

/** What a progress display needs of the world; the default is the real one. */
export interface ProgressOptions {
  /** Milliseconds, rising. */
  readonly clock?: () => number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Updates closer together than this many milliseconds are left out. */
const pause = 200;

/**
 * Shows how far `total` pieces of work have come: in a notebook one display that changes in place, in a terminal one line
 * on stderr, elsewhere, or with `PSN_PROGRESS=quiet`, a single line at the end that holds no times, so that a
 * notebook executed twice is saved the same.
 *
 * @throws RangeError for a total that is not a whole number ≥ 0, or another PSN_PROGRESS than "quiet" and "live"
 */
export function progress(label: string, total: number, options: ProgressOptions = {}): Progress {
  if (!Number.isInteger(total) || total < 0) {
    throw new RangeError(`progress: total ${total} is not a whole number ≥ 0`);
  }
  const clock = options.clock ?? (() => performance.now());
  const { update, end } = choosePainter(options.environment ?? process.env);
  const start = clock();
  let done = 0;
  let latest = "";
  let painted = Number.NEGATIVE_INFINITY;
  let isFinished = false;
  const paint = (): void => {
    const now = clock();
    if (isFinished || (now - painted < pause && done < total)) return;
    painted = now;
    update(describe({ label, done, total, seconds: (now - start) / 1000, latest }));
  };
  paint();
  return {
    advance(message) {
      done++;
      latest = message ?? latest;
      paint();
    },
    tell(message) {
      latest = message;
      paint();
    },
    finish() {
      if (isFinished) return;
      isFinished = true;
      const seconds = (clock() - start) / 1000;
      const counted = `${label}: ${done === total ? `all ${total}` : `${done} of ${total}`} done`;
      if (total === 0) end(`${label}: nothing left to do`, `${label}: nothing left to do`);
      else end(counted, `${counted} in ${duration(seconds)}`);
    },
  };
}

interface State {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
  readonly latest: string;
}

function describe({ label, done, total, seconds, latest }: State): string {
  const filled = total === 0 ? 20 : Math.round((20 * done) / total);
  const bar = "█".repeat(filled) + "░".repeat(20 - filled);
  const perMinute = seconds > 0 ? (60 * done) / seconds : 0;
  const left =
    done > 0 ? `, ${perMinute.toPrecision(2)} a minute, ${duration((seconds / done) * (total - done))} left` : "";
  return `${label} ${bar} ${done}/${total}${left}${latest === "" ? "" : ` · ${latest}`}`;
}

/** 42 s, 3 min 05 s, 2 h 07 min. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Where progress is painted: `end` gets the last words without and with times. */
interface Painter {
  update(text: string): void;
  end(plain: string, timed: string): void;
}

function choosePainter(environment: Readonly<Record<string, string | undefined>>): Painter {
  const asked = environment.PSN_PROGRESS ?? "live";
  if (asked !== "live" && asked !== "quiet") {
    throw new RangeError(`PSN_PROGRESS is "${asked}"; set it to live or quiet, or leave it unset`);
  }
  if (asked === "live" && kernelDisplay() !== undefined) return notebookPainter();
  if (asked === "live" && kernelDisplay() === undefined && process.stderr.isTTY) return terminalPainter();
  return { update: () => undefined, end: (plain) => console.log(plain) };
}

function notebookPainter(): Painter {
  const display = { display_id: randomUUID() };
  let isShown = false;
  const update = (text: string): void => {
    kernelDisplay()?.({ data: { "text/plain": text }, metadata: {}, transient: display }, isShown);
    isShown = true;
  };
  return { update, end: (_, timed) => update(timed) };
}

function terminalPainter(): Painter {
  const update = (text: string): void => {
    process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  return { update, end: (_, timed) => process.stderr.write(`\r\u001b[K${timed}\n`) };
}
