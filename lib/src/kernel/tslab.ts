import Module from "node:module";
import { dirname, join } from "node:path";
import nodeVm from "node:vm";

/** A compiled cell, as tslab's converter gives it. Without `output` there was nothing to run; with diagnostics, errors. */
export interface Converted {
  readonly output?: string;
  readonly declOutput?: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly hasToplevelAwait?: boolean;
  readonly lastExpressionVar?: string;
}

/** What TypeScript says of a cell; lines and characters count from 0. */
export interface Diagnostic {
  readonly start: { readonly line: number; readonly character: number };
  readonly messageText: string;
  readonly code: number;
  /** Of a file beside the notebook; undefined for the cell itself. */
  readonly fileName?: string;
}

export interface Converter {
  convert(declarations: string, source: string): Converted;
  close(): void;
}

/** The part of TypeScript's interface that is used here; tslab brings its own TypeScript. */
export type TypeScript = typeof import("@tslab/typescript-for-tslab");

export interface Executor {
  /** Whether the cell ran to its end; what went wrong goes to the console that the executor was made with. */
  execute(source: string): Promise<boolean>;
  inspect(source: string, position: number): object | undefined;
  complete(source: string, position: number): { start: number; end: number; candidates: string[] };
  /** Ends the wait for a cell; what it awaits goes on. */
  interrupt(): void;
  readonly locals: object;
  close(): void;
}

/** tslab's inner modules, as far as they are used. */
export interface Tslab {
  readonly typescript: TypeScript;
  readonly version: string;
  createConverter(options: { isJS: boolean; isBrowser: boolean }): Converter;
  createExecutor(
    folder: string,
    converters: { readonly node: Converter; readonly browser: Converter; close(): void },
    console: { log(value: unknown): void; error(...values: unknown[]): void },
  ): Executor;
  isCompleteCode(source: string): { completed: boolean; indent?: string };
  printQuickInfo(info: object): string;
  /** Its `lastWriteDisplayData` is what `tslab.display` and our own display write with. */
  readonly jupyter: { lastWriteDisplayData: unknown };
}

/** What tslab gets in place of what it would load. */
export interface Replacements {
  readonly typescript: (typescript: TypeScript) => Partial<TypeScript>;
  readonly vm: Partial<typeof nodeVm>;
}

/** Loads tslab with parts replaced. Nothing of it may have been loaded before. */
export function loadTslab({ typescript: replace, vm }: Replacements): Tslab {
  const folder = dirname(require.resolve("tslab/dist/main.js"));
  const load = Module.createRequire(join(folder, "main.js"));
  const compiler = load.resolve("@tslab/typescript-for-tslab");
  const typescript: TypeScript = load(compiler);
  load.cache[compiler]!.exports = { ...typescript, ...replace(typescript) };
  return {
    typescript,
    version: load("./util").getVersion(),
    createConverter: load("./converter").createConverter,
    createExecutor: withModule("vm", { ...nodeVm, ...vm }, () => load("./executor")).createExecutor,
    isCompleteCode: load("./converter").isCompleteCode,
    printQuickInfo: load("./inspect").printQuickInfo,
    jupyter: load("./jupyter"),
  };
}

/** What `load` gives when `require(name)` gives `replacement` meanwhile: modules of Node are in no cache. */
function withModule<T>(name: string, replacement: unknown, load: () => T): T {
  const loader = Module as unknown as { _load(request: string, ...more: unknown[]): unknown };
  const original = loader._load;
  loader._load = (request, ...more) => (request === name ? replacement : original.call(loader, request, ...more));
  try {
    return load();
  } finally {
    loader._load = original;
  }
}
