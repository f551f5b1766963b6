import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const venv = join(root, ".venv");
export const venvPython = join(venv, "bin", "python");
export const nodeModules = join(root, "node_modules");
