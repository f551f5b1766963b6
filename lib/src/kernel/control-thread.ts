/** The thread that listens on Jupyter's control channel and answers its heartbeat. No cell ever keeps it from that. */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { ControlOrder, ControlThreadData } from "./control";
import { hasEnded, type Parent } from "./end-with-parent";
import { decode } from "./messages";
import { ask, type StopRequest, urge } from "./stop-request";
import { loadZeromq, type Socket } from "./zeromq";

/** Milliseconds in which the main thread has to take up a request before what it does is stopped; then again and again. */
const patience = 250;

/** No message of Jupyter's: whether the main thread listens. */
const question: readonly Buffer[] = [];

/** What is not to wait for a cell. */
const urgent = ["interrupt_request", "shutdown_request"];

async function main(port: MessagePort, data: ControlThreadData): Promise<void> {
  const { key, stop, closed } = data;
  const { Router, Reply } = loadZeromq();
  const control = await open(Router, data.control);
  const heartbeat = await open(Reply, data.heartbeat);
  port.on("message", (order: ControlOrder) => {
    if (order.kind === "send") return void control.send(order.frames);
    for (const socket of [control, heartbeat]) socket.close();
  });
  endWithParent(data.parent);
  const beating = echo(heartbeat);
  port.postMessage(question);
  const pursuit = createPursuit(port, stop);
  for await (const frames of control) {
    if (urgent.includes(typeOf(key, frames))) pursuit.begin();
    port.postMessage(frames);
  }
  await beating;
  port.close();
  Atomics.store(closed, 0, 1);
  Atomics.notify(closed, 0);
}

async function open(kind: new () => Socket, address: string): Promise<Socket> {
  const socket = new kind();
  socket.linger = 1000;
  await socket.bind(address);
  return socket;
}

async function echo(heartbeat: Socket): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
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
function endWithParent(parent: Parent): void {
  let seconds = 0;
  setInterval(() => {
    if (hasEnded(parent) && ++seconds > 2) process.kill(process.pid, "SIGKILL");
  }, 1000).unref();
}

void main(parentPort!, workerData);
