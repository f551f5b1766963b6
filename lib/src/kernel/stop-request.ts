import { executionAsyncResource } from "node:async_hooks";

/**
 * A request to stop what the main thread does, in memory that it shares with the control thread: the one place where an
 * interrupt can reach code that does not let go of the thread.
 */
export type StopRequest = Int32Array;

/** Nobody asks; asked, and not heard yet; not heard for long, so code is to stop where it stands; heard, not yet over. */
const [CALM, ASKED, URGENT, HEARD] = [0, 1, 2, 3];

export function createStopRequest(): StopRequest {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Asks, or asks again whether the main thread still listens. */
export function ask(request: StopRequest): void {
  Atomics.compareExchange(request, 0, CALM, ASKED);
  Atomics.compareExchange(request, 0, HEARD, ASKED);
}

/** Makes a request urgent that was not heard, and says what it was. */
export function urge(request: StopRequest): "over" | "unheard" | "heard" {
  const state = Atomics.compareExchange(request, 0, ASKED, URGENT);
  if (state === CALM) return "over";
  return state === HEARD ? "heard" : "unheard";
}

/** The main thread is free: it hears what is asked. */
export function hear(request: StopRequest): void {
  Atomics.compareExchange(request, 0, ASKED, HEARD);
  Atomics.compareExchange(request, 0, URGENT, HEARD);
}

/** What was to stop has stopped. */
export function calm(request: StopRequest): void {
  Atomics.store(request, 0, CALM);
}

/** What an interrupted loop throws. */
export class Interrupted extends Error {
  override readonly name: string = "Interrupted";
}

/** What loops of cells do when the request is urgent. They are told once; if they go on, once more a while later. */
export function stopHere(request: StopRequest): never {
  Atomics.compareExchange(request, 0, URGENT, ASKED);
  // A late interval would come again at once, again and again, before the main thread could hear anything.
  clearInterval(executionAsyncResource() as NodeJS.Timeout);
  throw new Interrupted("the cell was interrupted; what it had recorded stays");
}

/** JavaScript that is true while a request, by this name, is urgent; also in a function that was sent elsewhere as text. */
export function urgencyCode(name: string): string {
  return `typeof ${name} === "object" && ${name}[0] === ${URGENT}`;
}
