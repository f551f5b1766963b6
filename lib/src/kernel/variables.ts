/**
 * Cells share variables by tslab's `exports`: a later cell's `n` is `exports.n`, while functions of the cell that
 * declared it see its own `n`. An assignment to one would not reach the other. So the variables that a cell declares by
 * `let` or `var` are linked once it has run: from then on `exports.n` reads and writes the cell's own `n`.
 */
export interface LinkedVariables {
  /** Called by compiled cells: how to read and to write each variable. */
  link(variables: Readonly<Record<string, readonly [get: () => unknown, set: (value: unknown) => void]>>): void;
  /** Before a cell declares these names anew: what the earlier cell's functions see is no longer changed. */
  unlink(names: readonly string[]): void;
}

/** `locals` is tslab's `exports`, a proxy that takes no accessors; but its prototype does. */
export function createLinks(locals: object): LinkedVariables {
  const links: Record<string, unknown> = {};
  Object.setPrototypeOf(locals, links);
  return {
    link(variables) {
      for (const [name, [get, set]] of Object.entries(variables)) {
        Reflect.deleteProperty(locals, name);
        Object.defineProperty(links, name, { get, set, configurable: true, enumerable: true });
      }
    },
    unlink(names) {
      for (const name of names) if (Object.hasOwn(links, name)) delete links[name];
    },
  };
}

/** JavaScript that links a cell's variables, to follow its code. */
export function linkingCode(variables: readonly string[]): string {
  if (variables.length === 0) return "";
  const pairs = variables.map((name) => `${name}: [() => ${name}, (${name}_) => { ${name} = ${name}_; }]`);
  return `\n;__tslab__.link({ ${pairs.join(", ")} });`;
}
