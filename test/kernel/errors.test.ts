import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execution, type Finished, only, startWire, text, type Wire } from "./wire";

let wire: Wire;
before(async () => {
  wire = await startWire();
});
after(() => wire.stop());

/** The traceback without colours. */
function traceback(finished: Finished): string {
  const [{ traceback }] = only("error", finished);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the control character ESC
  return traceback.join("\n").replace(/\u001b\[\d+m/g, "");
}

test("an error names itself, and the line of the cell as it is written, and nothing of the kernel's insides", async () => {
  const code =
    "type Gone = { a: number };\n\n// a remark\nfunction f(x: Gone): never {\n  throw new RangeError('no ' + x.a);\n}\nf({ a: 1 });";
  const failed = await wire.run(code);
  const { status, execution_count, ename, evalue } = failed.reply!.content;
  assert.deepEqual([status, ename, evalue], ["error", "RangeError", "no 1"]);
  assert.deepEqual(only("error", failed), [{ ename, evalue, traceback: failed.reply!.content.traceback }]);
  const lines = traceback(failed).split("\n");
  assert.equal(lines[0], "RangeError: no 1");
  assert.ok(lines.includes("> 5 |   throw new RangeError('no ' + x.a);"), lines.join("\n"));
  const cell = `Cell [${execution_count}]`;
  assert.deepEqual(
    lines.filter((line) => line.startsWith("    at")),
    [`    at f (${cell}:5:9)`, `    at ${cell}:7:1`],
  );
});

test("an error in an earlier cell's function names that cell, also after await", async () => {
  const { reply } = await wire.run(
    "\nasync function late(): Promise<void> {\n  await 0;\n  throw new TypeError('late');\n}",
  );
  const failed = await wire.run("await late()");
  assert.match(
    traceback(failed),
    new RegExp(`> 4 \\| {3}throw[\\s\\S]*at late \\(Cell \\[${reply!.content.execution_count}\\]:4:9\\)`),
  );
});

test("an error from the library names the line of its source", async () => {
  const failed = await wire.run("import { createRandom } from 'psn';\n({ createRandom }).createRandom(-1)");
  assert.match(traceback(failed), /at (\S+ )?\(?lib\/src\/random\.ts:\d+:\d+\)?\n/);
  assert.match(traceback(failed), /Cell \[\d+\]:2:\d+/);
});

test("a cause is told, and what is thrown need not be an error", async () => {
  const caused = await wire.run("throw new Error('outer', { cause: new TypeError('inner') } as any)");
  assert.match(traceback(caused), /Error: outer[\s\S]*Caused by TypeError: inner/);
  const { reply } = await wire.run("throw 'words'");
  assert.deepEqual([reply?.content.ename, reply?.content.evalue], ["Thrown", "words"]);
});

test("a cell that does not compile is not run, and says where", async () => {
  const wrong = await wire.run("console.log('never');\nconst wrong: string = 1;");
  assert.equal(text("stdout", wrong), "");
  assert.equal(wrong.reply?.content.ename, "TypeScriptError");
  assert.match(wrong.reply?.content.evalue, /^Type 'number' is not assignable to type 'string'/);
  assert.match(traceback(wrong), /Cell \[\d+\]:2:7 - [\s\S]*\(TS2322\)[\s\S]*> 2 \| const wrong/);
  assert.equal((await wire.run("const = 1")).reply?.content.ename, "SyntaxError");
});

test("a printed error names the cell's line, too", async () => {
  assert.match(
    text("stderr", await wire.run("\n\nconsole.error(new Error('printed'))")),
    /Error: printed\n {4}at Cell \[\d+\]:3:15\n/,
  );
});

test("a rejection that nobody awaits fails its cell; one that is caught late does not", async () => {
  const failed = await wire.run("void Promise.reject(new Error('nobody waits')); 1");
  assert.deepEqual([failed.reply?.content.status, failed.reply?.content.evalue], ["error", "nobody waits"]);
  assert.match(traceback(failed), /Nothing awaits this error/);
  const code = "const doomed = Promise.reject(new Error('seen')); await new Promise((r) => setTimeout(r, 50));";
  assert.equal((await wire.run(`${code} await doomed.catch(() => 'caught')`)).reply?.content.status, "ok");
});

test("what fails after its cell's end is told there at once, and by the next cell with its number", async () => {
  const id = await wire.send(
    "execute_request",
    execution("setTimeout(() => { throw new Error('afterwards') }, 50); 0"),
  );
  const { execution_count } = (await wire.finish(id)).reply!.content;
  const [late] = only("error", { outputs: await wire.listen(id, 0.5) });
  assert.equal(late.evalue, "afterwards");
  const { content } = (await wire.run("1")).reply!;
  assert.deepEqual([content.status, content.evalue], ["error", `un-awaited in cell [${execution_count}]: afterwards`]);
  assert.equal((await wire.run("1")).reply?.content.status, "ok");
});

/** The status of cells that are sent at once. */
async function together(codes: readonly string[], more: object = {}): Promise<string[]> {
  const ids: string[] = [];
  for (const code of codes) ids.push(await wire.send("execute_request", execution(code, more)));
  const statuses: string[] = [];
  for (const id of ids) statuses.push((await wire.finish(id)).reply?.content.status);
  return statuses;
}

test("cells that wait behind an error are aborted, also where it never let go of the thread", async () => {
  const failing = ["throw 1", "await new Promise((r) => setTimeout(r, 100)); throw 1"];
  failing.push("const until = Date.now() + 400; while (Date.now() < until); throw 1");
  for (const code of failing) {
    assert.deepEqual(await together([code, "1", "2"]), ["error", "aborted", "aborted"], code);
    assert.equal((await wire.run("'right after'")).reply?.content.status, "ok", "a cell that follows the reply is run");
  }
});

test("cells that errors are not to stop are run, every one", async () => {
  assert.deepEqual(await together(["throw 1", "1", "throw 2", "2"], { stop_on_error: false }), [
    "error",
    "ok",
    "error",
    "ok",
  ]);
});
