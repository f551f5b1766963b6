import Module from "node:module";
import { delimiter, join } from "node:path";

/** This project's packages. */
const ours = join(__dirname, "..", "..", "..", "node_modules");

/**
 * Lets notebooks anywhere import this project's packages: where `psn` is not found from `folder` upwards, Node looks for
 * packages here, too.
 *
 * @returns the folders in which their types are to be looked for as well
 */
export function findPackages(folder: string): string[] {
  if (canImport(folder)) return [];
  process.env.NODE_PATH = [process.env.NODE_PATH, ours].filter(Boolean).join(delimiter);
  (Module as unknown as { _initPaths(): void })._initPaths();
  return [ours];
}

function canImport(folder: string): boolean {
  try {
    Module.createRequire(join(folder, "cell.js")).resolve("psn");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return false;
    throw error;
  }
}
