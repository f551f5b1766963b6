#!/usr/bin/env node
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { mergeCommand } from "./commands/merge";
import { packCommand } from "./commands/pack";
import { paperSwitches } from "./commands/paper";
import { runCommand } from "./commands/run";
import { statusCommand } from "./commands/status";
import { DataError } from "./datasets/data-error";
import { experimentParts } from "./experiments/experiments";
import { StoreFault } from "./experiments/store-fault";
import { NotebookError } from "./notebook/execute";
import { runPaper } from "./notebook/run-notebooks";

/** A command gets the arguments after its name and gives the exit code. */
type Command = (rest: string[]) => Promise<number>;

const commands: Readonly<Record<string, Command>> = {
  paper,
  lab,
  run: (rest) => runCommand(rest, experimentParts),
  status: (rest) => statusCommand(rest, experimentParts),
  merge: mergeCommand,
  pack: (rest) => packCommand(rest, experimentParts),
  help,
};

async function main([name = "help", ...rest]: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name]! : undefined;
  if (command && name !== "lab" && rest.some((word) => word === "--help" || word === "-h")) return help();
  if (command) return command(rest);
  return usage(`There is no command ${name}; there are ${Object.keys(commands).join(", ")}.`);
}

async function paper(rest: string[]): Promise<number> {
  await runPaper(paperSwitches(rest));
  return 0;
}

/** JupyterLab on this repository, open at the notebooks; it gets what else is on the command line. */
function lab(rest: string[]): Promise<number> {
  const root = join(__dirname, "..", "..");
  const args = ["-m", "jupyterlab", `--ServerApp.root_dir=${root}`, "--LabApp.default_url=/lab/tree/notebooks"];
  if (process.getuid?.() === 0) args.push("--allow-root");
  const child = spawn(join(root, ".venv", "bin", "python"), [...args, ...rest], { cwd: root, stdio: "inherit" });
  // A terminal sends Ctrl-C to JupyterLab as well, which asks whether it should stop; twice would be a yes.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(new NotebookError(`JupyterLab does not start (${error.message}); run \`npm run setup\`.`)),
    );
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}

async function help(): Promise<number> {
  process.stdout.write(readFileSync(join(__dirname, "..", "src", "help.txt"), "utf8"));
  return 0;
}

function usage(message: string): number {
  process.stderr.write(`${message}\n\`npm run paper -- --help\` explains the commands and their switches.\n`);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error & { code?: string }) => {
    if (error instanceof NotebookError || error instanceof DataError || error instanceof StoreFault) {
      process.stderr.write(`\n${error.message}\n`);
      process.exitCode = 1;
    } else if (error instanceof RangeError || error.code?.startsWith("ERR_PARSE_ARGS")) {
      process.exitCode = usage(error.message);
    } else {
      throw error;
    }
  },
);
