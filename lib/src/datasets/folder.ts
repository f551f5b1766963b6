import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Another place that holds the same files as `<folder>/<file>`: a folder on disk or a base address. */
export type Mirror =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "web"; readonly address: string };

/** The root of the repository, found from this module, so that it does not depend on the working directory. */
export function projectRoot(): string {
  const start = realpathSync(__dirname);
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "profiled-sparse-networks") {
      return folder;
    }
    if (folder === dirname(folder)) {
      throw new Error(`No repository around ${start}; set PSN_DATA to the folder where data files shall be kept`);
    }
  }
}

/** Where data files are kept: PSN_DATA (taken from the root of the repository if relative), else `data` there. */
export function dataFolder(): string {
  const chosen = process.env.PSN_DATA;
  return chosen ? fromRoot(chosen) : join(projectRoot(), "data");
}

/** What PSN_DATA_MIRROR names: an http(s) or file address, or a folder (from the root of the repository if relative). */
export function dataMirror(): Mirror | null {
  const chosen = process.env.PSN_DATA_MIRROR;
  return chosen ? parseMirror(chosen) : null;
}

/** A folder or an address as a mirror. */
export function parseMirror(text: string): Mirror {
  if (/^https?:\/\//i.test(text)) return { kind: "web", address: text.replace(/\/+$/, "") };
  if (/^file:\/\//i.test(text)) return { kind: "folder", path: fileURLToPath(text) };
  return { kind: "folder", path: fromRoot(text) };
}

/** Absolute paths need no root, and so no repository. */
function fromRoot(path: string): string {
  return resolve(path) === path ? path : resolve(projectRoot(), path);
}
