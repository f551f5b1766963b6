import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "microsoft-edge",
  "microsoft-edge-stable",
];
const applications = ["Chromium", "Google Chrome", "Microsoft Edge"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/**
 * The path of a browser of the Chromium family: what `PSN_BROWSER` names, else the first in PATH, else one in the
 * usual place on macOS.
 *
 * @throws if there is none; the message says how to get one.
 */
export function findBrowser(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = environment.PSN_BROWSER;
  if (named) {
    if (isExecutable(named)) return named;
    throw new Error(`PSN_BROWSER is ${named}, which cannot be run; name Chromium, Chrome or Edge by its full path.`);
  }
  const folders = (environment.PATH ?? "").split(delimiter);
  const places = [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...applications];
  const found = places.find(isExecutable);
  if (found) return found;
  throw new Error(
    "No browser was found; Chromium, Chrome or Edge draws the figures for export. On Debian: sudo apt-get install " +
      "chromium; on macOS: brew install --cask chromium. One in another place can be named by PSN_BROWSER.",
  );
}

/** How to start the browser: quietly, with nothing fetched in the background, and, as root, without its sandbox. */
export function browserArguments(): string[] {
  const quiet = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return process.getuid?.() === 0 ? ["--no-sandbox", ...quiet] : quiet;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES" || code === "ENOTDIR") return false;
    throw error;
  }
}
