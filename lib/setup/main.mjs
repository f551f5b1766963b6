import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureBrowser } from "./browser.mjs";
import { ensureCompiled } from "./compile.mjs";
import { ensureKernel } from "./kernel.mjs";
import { ensureNodePackages } from "./node-packages.mjs";
import { root } from "./paths.mjs";
import { ensurePython } from "./python.mjs";
import { run, SetupError } from "./run.mjs";
import { ensureSparseKernel } from "./sparse-kernel.mjs";
import { ensureTensorFlow } from "./tensorflow.mjs";
import { runTests } from "./tests.mjs";

/** What follows the set-up; each gets the rest of the command line and gives the exit code. */
const commands = {
  setup: async () => {
    process.stdout.write("Everything is in place: npm run paper, npm run lab, npm test.\n");
    return 0;
  },
  paper: (rest) => runCli("paper", rest),
  lab: (rest) => runCli("lab", rest),
  psn: ([command = "help", ...rest]) => runCli(command, rest),
  bench: runBench,
  test: runTests,
};

/** @param {readonly string[]} args the command, `setup` if there is none, and its own arguments */
export async function main([command = "setup", ...rest]) {
  try {
    if (!(command in commands)) {
      throw new SetupError(`There is no command ${command}; there are ${Object.keys(commands).join(", ")}.`);
    }
    if (rest.includes("--help") || rest.includes("-h")) {
      process.stdout.write(readFileSync(join(root, "lib", "src", "help.txt"), "utf8"));
      return;
    }
    await setUp(command);
    process.exitCode = await commands[command](rest);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}

async function setUp(command) {
  await ensureNodePackages();
  await ensureCompiled();
  await ensureSparseKernel();
  if (command === "psn") return; // it neither draws nor opens a notebook
  await ensurePython();
  await ensureKernel();
  await ensureTensorFlow({ again: command === "setup" });
  await ensureBrowser();
}

async function runBench(rest) {
  const { code } = await run(process.execPath, [join(root, "lib", "bench", ".build", "main.js"), ...rest], {
    show: true,
  });
  return code;
}

async function runCli(command, rest) {
  const { code } = await run(process.execPath, [join(root, "lib", "dist", "cli.js"), command, ...rest], { show: true });
  return code;
}
