import { existsSync } from "node:fs";
import { join } from "node:path";
import { nodeModules, root } from "./paths.mjs";
import { runOrFail, task } from "./run.mjs";

/** The TypeScript of `lib` and `test`, compiled; half a second where nothing has changed. */
export async function ensureCompiled() {
  // tsc trusts its own record, even when what it wrote has been deleted.
  const deleted = ![join("lib", "dist"), join("test", ".build")].every((folder) => existsSync(join(root, folder)));
  // Not node_modules/.bin/tsc, which is the older compiler that tslab brings along.
  const compiler = join(nodeModules, "typescript", "bin", "tsc");
  await task("TypeScript: compiling", () =>
    runOrFail(
      process.execPath,
      [compiler, "-b", ...(deleted ? ["--force"] : [])],
      "The TypeScript of lib or test does not compile; mend what is named below.",
    ),
  );
}
