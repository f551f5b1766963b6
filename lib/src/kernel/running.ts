import { AsyncLocalStorage } from "node:async_hooks";
import type { Message } from "./messages";

/** A cell that runs or ran. */
export interface RunningCell {
  /** What its errors name; 0 for code that is not to be remembered. */
  readonly number: number;
  readonly request: Message;
  /** Nothing that it writes or shows is told. */
  readonly silent: boolean;
  state: "running" | "ended" | "interrupted";
}

const cells = new AsyncLocalStorage<RunningCell>();
let latest: RunningCell | undefined;

/** Runs a cell: whatever it starts knows, also after its end, that it belongs to the cell. */
export function runWithin<T>(cell: RunningCell, run: () => T): T {
  latest = cell;
  return cells.run(cell, run);
}

/** Whether the running code belongs to a cell that was interrupted. */
export function isInterrupted(): boolean {
  return cells.getStore()?.state === "interrupted";
}

/** The cell that the running code belongs to; where that is not known, the one that began last. */
export function owner(): RunningCell | undefined {
  return cells.getStore() ?? latest;
}
