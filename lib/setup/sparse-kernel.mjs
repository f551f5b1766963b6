import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.mjs";
import { SetupError, task } from "./run.mjs";

/** The sparse kernel as a native addon; where there is no compiler its WebAssembly build, which is committed, serves. */
export async function ensureSparseKernel() {
  const build = await import(pathToFileURL(join(root, "lib", "native", "build.mjs")).href);
  const compiler = build.findCompiler();
  if (compiler === undefined) {
    process.stdout.write(
      "• Sparse kernel: no C++ compiler was found, so training runs on its WebAssembly build, about four times slower.\n" +
        "  To build it for this processor, install one (Debian: apt-get install g++; macOS: xcode-select --install) and run npm run setup.\n",
    );
    return;
  }
  if (build.isAddonCurrent({ compiler })) return;
  await task("Sparse kernel: compiling for this processor", () =>
    build.buildAddon({ compiler }).catch((error) => {
      throw new SetupError(`The sparse kernel does not compile. Set CXX to another C++ compiler.\n${error.message}`);
    }),
  );
}
