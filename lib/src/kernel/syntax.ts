import type * as TS from "@tslab/typescript-for-tslab";
import type { TypeScript } from "./tslab";

/** A text put into a line of a cell; lines and characters count from 0. */
export interface Insertion {
  readonly line: number;
  readonly character: number;
  readonly text: string;
}

/** What a cell's source holds, as far as tslab needs help with it. */
export interface CellSyntax {
  /** `await` or `for await` outside of all functions. */
  readonly awaits: boolean;
  /** All names that its top level declares. */
  readonly declared: readonly string[];
  /** Those of them that can be assigned again: `let` and `var`. */
  readonly variables: readonly string[];
  /** What spells out `{y}` as `{y: y}`. */
  readonly insertions: readonly Insertion[];
}

/** Tells the parser that this is a module, in which a top-level `await` is no name; on the line before the first. */
const modulePrefix = "export {};\n";

export function readSyntax(ts: TypeScript, source: string): CellSyntax {
  const file = ts.createSourceFile("cell.ts", modulePrefix + source, ts.ScriptTarget.ES2022, false);
  const insertions: Insertion[] = [];
  let awaits = false;
  const visit = (node: TS.Node, isTop: boolean): void => {
    if (isTop && (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier))) awaits = true;
    if (ts.isShorthandPropertyAssignment(node)) {
      const { line, character } = file.getLineAndCharacterOfPosition(node.name.getStart(file));
      insertions.push({ line: line - 1, character, text: `${node.name.text}: ` });
    }
    const inside = isTop && !ts.isFunctionLike(node) && !ts.isClassLike(node);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(file, true);
  const names = file.statements.flatMap((statement) => declaredNames(ts, statement));
  return {
    awaits,
    insertions,
    declared: names.map(({ name }) => name),
    variables: names.filter(({ isVariable }) => isVariable).map(({ name }) => name),
  };
}

interface DeclaredName {
  readonly name: string;
  readonly isVariable: boolean;
}

function declaredNames(ts: TypeScript, statement: TS.Statement): DeclaredName[] {
  if (ts.isVariableStatement(statement)) {
    const isVariable = (statement.declarationList.flags & ts.NodeFlags.Const) === 0;
    const isAmbient = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
    const names = statement.declarationList.declarations.flatMap(({ name }) => boundNames(ts, name));
    return isAmbient ? [] : names.map((name) => ({ name, isVariable }));
  }
  const named =
    ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement);
  if (named && statement.name) return [{ name: statement.name.text, isVariable: false }];
  if (!ts.isImportDeclaration(statement)) return [];
  const clause = statement.importClause;
  const bindings = clause?.namedBindings;
  const others = bindings === undefined ? [] : ts.isNamespaceImport(bindings) ? [bindings] : [...bindings.elements];
  return [...(clause?.name ? [clause] : []), ...others].map(({ name }) => ({ name: name!.text, isVariable: false }));
}

function boundNames(ts: TypeScript, name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(ts, element.name)));
}

/** The source with the insertions made; its lines stay where they are. */
export function insert(source: string, insertions: readonly Insertion[]): string {
  if (insertions.length === 0) return source;
  const lines = source.split("\n");
  for (const { line, character, text } of [...insertions].reverse()) {
    lines[line] = lines[line].slice(0, character) + text + lines[line].slice(character);
  }
  return lines.join("\n");
}

/** Where a character of the changed source stood in the original. */
export function characterBefore(insertions: readonly Insertion[], line: number, character: number): number {
  let shift = 0;
  for (const insertion of insertions) {
    if (insertion.line !== line || insertion.character + shift > character) continue;
    shift += Math.min(insertion.text.length, character - insertion.character - shift);
  }
  return character - shift;
}
