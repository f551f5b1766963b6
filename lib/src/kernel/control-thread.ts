/** The thread that listens on Jupyter's control channel. It is never kept from it by a cell. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { ControlOrder, ControlThreadData } from "./control";
import { decode } from "./messages";
import { ask, type StopRequest, urge } from "./stop-request";
import { loadZeromq } from "./zeromq";

/** Milliseconds in which the main thread has to take up a request before what it does is stopped; then again and again. */
const patience = 250;

/** No message of Jupyter's: whether the main thread listens. */
const question: readonly Buffer[] = [];

/** What is not to wait for a cell. */
const urgent = ["interrupt_request", "shutdown_request"];

async function main(port: MessagePort, { address, key, stop, closed }: ControlThreadData): Promise<void> {
  const socket = new (loadZeromq().Router)();
  socket.linger = 1000;
  await socket.bind(address);
  port.on("message", (order: ControlOrder) => {
    if (order.kind === "send") return void socket.send(order.frames);
    socket.close();
    port.close();
    Atomics.store(closed, 0, 1);
    Atomics.notify(closed, 0);
  });
  endWithParent();
  port.postMessage(question);
  const pursuit = createPursuit(port, stop);
  for await (const frames of socket) {
    if (urgent.includes(typeOf(key, frames))) pursuit.begin();
    port.postMessage(frames);
  }
}

/** Sees to it that the main thread takes up what was asked, and that what it then waits for does not block it again. */
function createPursuit(port: MessagePort, stop: StopRequest): { begin(): void } {
  let timer: NodeJS.Timeout | undefined;
  let unheard = 0;
  const look = (): void => {
    const state = urge(stop);
    if (state === "over") clearInterval(timer);
    unheard = state === "unheard" ? unheard + 1 : 0;
    // What is no loop of a cell, as a long computation of a package, ends by this in a cell's part before its first await.
    if (unheard === 2 && process.platform !== "win32") process.kill(process.pid, "SIGINT");
    if (state !== "heard") return;
    ask(stop);
    port.postMessage(question);
  };
  return {
    begin() {
      ask(stop);
      clearInterval(timer);
      unheard = 0;
      timer = setInterval(look, patience);
    },
  };
}

/** A message that is not signed is of no type; the main thread tells of it. */
function typeOf(key: string, frames: readonly Buffer[]): string {
  try {
    return decode(key, frames).header.msg_type;
  } catch {
    return "";
  }
}

/** The main thread ends itself with Jupyter; this ends it when it cannot. */
function endWithParent(): void {
  const parent = process.ppid;
  let seconds = 0;
  setInterval(() => {
    if (process.ppid !== parent && ++seconds > 2) process.kill(process.pid, "SIGKILL");
  }, 1000).unref();
}

void main(parentPort!, workerData);
