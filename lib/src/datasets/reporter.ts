/** Who is told how a download goes. */
export interface Reporter {
  /** News, such as where a file came from. */
  note(text: string): void;
  /** Trouble that was overcome, such as a retry or a damaged file. */
  warn(text: string): void;
  /** `done` of `total` bytes of the file `label` are there. */
  progress(label: string, done: number, total: number): void;
}

/** What progress is written to, such as a terminal or a log. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Files below this size come too fast for their progress to be worth a line in a log. */
const worthLogging = 4 * 2 ** 20;

/** One updating line on a terminal; elsewhere (logs, notebooks) a line for each tenth of a large file. */
export function terminalReporter(screen: Screen = process.stderr): Reporter {
  let openLine = false;
  let logged = "";
  const endLine = (): void => {
    if (openLine) screen.write("\n");
    openLine = false;
  };
  const line = (text: string): void => {
    endLine();
    screen.write(`${text}\n`);
  };
  return {
    note: line,
    warn: line,
    progress(label, done, total) {
      const percent = Math.floor((100 * done) / total);
      const tenth = `${label} ${screen.isTTY ? percent : percent - (percent % 10)} %`;
      if (tenth === logged || (!screen.isTTY && total < worthLogging)) return;
      logged = tenth;
      if (!screen.isTTY) {
        screen.write(`${tenth} of ${megabytes(total)}\n`);
        return;
      }
      screen.write(`\r${progressLine(label, percent, total).slice(0, (screen.columns ?? 80) - 1)}`);
      openLine = true;
      if (done === total) endLine();
    },
  };
}

/** Only the trouble that `reporter` would tell. */
export function quietReporter(reporter: Reporter = terminalReporter()): Reporter {
  return { note: () => {}, warn: reporter.warn, progress: () => {} };
}

function progressLine(label: string, percent: number, total: number): string {
  return `${bar(percent, 100)} ${String(percent).padStart(3)} % of ${megabytes(total)}  ${label}`;
}

/** "██████░░░░░░░░░░░░░░" */
export function bar(done: number, total: number): string {
  const filled = total === 0 ? 20 : Math.floor((20 * done) / total);
  return "█".repeat(filled) + "░".repeat(20 - filled);
}

/** A size as one reads it, in decimal megabytes. */
export function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`;
}
