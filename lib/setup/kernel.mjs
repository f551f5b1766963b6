import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { nodeModules, venv, venvPython } from "./paths.mjs";
import { runOrFail, task } from "./run.mjs";

const tslab = join(nodeModules, ".bin", "tslab");
const kernelSpec = join(venv, "share", "jupyter", "kernels", "tslab", "kernel.json");
const pageConfig = join(venv, "etc", "jupyter", "labconfig", "page_config.json");

/** The TypeScript kernel, known to the Jupyter of .venv, and a JupyterLab that asks nothing when it opens. */
export async function ensureKernel() {
  if (kernelProgram(kernelSpec) !== tslab) {
    await task("Jupyter: adding the TypeScript kernel (tslab) to .venv", () =>
      runOrFail(
        process.execPath,
        [tslab, "install", `--python=${venvPython}`, "--sys-prefix", `--binary=${tslab}`],
        "tslab could not be added to Jupyter; delete the folder .venv and run the same command again.",
      ),
    );
  }
  if (existsSync(pageConfig)) return;
  mkdirSync(dirname(pageConfig), { recursive: true });
  const silent = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };
  writeFileSync(pageConfig, JSON.stringify(silent, null, 2));
}

/** The program that a kernel.json starts, or undefined where there is none. It is an absolute path: repositories move. */
export function kernelProgram(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).argv[0] : undefined;
}
