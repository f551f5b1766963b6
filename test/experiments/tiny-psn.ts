/** The commands of psn on a tiny experiment: a program that tests start, and kill. */
import { mergeCommand } from "psn/dist/commands/merge";
import { runCommand } from "psn/dist/commands/run";
import { statusCommand } from "psn/dist/commands/status";
import type { PartFilter } from "psn/dist/experiments/part";
import { tinyParts } from "./tiny";

const [command, ...args] = process.argv.slice(2);
const parts = ({ experiments }: PartFilter) => tinyParts(experiments);
const commands: Record<string, () => Promise<number>> = {
  run: () => runCommand(args, parts),
  status: () => statusCommand(args, parts),
  merge: () => mergeCommand(args),
};
commands[command]().then((code) => {
  process.exitCode = code;
});
