import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/**
 * The path of the first of these programs that exists; a name without a folder is looked up in PATH.
 *
 * @param {readonly (string | undefined)[]} candidates
 */
export function findProgram(candidates, path = process.env.PATH ?? "") {
  for (const candidate of candidates) {
    if (!candidate) continue;
    const places = isAbsolute(candidate) ? [candidate] : path.split(delimiter).map((folder) => join(folder, candidate));
    const found = places.find(isExecutable);
    if (found) return found;
  }
  return undefined;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (["ENOENT", "EACCES", "ENOTDIR"].includes(error.code)) return false;
    throw error;
  }
}
