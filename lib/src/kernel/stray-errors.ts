import { owner, type RunningCell } from "./running";
import { Interrupted } from "./stop-request";

/** An error that nobody waits for: a rejected promise without a handler, or what a timer's callback threw. */
export interface StrayError {
  readonly cell: RunningCell;
  readonly reason: unknown;
}

/** Notices stray errors. Those of a running cell are kept for its end; `onLate` gets the others at once. */
export function watchStrayErrors(onLate: (error: StrayError) => void): {
  /** The reasons of a cell's stray errors since the last call; a promise that got its handler late is none. */
  take(cell: RunningCell): unknown[];
} {
  const pending = new Map<unknown, StrayError>();
  const notice = (key: unknown, reason: unknown): void => {
    const cell = owner();
    if (cell === undefined) throw reason;
    const isStopped = reason instanceof Interrupted || (cell.state === "interrupted" && isAbort(reason));
    if (isStopped) return; // as it should
    if (cell.state === "running") pending.set(key, { cell, reason });
    else onLate({ cell, reason });
  };
  process.on("unhandledRejection", (reason, promise) => notice(promise, reason));
  process.on("rejectionHandled", (promise) => void pending.delete(promise));
  process.on("uncaughtException", (error) => notice({}, error));
  return {
    take(cell) {
      const own = [...pending].filter(([, error]) => error.cell === cell);
      for (const [key] of own) pending.delete(key);
      return own.map(([, { reason }]) => reason);
    },
  };
}

function isAbort(reason: unknown): boolean {
  return reason instanceof Error && reason.name === "AbortError";
}
