import type { Connection } from "./connection";
import { owner, type RunningCell } from "./running";
import type { Tslab } from "./tslab";

/**
 * Sends what cells write on stdout and stderr, and what they display, to Jupyter: each to the cell that it belongs to,
 * also after the cell's end.
 */
export function installOutputs({ publish }: Connection, { jupyter }: Tslab): void {
  const tell = (type: string, content: object): void => tellOf(owner(), publish, type, content);
  process.stdout.write = writer((text) => tell("stream", { name: "stdout", text }));
  process.stderr.write = writer((text) => tell("stream", { name: "stderr", text }));
  jupyter.lastWriteDisplayData = (content: object, update: boolean) =>
    tell(update ? "update_display_data" : "display_data", content);
}

/** Publishes in the name of a cell, unless it is silent. */
export function tellOf(
  cell: RunningCell | undefined,
  publish: Connection["publish"],
  type: string,
  content: object,
): void {
  if (cell?.silent) return;
  publish(cell?.request, type, content);
}

function writer(tell: (text: string) => void): typeof process.stdout.write {
  const decoder = new TextDecoder();
  return (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    tell(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const done = rest.find((argument) => typeof argument === "function");
    if (done) process.nextTick(done as () => void);
    return true;
  };
}
