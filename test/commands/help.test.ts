import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { mergeCommand } from "psn/dist/commands/merge";
import { packCommand } from "psn/dist/commands/pack";
import { runCommand } from "psn/dist/commands/run";
import { statusCommand } from "psn/dist/commands/status";

const text = readFileSync(join(dirname(require.resolve("psn/package.json")), "src", "help.txt"), "utf8");
/** A folder without records, which is not made. */
const nowhere = join(__dirname, "nowhere");
const commands: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  run: (args) => runCommand(args, () => []),
  status: (args) => statusCommand([...args, "--store", nowhere], () => []),
  merge: mergeCommand,
  pack: (args) => packCommand([...args, "--results", nowhere], () => []),
};

/** The switches of psn's commands with what help says after them: "--partial" and "…too. (pack)". */
function switches(): [string, string][] {
  const [, section] = /^Commands of npm run psn[^\n]*$(.*?)^\S/ms.exec(text)!;
  return section
    .split(/^ {2}(?=--)/m)
    .slice(1)
    .map((entry) => [/^--\w+( <)?/.exec(entry)![0], entry]);
}

test("help says of every switch of psn which commands take it, and each takes those alone", async () => {
  assert.equal(switches().length, 10);
  for (const [name, entry] of switches()) {
    const [, takers] = /\(([a-z, ]+)\)$/m.exec(entry)!;
    for (const [command, run] of Object.entries(commands)) {
      // No command gets far: there are no parts, and no names.
      const error = await run([name.replace(" <", "=x")]).then(
        () => assert.fail("it must refuse"),
        (refusal: Error & { code?: string }) => refusal,
      );
      const isTaken = error.code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION";
      assert.equal(isTaken, takers.split(", ").includes(command), `${command} ${name}: ${error.message}`);
    }
  }
});
