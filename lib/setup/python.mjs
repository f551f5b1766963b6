import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "./find-program.mjs";
import { root, venv, venvPython } from "./paths.mjs";
import { run, runOrFail, SetupError, task } from "./run.mjs";
import { atLeast } from "./versions.mjs";

const oldest = "3.9";
const stampFile = join(venv, "psn-stamp.txt");

/** `.venv` with what requirements.txt names; made anew when that file, or the folder's place, has changed. */
export async function ensurePython() {
  const requirements = join(root, "requirements.txt");
  const stamp = venvStamp(readFileSync(requirements, "utf8"), venv);
  if (existsSync(venvPython) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  const python = await findPython();
  await task("Python: making .venv", async () => {
    // Without the stamp a .venv whose making was cut short is not taken for a whole one.
    rmSync(stampFile, { force: true });
    await runOrFail(python, ["-m", "venv", "--clear", venv], venvCure);
  });
  await task("Python: installing JupyterLab into .venv", () =>
    pip(
      ["install", "--requirement", requirements],
      "pip could not install JupyterLab. If this machine has no network, connect it and run the same command again.",
    ),
  );
  writeFileSync(stampFile, stamp);
}

/**
 * Runs the pip of .venv. With several package indexes, one of which does not answer, pip's five retries take eight
 * seconds for each package; so patience comes only after a first failure.
 */
export async function pip([action, ...args], cure) {
  const command = ["-m", "pip", action, "--quiet", "--disable-pip-version-check"];
  const hasty = await run(venvPython, [...command, "--retries", "1", ...args]);
  if (hasty.code !== 0) await runOrFail(venvPython, [...command, ...args], cure);
}

const venvCure =
  "Python cannot make a virtual environment. On Debian or Ubuntu: sudo apt-get install python3-venv; then run the same command again.";

/** What a finished .venv was made from. Its programs hold its absolute path, so the place is part of it. */
export function venvStamp(requirements, place) {
  return createHash("sha256").update(requirements).update("\0").update(place).digest("hex");
}

async function findPython() {
  const named = process.env.PSN_PYTHON;
  const newer = [14, 13, 12, 11, 10, 9].map((minor) => `python3.${minor}`);
  const tried = [];
  for (const candidate of named ? [named] : ["python3", "python", ...newer]) {
    const python = findProgram([candidate]);
    if (!python) continue;
    const probe = "import sys; print('%d.%d.%d' % sys.version_info[:3]); import ensurepip, venv";
    const { code, stdout } = await run(python, ["-c", probe]);
    const version = stdout.trim();
    tried.push(`${python} is ${version || "broken"}${code === 0 ? "" : ", without venv or ensurepip"}`);
    if (code === 0 && atLeast(version, oldest)) return python;
  }
  throw new SetupError(pythonCure(named, tried));
}

/** What to do when no Python will do; `tried` says what was found. */
export function pythonCure(named, tried) {
  if (named && tried.length === 0) {
    return `PSN_PYTHON is ${named}, where there is no program; name a Python ${oldest} or newer, or unset it.`;
  }
  if (tried.some((text) => text.includes("without venv"))) return `${venvCure}\nFound: ${tried.join("; ")}.`;
  const found = tried.length > 0 ? `only an older one (${tried.join("; ")})` : "none";
  return (
    `Python ${oldest} or newer is needed for JupyterLab, and PATH has ${found}. ` +
    "On Debian or Ubuntu: sudo apt-get install python3 python3-venv; on macOS: brew install python. " +
    "One in another place can be named by PSN_PYTHON."
  );
}
