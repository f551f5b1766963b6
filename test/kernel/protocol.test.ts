import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { begin } from "./interrupting";
import { execution, only, startWire, text, type Wire } from "./wire";

// What Jupyter's own jupyter_kernel_test asks of a kernel, and what its documentation of the messages says.

let wire: Wire;
before(async () => {
  wire = await startWire();
});
after(() => wire.stop());

const nodeMajor = async (): Promise<string> => {
  const [{ data }] = only("execute_result", await wire.run("process.version"));
  return data["text/plain"];
};

test("kernel_info names the language, and the versions of all that answers rest on", async () => {
  const { reply } = await wire.ask("kernel_info_request");
  assert.equal(reply?.type, "kernel_info_reply");
  const { status, protocol_version, implementation, banner, language_info } = reply.content;
  assert.deepEqual([status, implementation, language_info.name], ["ok", "tslab", "typescript"]);
  assert.match(protocol_version, /^5\.\d+$/);
  assert.equal(language_info.file_extension, ".ts");
  assert.equal(language_info.version, language_info.versions.typescript);
  for (const name of ["node", "typescript", "tslab", "psn"]) {
    assert.match(language_info.versions[name], /^\d+\.\d+\.\d+$/);
    assert.ok(banner.includes(language_info.versions[name]), banner);
  }
  assert.equal(`v${language_info.versions.node}`, await nodeMajor());
});

test("a cell is echoed, counted, answered, and framed by busy and idle", async () => {
  const { reply, outputs } = await wire.run("const counted = 1");
  const { status, execution_count, payload, user_expressions } = reply!.content;
  assert.deepEqual({ status, payload, user_expressions }, { status: "ok", payload: [], user_expressions: {} });
  assert.deepEqual(
    outputs.map(({ type, content }) => [type, content.execution_state ?? content.code]),
    [
      ["status", "busy"],
      ["execute_input", "const counted = 1"],
      ["status", "idle"],
    ],
  );
  const next = await wire.run("");
  assert.deepEqual([next.reply?.content.status, next.reply?.content.execution_count], ["ok", execution_count + 1]);
});

test("a cell that is not to be stored is not counted, and a silent one is not told of", async () => {
  const count = async (more: object): Promise<number> => (await wire.run("0", more)).reply!.content.execution_count;
  const first = await count({});
  assert.equal(await count({ store_history: false }), first);
  const silent = await wire.run("console.log(1); 1", { silent: true });
  assert.deepEqual(new Set(silent.outputs.map(({ type }) => type)), new Set(["status"]));
  assert.equal(await count({}), first + 1);
});

test("stdout and stderr are streams, in order, and none of twenty thousand lines is lost", async () => {
  const both = await wire.run("console.log('out'); console.error('err'); process.stdout.write(Buffer.from('é'))");
  assert.deepEqual(
    only("stream", both).map(({ name, text }) => [name, text]),
    [
      ["stdout", "out\n"],
      ["stderr", "err\n"],
      ["stdout", "é"],
    ],
  );
  const id = await wire.send("execute_request", execution("for (let i = 0; i < 20_000; i++) console.log(i)"));
  await sleep(1500); // nobody reads meanwhile
  const many = await wire.finish(id);
  const lines = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
  assert.ok(text("stdout", many) === lines, `${text("stdout", many).length} of ${lines.length} characters came`);
});

test("what a cell writes after its end belongs to it, also while another runs", async () => {
  const id = await wire.send("execute_request", execution("setTimeout(() => console.log('mine'), 300); 0"));
  await wire.finish(id);
  const other = await wire.run("await new Promise((r) => setTimeout(r, 600)); console.log('other')");
  assert.equal(text("stdout", other), "other\n");
  assert.equal(text("stdout", { outputs: await wire.listen(id, 0.2) }), "mine\n");
});

test("the last expression is the result; a statement, null and undefined have none", async () => {
  const result = async (code: string): Promise<unknown> =>
    only("execute_result", await wire.run(code)).map(({ data }) => data["text/plain"]);
  assert.deepEqual(await result("const six = 6;\nsix * 7 // the answer"), ["42"]);
  assert.deepEqual(await result("'text'"), ["text"]);
  assert.deepEqual(await result("({ a: [1, 2] })"), ["{ a: [ 1, 2 ] }"]);
  for (const code of ["null", "undefined", "const none = 1", "if (true) 1", "// nothing"]) {
    assert.deepEqual(await result(code), [], code);
  }
});

test("is_complete tells a whole cell from one that goes on", async () => {
  const status = async (code: string): Promise<string> =>
    (await wire.ask("is_complete_request", { code })).reply?.content.status;
  for (const code of ["1 + 1", "const f = () => {\n  return 1;\n}", "const a: = 1"])
    assert.equal(await status(code), "complete");
  for (const code of ["const f = () => {", "f(1,"]) assert.equal(await status(code), "incomplete", code);
  const { reply } = await wire.ask("is_complete_request", { code: "if (true) {" });
  assert.deepEqual([reply?.type, reply?.content.indent], ["is_complete_reply", "  "]);
});

test("names of earlier cells, members and packages are completed; positions count characters, not UTF-16 units", async () => {
  await wire.run("const completable = { first: 1, second: 2 }");
  const complete = async (code: string, cursor_pos = [...code].length) =>
    (await wire.ask("complete_request", { code, cursor_pos })).reply!;
  const name = await complete("complet");
  assert.equal(name.type, "complete_reply");
  const { matches, cursor_start, cursor_end, status, metadata } = name.content;
  assert.deepEqual(
    { status, cursor_start, cursor_end, metadata },
    { status: "ok", cursor_start: 0, cursor_end: 7, metadata: {} },
  );
  assert.equal(matches[0], "completable");
  assert.deepEqual((await complete("completable.")).content.matches, ["first", "second"]);
  const wide = (await complete("'🙂🙂🙂🙂🙂🙂'; completable.sec")).content;
  assert.deepEqual([wide.matches[0], wide.cursor_start, wide.cursor_end], ["second", 22, 25]);
});

test("inspection gives the type and the documentation", async () => {
  await wire.run("/** The documented one. */\nfunction documented(x: number): string { return String(x); }");
  const inspect = (code: string, cursor_pos: number) =>
    wire.ask("inspect_request", { code, cursor_pos, detail_level: 0 }).then(({ reply }) => reply!);
  const { type, content } = await inspect("documented(1)", 4);
  assert.deepEqual([type, content.status, content.found], ["inspect_reply", "ok", true]);
  assert.match(content.data["text/plain"], /function documented\(x: number\): string/);
  const none = await inspect("   ", 1);
  assert.deepEqual([none.content.status, none.content.found, none.content.data], ["ok", false, {}]);
});

test("history is told by its end, a range, or a pattern", async () => {
  await wire.run("'historic 1'");
  const { reply } = await wire.run("'historic 2'");
  const at = reply!.content.execution_count;
  const history = async (content: object): Promise<unknown> => {
    const answer = await wire.ask("history_request", { output: false, raw: true, ...content });
    assert.equal(answer.reply?.type, "history_reply");
    return answer.reply.content.history;
  };
  const two = [
    [1, at - 1, "'historic 1'"],
    [1, at, "'historic 2'"],
  ];
  assert.deepEqual(await history({ hist_access_type: "tail", n: 2 }), two);
  assert.deepEqual(await history({ hist_access_type: "range", session: 0, start: at - 1, stop: at }), [two[0]]);
  assert.deepEqual(await history({ hist_access_type: "search", pattern: "*historic ?'", n: 10 }), two);
  assert.deepEqual(await history({ hist_access_type: "search", pattern: "nowhere" }), []);
  assert.deepEqual(await history({ hist_access_type: "tail", n: 1, output: true }), [[1, at, ["'historic 2'", null]]]);
});

test("rich output is shown, and changed in place", async () => {
  const shown = await wire.run(
    "const { display, newDisplay } = require('tslab'); display.html('<b>1</b>'); display.png(new Uint8Array([1, 2, 3]))",
  );
  assert.deepEqual(
    only("display_data", shown).map(({ data }) => data),
    [{ "text/html": "<b>1</b>" }, { "image/png": "AQID" }],
  );
  const changed = await wire.run("const shownOnce = newDisplay(); shownOnce.text('1'); shownOnce.text('2')");
  const [first] = only("display_data", changed);
  const [second] = only("update_display_data", changed);
  assert.deepEqual([first.data["text/plain"], second.data["text/plain"]], ["1", "2"]);
  assert.ok(first.transient.display_id);
  assert.equal(first.transient.display_id, second.transient.display_id);
});

test("there are no comms, and an opened one is closed", async () => {
  const { reply } = await wire.ask("comm_info_request", { target_name: "jupyter.widget" });
  assert.deepEqual([reply?.type, reply?.content], ["comm_info_reply", { status: "ok", comms: {} }]);
  const id = await wire.send("comm_open", { comm_id: "c", target_name: "jupyter.widget", data: {} });
  assert.deepEqual(only("comm_close", { outputs: await wire.listen(id, 0.5) }), [{ comm_id: "c", data: {} }]);
});

test("a request that is not known is not answered, and does no harm", async () => {
  const id = await wire.send("debug_request", { command: "initialize" });
  const { reply, outputs } = await wire.finish(id, 0.5);
  assert.equal(reply, null);
  assert.deepEqual(
    outputs.map(({ content }) => content),
    [{ execution_state: "busy" }, { execution_state: "idle" }],
  );
});

test("while a cell waits, questions are answered, and the kernel is then said to be busy again", async () => {
  const id = await wire.send("execute_request", execution("await new Promise((r) => setTimeout(r, 1500)); 'end'"));
  const { reply } = await wire.ask("complete_request", { code: "parseIn", cursor_pos: 7 });
  assert.equal(reply?.content.matches[0], "parseInt");
  const { outputs } = await wire.finish(id);
  const states = outputs.filter(({ type }) => type === "status").map(({ content }) => content.execution_state);
  assert.deepEqual(states, ["busy", "busy", "idle"]);
});

test("the heartbeat is answered within a second while a cell loops", async () => {
  const id = await begin(wire, "for (const end = Date.now() + 4000; Date.now() < end; ) {} 'over'");
  for (let beats = 0; beats < 3; beats++) assert.ok(await wire.beat(1));
  assert.equal((await wire.finish(id, 0.1)).reply, null, "the cell still looped");
  assert.equal(only("execute_result", await wire.finish(id))[0].data["text/plain"], "over");
});

test("on control, too, the kernel is asked who it is, and to shut down, which it says to all and does", async () => {
  const folder = mkdtempSync(join(tmpdir(), "psn-kernel-"));
  const short = await startWire({ folder });
  try {
    assert.equal((await short.ask("kernel_info_request", {}, "control")).reply?.type, "kernel_info_reply");
    await short.run(
      "setInterval(() => undefined, 1000); new (require('worker_threads').Worker)('setInterval(() => {}, 1000)', { eval: true }); 0",
    );
    await begin(short, "for (;;) {}");
    const { reply, outputs } = await short.ask("shutdown_request", { restart: true }, "control");
    assert.deepEqual([reply?.type, reply?.content], ["shutdown_reply", { status: "ok", restart: true }]);
    assert.deepEqual(only("shutdown_reply", { outputs }), [{ status: "ok", restart: true }]);
    assert.equal(
      await short.wait(3),
      0,
      "the process has ended well, though a cell looped, and timers and threads ran in it",
    );
  } finally {
    await short.stop();
    rmSync(folder, { recursive: true });
  }
});
