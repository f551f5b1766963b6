import { join } from "node:path";
import type { DisplayMessage } from "psn/dist/notebook/kernel";

const kernelModule = join("/", "somewhere", "node_modules", "tslab", "dist", "jupyter.js");

/** What a notebook was sent, in order. */
export interface Sent {
  readonly message: DisplayMessage;
  readonly update: boolean;
}

/** Makes this process look like a tslab kernel, a loaded tslab with a live writer, until `leaveKernel`. */
export function pretendKernel(): Sent[] {
  const sent: Sent[] = [];
  const write = (message: DisplayMessage, update: boolean): void => void sent.push({ message, update });
  require.cache[kernelModule] = { exports: { lastWriteDisplayData: write } } as unknown as NodeJS.Module;
  return sent;
}

export function leaveKernel(): void {
  delete require.cache[kernelModule];
}
