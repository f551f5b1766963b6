import { setImmediate as turn } from "node:timers/promises";
import type { Bundle } from "../notebook/figure-bundle";
import type { Connection } from "./connection";
import type { Failure } from "./failure";
import { createHistory, type History } from "./history";
import type { Message } from "./messages";
import { tellOf } from "./outputs";
import { resultBundle } from "./result";
import { type RunningCell, runWithin } from "./running";
import type { Session } from "./session";
import { calm, type StopRequest } from "./stop-request";
import { watchStrayErrors } from "./stray-errors";

/** What `execute_reply` says. */
export type ExecuteReply = { readonly status: "ok" | "error" } & Readonly<Record<string, unknown>>;

/** Executes cells, one after the other. */
export interface Execution {
  readonly history: History;
  /** Executes what an `execute_request` holds, and tells its outputs. */
  execute(request: Message): Promise<ExecuteReply>;
  running(): RunningCell | undefined;
  interrupt(): void;
}

/** An interrupted cell gets this long to end what it awaits, in milliseconds; then it is left alone. */
const patience = 600;

export function createExecution(session: Session, { publish }: Connection, stop: StopRequest): Execution {
  const history = createHistory();
  let count = 0;
  let running: RunningCell | undefined;
  /** Failures of cells that had ended, which the next cell has to tell: some frontends listen only to the current one. */
  let owed: Failure[] = [];
  const strays = watchStrayErrors(({ cell, reason }) => {
    const failure = unawaited(session.describe(reason));
    tellOf(cell, publish, "error", failure);
    owed.push({ ...failure, evalue: `un-awaited in cell [${cell.number}]: ${failure.evalue}` });
  });

  /** What went wrong in a cell, or its result as it is to be shown. */
  const run = async (cell: RunningCell, code: string): Promise<{ failure?: Failure; shown?: Bundle }> => {
    const end = await session.run(cell.number, code);
    const bundle = end.kind === "done" ? await show(end.result) : { failure: end.failure };
    await turn(); // what is rejected by now, without a handler, is this cell's fault
    const stray = strays.take(cell).map((reason) => unawaited(session.describe(reason)));
    const failures = [...("failure" in bundle ? [bundle.failure] : []), ...stray, ...owed];
    owed = [];
    return failures.length > 0
      ? { failure: combine(failures) }
      : { shown: "shown" in bundle ? bundle.shown : undefined };
  };
  const show = async (result: unknown): Promise<{ shown?: Bundle } | { failure: Failure }> => {
    if (result === undefined || result === null) return {};
    try {
      return { shown: await resultBundle(result) };
    } catch (error) {
      return { failure: session.describe(error) };
    }
  };

  return {
    history,
    async execute(request) {
      const { code, silent, isRemembered } = readRequest(request);
      if (isRemembered) history.add(++count, code);
      const cell: RunningCell = { number: isRemembered ? count : 0, request, silent, state: "running" };
      running = cell;
      const tell = (type: string, content: object): void => tellOf(cell, publish, type, content);
      tell("execute_input", { code, execution_count: count });
      const fail = (failure: Failure): ExecuteReply => {
        tell("error", failure);
        return { status: "error", execution_count: count, ...failure };
      };
      try {
        const { failure, shown } = await runWithin(cell, () => run(cell, code));
        if (failure) return fail(failure);
        if (shown) tell("execute_result", { execution_count: count, ...shown });
        return { status: "ok", execution_count: count, payload: [], user_expressions: {} };
      } catch (error) {
        return fail(session.describe(error)); // a result that no message can hold
      } finally {
        if (cell.state === "running") cell.state = "ended";
        running = undefined;
        calm(stop);
      }
    },
    running: () => running,
    interrupt() {
      if (running === undefined) calm(stop);
      if (running?.state !== "running") return;
      running.state = "interrupted";
      void session.interrupt(patience);
    },
  };
}

function readRequest({ content }: Message): { code: string; silent: boolean; isRemembered: boolean } {
  const { code, silent = false, store_history = true } = content;
  return { code: String(code), silent: silent === true, isRemembered: silent !== true && store_history === true };
}

function unawaited(failure: Failure): Failure {
  const hint = "Nothing awaits this error: write `await` before the promise that it comes from, or catch it.";
  return { ...failure, traceback: [...failure.traceback, hint] };
}

/** The first failure, with the tracebacks of all. */
function combine([first, ...more]: readonly Failure[]): Failure {
  if (more.length === 0) return first;
  const rest = more.flatMap(({ ename, evalue, traceback }) => ["", `Also ${ename}: ${evalue}`, ...traceback.slice(1)]);
  return { ...first, traceback: [...first.traceback, ...rest] };
}
