import type * as TS from "@tslab/typescript-for-tslab";
import { urgencyCode } from "./stop-request";
import type { TypeScript } from "./tslab";

/** The names by which compiled cells know the request to stop, and what to do then. */
const [request, stop, stopIfInterrupted] = ["__tslab_stop", "__tslab_stopHere", "__tslab_stopIfInterrupted"];

/**
 * Lets every turn of a cell's loops begin with a look at the request to stop. V8 can end running code by itself only in
 * the part of a cell before its first await: what runs later is called by Node, whose own bookkeeping would be cut off
 * as well. Loops that await let the thread go, so no request is urgent for them; they look whether their cell was
 * interrupted, else they would go on behind it. Not in `catch` and `finally`, where a cell tidies up.
 */
export function stoppableLoops(ts: TypeScript): TS.TransformerFactory<TS.SourceFile> {
  return (context) => {
    const { factory } = context;
    // An identifier is printed as it is.
    const statement = (code: string): TS.Statement => factory.createExpressionStatement(factory.createIdentifier(code));
    const look = (): TS.Statement => statement(`${urgencyCode(request)} && ${stop}()`);
    const lookLonger = (): TS.Statement =>
      statement(`typeof ${stopIfInterrupted} === "function" && ${stopIfInterrupted}()`);
    const stoppable = (loop: TS.Node, body: TS.Statement): TS.Statement => {
      const first = ts.setSourceMapRange(look(), loop); // an interrupt names the loop's line
      const second = awaits(ts, loop) && !isAftermath(ts, loop) ? [ts.setSourceMapRange(lookLonger(), loop)] : [];
      return factory.createBlock([first, ...second, ...(ts.isBlock(body) ? body.statements : [body])], true);
    };
    let loops = 0;
    const visit = (node: TS.Node): TS.Node => {
      if (!ts.isIterationStatement(node, false)) return ts.visitEachChild(node, visit, context);
      loops++;
      const { statement: body } = node;
      const visitPart = (part: TS.Node): TS.Node =>
        part === body ? stoppable(node, visit(body) as TS.Statement) : visit(part);
      return ts.visitEachChild(node, visitPart, context);
    };
    return (file) => {
      const seen = ts.visitEachChild(file, visit, context);
      if (loops === 0) return seen;
      const names = statement(
        `const { stop: ${request}, stopHere: ${stop}, stopIfInterrupted: ${stopIfInterrupted} } = globalThis.__tslab__`,
      );
      return factory.updateSourceFile(seen, [names, ...seen.statements]);
    };
  };
}

/** Whether code stands in a `catch` or a `finally`. */
function isAftermath(ts: TypeScript, code: TS.Node): boolean {
  const found = ts.findAncestor(code, (node) => {
    if (ts.isFunctionLike(node)) return "quit";
    const parent: TS.Node | undefined = node.parent; // a file has none
    return ts.isCatchClause(node) || (parent && ts.isTryStatement(parent) && parent.finallyBlock === node) || false;
  });
  return found !== undefined;
}

function awaits(ts: TypeScript, node: TS.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
  return !ts.isFunctionLike(node) && ts.forEachChild(node, (child) => awaits(ts, child) || undefined) === true;
}
