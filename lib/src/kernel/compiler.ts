import type { SourceMapPayload } from "node:module";
import type * as TS from "@tslab/typescript-for-tslab";
import { type CellRecord, type CompilerMaps, createCellRecord } from "./cells";
import { stoppableLoops } from "./stoppable-loops";
import { type CellSyntax, characterBefore, insert, readSyntax } from "./syntax";
import type { Converter, Diagnostic, TypeScript } from "./tslab";
import { linkingCode } from "./variables";

/** A cell after its compilation, which is also how far a cell with errors comes. */
export interface CompiledCell {
  readonly syntax: CellSyntax;
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined where there is nothing to run. */
  readonly record: CellRecord | undefined;
}

/** tslab's compiler with its defects mended from outside. */
export interface CellCompiler {
  /** For {@link loadTslab}: the TypeScript that tslab shall use. */
  replace(typescript: TypeScript): Partial<TypeScript>;
  /** The converter that the executor shall use. */
  mend(converter: Converter): Converter;
  /** Forgets what was compiled before: a new cell begins. */
  begin(): void;
  /** What the cell was compiled to; undefined where it has not been, as a module beside the cells. */
  latest(): CompiledCell | undefined;
}

/** `searched` are further folders in which packages' types are looked for, such as "/project/node_modules". */
export function createCompiler(searched: readonly string[]): CellCompiler {
  let ts: TypeScript;
  let maps: CompilerMaps | undefined;
  let latest: CompiledCell | undefined;
  return {
    replace(typescript) {
      ts = typescript;
      return {
        ...withCompilerOptions(typescript, compilerOptions(searched)),
        transpileModule(input, options) {
          const result = transpileWithMaps(typescript, input, options);
          maps = result.maps;
          return result.output;
        },
      };
    },
    mend: (converter) => ({
      ...converter,
      convert(declarations, source) {
        maps = undefined;
        const syntax = readSyntax(ts, source);
        const { insertions, awaits, variables } = syntax;
        const converted = converter.convert(declarations, insert(source, insertions));
        const diagnostics = converted.diagnostics.map((diagnostic) => moveBack(diagnostic, insertions));
        latest = { syntax, diagnostics, record: maps && createCellRecord(source, maps, insertions) };
        const output = converted.output && converted.output + linkingCode(variables);
        return { ...converted, output, diagnostics, hasToplevelAwait: awaits };
      },
    }),
    begin() {
      latest = undefined;
    },
    latest: () => latest,
  };
}

function compilerOptions(searched: readonly string[]): TS.CompilerOptions {
  const paths = searched.flatMap((folder) => [`${folder}/*`, `${folder}/@types/*`]);
  return { inlineSourceMap: true, ...(paths.length > 0 && { baseUrl: ".", paths: { "*": paths } }) };
}

function withCompilerOptions(typescript: TypeScript, more: TS.CompilerOptions): Partial<TypeScript> {
  type CreateHost = (files: string[], options: TS.CompilerOptions, ...rest: unknown[]) => unknown;
  const create = typescript.createWatchCompilerHost as CreateHost;
  const replacement: CreateHost = (files, options, ...rest) => create(files, { ...options, ...more }, ...rest);
  return { createWatchCompilerHost: replacement as TypeScript["createWatchCompilerHost"] };
}

const mapComment = /\n\/\/# sourceMappingURL=data:application\/json;(?:charset=utf-8;)?base64,([\w+/=]+)\s*$/;

/** tslab's second step, from ES modules to CommonJS, keeping its source map and that of the first. */
function transpileWithMaps(
  typescript: TypeScript,
  input: string,
  options: TS.TranspileOptions,
): { output: TS.TranspileOutput; maps: CompilerMaps | undefined } {
  const modules = mapComment.exec(input)?.[1];
  const compilerOptions = { ...options.compilerOptions, sourceMap: true };
  const transformers = { before: [stoppableLoops(typescript)] };
  const output = typescript.transpileModule(input.replace(mapComment, "\n"), {
    ...options,
    compilerOptions,
    transformers,
  });
  const outputText = output.outputText.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n");
  const parse = (text: string): SourceMapPayload => JSON.parse(text);
  const maps = modules && {
    modules: parse(Buffer.from(modules, "base64").toString("utf8")),
    commonJs: parse(output.sourceMapText!),
  };
  return { output: { ...output, outputText }, maps: maps || undefined };
}

function moveBack(diagnostic: Diagnostic, insertions: CellSyntax["insertions"]): Diagnostic {
  const { line, character } = diagnostic.start;
  if (diagnostic.fileName !== undefined) return diagnostic;
  return { ...diagnostic, start: { line, character: characterBefore(insertions, line, character) } };
}
