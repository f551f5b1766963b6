import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeModules, root } from "./paths.mjs";
import { runOrFail, task } from "./run.mjs";

/** `npm ci`, where node_modules is not what package-lock.json asks for. */
export async function ensureNodePackages() {
  const missing = missingPackages(
    readLock(join(root, "package-lock.json")),
    readLock(join(nodeModules, ".package-lock.json")),
  );
  if (missing.length === 0) return;
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  await task(`npm packages: installing, ${missing.length} are missing or old`, () =>
    runOrFail(
      command,
      [...first, "ci", "--no-progress"],
      "npm could not install the packages. If this machine has no network, connect it and run the same command again.",
    ),
  );
}

function readLock(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { packages: {} };
}

/**
 * The packages of a package-lock.json that npm's record of node_modules does not have in the same version; those that
 * npm may leave out, because they are for other systems, do not count.
 */
export function missingPackages(lock, installed) {
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path.startsWith("node_modules/") && !entry.optional && !entry.devOptional)
    .filter(([path, { version, integrity, link }]) => {
      const have = installed.packages[path];
      return !have || have.version !== version || have.integrity !== integrity || have.link !== link;
    })
    .map(([path]) => path);
}
