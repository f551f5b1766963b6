import { format } from "node:util";
import nodeVm from "node:vm";
import { type CellRecord, cellName } from "./cells";
import { createCompiler } from "./compiler";
import { describeDiagnostics, describePlain, describeThrown, type Failure } from "./failure";
import { isInterrupted } from "./running";
import { installStackTraces } from "./stack";
import { type StopRequest, stopHere } from "./stop-request";
import { type Executor, loadTslab, type Tslab } from "./tslab";
import { createLinks } from "./variables";

/** How a cell ended. A cell without a last expression, or whose is null or undefined, has no result. */
export type CellEnd =
  | { readonly kind: "done"; readonly result: unknown }
  | { readonly kind: "failed"; readonly failure: Failure };

/** The cells' world: tslab, mended. */
export interface Session {
  readonly tslab: Tslab;
  readonly executor: Executor;
  /** Runs a cell. Its number is what its errors name; one number is used for one cell only. */
  run(number: number, source: string): Promise<CellEnd>;
  /** Stops the running cell, giving what it awaits up to so many milliseconds to end by itself. */
  interrupt(patience: number): Promise<void>;
  describe(thrown: unknown): Failure;
}

const interrupted = describePlain("Interrupted", "the cell was interrupted; what it had recorded stays");

/**
 * Starts tslab for cells that work in `folder`; `searched` are folders of packages beyond those above it, and loops of
 * cells end when `stop` is urgent.
 */
export function createSession(
  folder: string,
  { searched, stop }: { readonly searched: readonly string[]; readonly stop: StopRequest },
): Session {
  const compiler = createCompiler(searched);
  const cells = new Map<number, CellRecord>();
  let current = { number: 0, promise: Promise.resolve() as Promise<unknown>, isInterrupted: false };
  let result: unknown;
  let complaints: unknown[][] = [];

  /** Runs a compiled cell under its name, with columns that do not count tslab's own words before its code. */
  const runInThisContext = (code: string, options: nodeVm.RunningCodeOptions): unknown => {
    const wrapper = /^\((async )?function\(exports, require\) \{ /.exec(code);
    if (wrapper === null) return nodeVm.runInThisContext(code, options);
    const { record, syntax } = compiler.latest()!;
    links.unlink(syntax.declared);
    if (record) cells.set(current.number, record);
    const named = { filename: cellName(current.number), columnOffset: -wrapper[0].length };
    const returned = nodeVm.runInThisContext(code, { ...options, ...named });
    current.promise = Promise.resolve(returned);
    return returned;
  };
  const tslab = loadTslab({ typescript: compiler.replace, vm: { runInThisContext } as Partial<typeof nodeVm> });
  const node = compiler.mend(tslab.createConverter({ isJS: false, isBrowser: false }));
  const executor = tslab.createExecutor(
    folder,
    { node, browser: node, close: node.close },
    { log: (value) => (result = value), error: (...values) => complaints.push(values) },
  );
  const links = createLinks(executor.locals);
  (globalThis as unknown as { __tslab__: object }).__tslab__ = {
    ...tslabGlobal(),
    link: links.link,
    stop,
    stopHere: () => stopHere(stop),
    stopIfInterrupted: () => isInterrupted() && stopHere(stop),
  };
  installStackTraces(cells);

  const failureOf = (source: string): Failure => {
    const [thrown, ...rest] = complaints[0];
    const { diagnostics = [] } = compiler.latest() ?? {};
    if (diagnostics.length > 0) return describeDiagnostics(diagnostics, source, current.number);
    if (rest.length > 0) return describePlain("TypeScriptError", complaints.map((one) => format(...one)).join("\n"));
    const isStopped = (thrown as { code?: string } | null)?.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
    if (isStopped) forgetHalfLoaded();
    return isStopped || current.isInterrupted ? interrupted : describeThrown(thrown, cells);
  };

  return {
    tslab,
    executor,
    async run(number, source) {
      current = { number, promise: Promise.resolve(), isInterrupted: false };
      [result, complaints] = [undefined, []];
      compiler.begin();
      const isDone = await executor.execute(source);
      if (isDone && complaints.length === 0) return { kind: "done", result };
      return { kind: "failed", failure: failureOf(source) };
    },
    async interrupt(patience) {
      const { promise } = current;
      current.isInterrupted = true;
      const end = promise.catch(() => undefined);
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve, patience))]);
      executor.interrupt();
    },
    describe: (thrown) => describeThrown(thrown, cells),
  };
}

function tslabGlobal(): object {
  return (globalThis as unknown as { __tslab__: object }).__tslab__;
}

/** Modules whose loading was cut off would stay as they are: the next import is to load them anew. */
function forgetHalfLoaded(): void {
  for (const [path, module] of Object.entries(require.cache)) if (module?.loaded === false) delete require.cache[path];
}
