import type { NotebookEvent } from "./execute";

/** One line that tells how far a notebook is. */
export interface ProgressLine {
  show(event: NotebookEvent): void;
  /** Ends the line with a last word. */
  end(word: string): void;
}

/** Where nothing can be overwritten (a log), a line is added at most this often. */
const logMilliseconds = 30_000;

/** A line that is rewritten in place on a terminal, and repeated now and then in a log. */
export function createProgressLine(name: string, stream: NodeJS.WriteStream): ProgressLine {
  const started = performance.now();
  let logged = started;
  let at = "starting";
  let said = "";
  const line = (): string => `${name}  ${clock(performance.now() - started)}  ${at}${said && `  ${said}`}`;
  const draw = (): void => {
    const width = (stream.columns ?? 80) - 1;
    stream.write(`\r\u001b[K${line().slice(0, width)}`);
  };
  const tick = (): void => {
    if (stream.isTTY) draw();
    else if (performance.now() - logged >= logMilliseconds) {
      logged = performance.now();
      stream.write(`${line()}\n`);
    }
  };
  const timer = setInterval(tick, 1000);
  if (!stream.isTTY) stream.write(`${line()}\n`);
  return {
    show(event) {
      if (event.event === "cell") {
        at = `cell ${event.number} of ${event.of}`;
        said = "";
      } else {
        said = lastLine(event.text) || said;
      }
      if (stream.isTTY) draw();
    },
    end(word) {
      clearInterval(timer);
      if (stream.isTTY) stream.write("\r\u001b[K");
      stream.write(`${name}  ${clock(performance.now() - started)}  ${word}\n`);
    },
  };
}

/** Minutes and seconds, "3:07". */
function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return (lines[lines.length - 1] ?? "").trim();
}
