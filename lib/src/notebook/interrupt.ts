import { kernelDisplay } from "./kernel";

/** Jupyter interrupts a kernel by SIGINT; so there is one controller for all that runs in this process until the next. */
let controller: AbortController | undefined;

/**
 * A signal that aborts when the notebook's kernel is interrupted, with an `AbortError`; undefined outside a notebook,
 * where Ctrl-C ends the whole program. It serves until that interrupt: ask anew for every piece of work.
 */
export function interruptSignal(): AbortSignal | undefined {
  if (kernelDisplay() === undefined) return undefined;
  if (controller === undefined) {
    controller = new AbortController();
    const heed = (): void => {
      controller?.abort();
      controller = undefined;
    };
    // Not within a cell's first, synchronous part: there Node itself watches SIGINT, and would leave a listener that is
    // added meanwhile deaf, and the kernel to be killed by the next interrupt.
    setImmediate(() => process.once("SIGINT", heed));
  }
  return controller.signal;
}
