import { spawn } from "node:child_process";
import { constants } from "node:os";
import { root } from "./paths.mjs";

/** A failure that the reader can cure; its message says how. Shown without a stack. */
export class SetupError extends Error {}

/**
 * Runs a program and waits for it. SIGINT, SIGTERM and SIGHUP go on to it; when a program of the set-up has ended
 * because of one, so do we.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, timeoutMs?: number }} options
 *   `show` lets it write to our terminal; otherwise what it writes is collected. After `timeoutMs` it is killed, with
 *   its children.
 * @returns {Promise<{ code: number, output: string, stdout: string }>} `output` has stdout and stderr as they came;
 *   the code of a program that a signal ended is 128 + its number, and 127 if it could not be started.
 */
export function run(command, args, { cwd = root, env = process.env, show = false, timeoutMs } = {}) {
  return new Promise((resolve) => {
    const group = timeoutMs !== undefined;
    const stdio = show ? "inherit" : ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env, stdio, detached: group });
    const kill = (signal) => (group && child.pid ? killGroup(child.pid, signal) : child.kill(signal));
    let stdout = "";
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    let received;
    const forward = (signal) => {
      received = signal;
      // A terminal sends Ctrl-C to everything that runs in it; JupyterLab takes a second one for "stop at once".
      if (group || signal !== "SIGINT" || !process.stdin.isTTY) kill(signal);
    };
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
    for (const signal of signals) process.on(signal, forward);
    const timer = group ? setTimeout(() => kill("SIGKILL"), timeoutMs) : undefined;
    const finish = (code) => {
      clearTimeout(timer);
      for (const signal of signals) process.off(signal, forward);
      if (received && !show) process.exit(128 + constants.signals[received]);
      resolve({ code, output, stdout });
    };
    child.on("error", (error) => {
      output += error.message;
      finish(127);
    });
    child.on("close", (code, signal) => finish(code ?? 128 + constants.signals[signal]));
  });
}

function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Like {@link run}, but a failure becomes a {@link SetupError} with the cure and the ends of what was written. */
export async function runOrFail(command, args, cure, options) {
  const result = await run(command, args, options);
  if (result.code === 0) return result;
  throw new SetupError(
    `${cure}\n\n\`${[command, ...args].join(" ")}\` ended with ${result.code}:\n${ends(result.output)}`,
  );
}

/** The first and the last lines: some programs say what is wrong first, some last. */
function ends(text, lines = 12) {
  const all = text.trimEnd().split("\n");
  return all.length <= 2 * lines ? all.join("\n") : [...all.slice(0, lines), "…", ...all.slice(-lines)].join("\n");
}

/** The last lines. */
export function tail(text, lines) {
  return text.trimEnd().split("\n").slice(-lines).join("\n");
}

/** Where the set-up talks: not on stdout when that is for numbers. */
const talk = process.argv.includes("--json") ? process.stderr : process.stdout;

/** Says what is being done, does it, and says how long it took. */
export async function task(what, work) {
  const started = performance.now();
  talk.write(`• ${what} … `);
  try {
    const result = await work();
    talk.write(`${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    talk.write("failed\n");
    throw error;
  }
}
