import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Parent } from "./end-with-parent";
import { hear, type StopRequest } from "./stop-request";

/** What the control thread starts with. */
export interface ControlThreadData {
  /** Where the channels are opened. */
  readonly control: string;
  readonly heartbeat: string;
  /** What messages are signed with. */
  readonly key: string;
  readonly stop: StopRequest;
  readonly parent: Parent;
  /** Becomes 1 when the thread has closed its sockets. */
  readonly closed: Int32Array;
}

/** What the control thread is told to do. */
export type ControlOrder =
  | { readonly kind: "send"; readonly frames: readonly Uint8Array[] }
  | { readonly kind: "close" };

/** Jupyter's control channel. */
export interface Control {
  send(frames: readonly Buffer[]): void;
}

/**
 * Opens the control channel and the heartbeat in a thread of its own: `receive` gets each request on control when the main
 * thread is free, but an interrupt or a shutdown makes it free, by `stop`.
 */
export async function openControl(
  data: Omit<ControlThreadData, "closed">,
  receive: (frames: Buffer[]) => void,
): Promise<Control> {
  const closed = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: ControlThreadData = { ...data, closed };
  const thread = new Worker(join(__dirname, "control-thread.js"), { workerData });
  const tell = (order: ControlOrder): void => thread.postMessage(order);
  // zeromq ends the process badly when a thread still holds a socket, also one that it has only just opened.
  process.on("exit", () => {
    tell({ kind: "close" });
    Atomics.wait(closed, 0, 0, 1000);
  });
  await new Promise((resolve, reject) => {
    thread.once("message", resolve);
    thread.once("error", reject);
  });
  thread.on("message", (frames: Uint8Array[]) => {
    hear(data.stop);
    if (frames.length > 0) receive(frames.map((frame) => Buffer.from(frame)));
  });
  return { send: (frames) => tell({ kind: "send", frames }) };
}
