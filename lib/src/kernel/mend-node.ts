import util from "node:util";

/** What Node 23 took away, and packages that notebooks import still use: tfjs-node and what depends on it. */
export function mendNode(): void {
  const functions = util as unknown as Record<string, unknown>;
  functions.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  functions.isArray ??= Array.isArray;
}
