import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root, venv } from "./paths.mjs";
import { task } from "./run.mjs";

const kernels = join(venv, "share", "jupyter", "kernels");
const pageConfig = join(venv, "etc", "jupyter", "labconfig", "page_config.json");

/** The TypeScript kernel, known to the Jupyter of .venv, and a JupyterLab that asks nothing when it opens. */
export async function ensureKernel() {
  const path = join(kernels, "tslab", "kernel.json");
  if (!isKernelSpec(path, kernelSpec())) {
    await task("Jupyter: adding the TypeScript kernel (tslab) to .venv", async () => {
      // tslab's own installer, which earlier versions used, also adds a kernel for JavaScript.
      rmSync(join(kernels, "jslab"), { recursive: true, force: true });
      writeWhole(path, kernelSpec());
    });
  }
  const silent = { disabledExtensions: { "@jupyterlab/apputils-extension:announcements": true } };
  if (!existsSync(pageConfig)) writeWhole(pageConfig, silent);
}

/** What Jupyter starts: tslab, by a launcher that mends what can be mended from outside (lib/src/kernel). */
export function kernelSpec() {
  return {
    argv: ["node", join(root, "lib", "dist", "kernel", "main.js"), "{connection_file}"],
    display_name: "TypeScript",
    language: "typescript",
    interrupt_mode: "message",
  };
}

/** Whether a kernel.json says just this. It holds an absolute path: repositories move. */
export function isKernelSpec(path, spec) {
  return existsSync(path) && readFileSync(path, "utf8") === format(spec);
}

function writeWhole(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, format(value));
}

function format(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
