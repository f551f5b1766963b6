import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { only, startWire, text, type Wire } from "./wire";

// Far from the repository, whose packages are found nevertheless.
const folder = mkdtempSync(join(tmpdir(), "psn-elsewhere-"));
let wire: Wire;
before(async () => {
  wire = await startWire({ folder });
});
after(async () => {
  await wire.stop();
  rmSync(folder, { recursive: true });
});

/** The text of the last expression of the last of some cells, all of which succeed. */
async function last(...cells: readonly string[]): Promise<string> {
  let shown = "";
  for (const code of cells) {
    const finished = await wire.run(code);
    assert.equal(finished.reply?.content.status, "ok", `${code}: ${finished.reply?.content.evalue}`);
    shown = only("execute_result", finished)[0]?.data["text/plain"] ?? "";
  }
  return shown;
}

test("a cell's folder is where the kernel was started", async () => {
  assert.equal(await last("process.cwd()"), folder);
});

test("psn is imported, with its types, from a folder that has no packages above it", async () => {
  assert.equal(await last("import { familyNames } from 'psn'; familyNames.length > 0"), "true");
  const { reply } = await wire.run("import { createRandom as make } from 'psn'; const n: string = make(1)");
  assert.match(reply?.content.evalue, /'Random' is not assignable to type 'string'/);
});

test("{y} is a property of an earlier cell's y, in objects and in destructuring", async () => {
  assert.equal(await last("const y = 3; let z = 1", "const held = {y, z: [{ y }]}; held"), "{ y: 3, z: [ { y: 3 } ] }");
  assert.equal(await last("({ z } = { z: 5 }); z"), "5");
  assert.equal(await last("({ z = 7 } = {} as { z?: number }); z"), "7");
});

test("await before a bracket may be a cell's only await", async () => {
  assert.equal(await last("await (Promise.resolve(5))"), "5");
  assert.equal(await last("const waited = await (async () => 6)()", "waited"), "6");
});

test("for await stands at the top of a cell", async () => {
  const finished = await wire.run("for await (const one of [1, Promise.resolve(2)]) console.log(one)");
  assert.equal(text("stdout", finished), "1\n2\n");
});

test("a later assignment is seen by earlier functions, and theirs by later cells", async () => {
  await last("let shared = 1; const [read, write] = [() => shared, (value: number) => { shared = value; }];");
  assert.equal(await last("shared = 2; read()"), "2");
  assert.equal(await last("shared++; read()"), "3");
  assert.equal(await last("write(10); shared"), "10");
  assert.equal(await last("let shared = 100; read()"), "10", "a new variable of that name is another one");
  assert.equal(await last("shared"), "100");
});

test("columns of errors do not count what was put in for {y}", async () => {
  const { reply } = await wire.run("const pair = [{ y }, { y }, missing]");
  assert.match(reply?.content.traceback[0], /:1:29 - /);
  const thrown = await wire.run("const both = [{ y }, null!.x]");
  assert.match(thrown.reply?.content.traceback.join("\n"), /Cell \[\d+\]:1:\d\d/);
});

test("util has what Node 23 took away and packages still use", async () => {
  assert.equal(await last("const u = require('util'); [u.isNullOrUndefined(null), u.isArray([])].join()"), "true,true");
});

test("a danfo frame is a table in HTML and text; of many rows the first and the last", async () => {
  await last(
    "import { frame } from 'psn'; const rows30 = (n: number) => frame(Array.from({ length: n }, (_, i) => ({ i, half: i / 2 })))",
  );
  const shown = async (code: string) => only("execute_result", await wire.run(code))[0].data;
  const thirty = await shown("rows30(30)");
  assert.equal(thirty["text/html"].match(/<tr>/g).length, 31);
  assert.equal(thirty["text/plain"].split("\n").length, 32);
  const many = await shown("rows30(1000)");
  assert.equal(many["text/html"].match(/<tr>/g).length, 32);
  assert.match(many["text/plain"], /\n *24 +12\n *… +…\n *995 +497\.5\n[\s\S]*1000 rows × 2 columns$/);
  assert.match((await shown("(rows30(2) as any).half"))["text/plain"], /half\n[\s\S]*1 +0\.5$/);
});

test("a Plotly figure is shown as one, with its picture", async () => {
  const [{ data, metadata }] = only(
    "execute_result",
    await wire.run("({ data: [{ x: [1], y: [2] }], layout: { width: 300, height: 200 } })"),
  );
  assert.deepEqual(Object.keys(data), ["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
  assert.deepEqual(data["application/vnd.plotly.v1+json"].data, [{ x: [1], y: [2] }]);
  assert.equal(Buffer.from(data["image/png"], "base64").toString("latin1", 1, 4), "PNG");
  assert.deepEqual(metadata, { "image/png": { width: 300, height: 200 } });
  assert.equal(await last("({ data: [1], layout: {} })"), "{ data: [ 1 ], layout: {} }", "that is no figure");
});

test("a result that no message can hold fails its cell, and the next one runs", async () => {
  const { reply } = await wire.run("({ data: [{ x: [1n], y: [1] }], layout: {} })");
  assert.deepEqual([reply?.content.status, reply?.content.ename], ["error", "TypeError"]);
  assert.equal(await last("1 + 1"), "2");
});

test("progress leaves no times behind for a frontend at which nobody sits, as nbconvert", async () => {
  const code = "import { progress } from 'psn'; const bar = progress('runs', 1); bar.advance(); bar.finish()";
  const shown = async (more: object) => {
    const own = await startWire();
    const { outputs } = await own.run(code, more);
    await own.stop();
    return outputs
      .map(({ content }) => content.data?.["text/plain"] ?? content.text)
      .filter(Boolean)
      .pop();
  };
  assert.match(await shown({ allow_stdin: true }), /^runs: all 1 done in 0 s$/);
  assert.match(await shown({ allow_stdin: false }), /^runs: all 1 done$/);
});
