import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { startPeer } from "psn/bench/.build/live-peer";
import { checkSteps, lines, PeerError, parseAnswer } from "psn/bench/.build/protocol";

test("lines come out whole, however the stream is cut", () => {
  const text = '{"id":0}\n{"id":1,"loss":2.5}\n\n{"id":2}\n';
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (cuts) => {
      const heard: string[] = [];
      const hear = lines((line) => heard.push(line));
      const ends = [0, ...cuts.sort((a, b) => a - b), text.length];
      for (let i = 1; i < ends.length; i++) hear(text.slice(ends[i - 1], ends[i]));
      assert.deepEqual(heard, ['{"id":0}', '{"id":1,"loss":2.5}', '{"id":2}']);
    }),
  );
});

test("what is not an answer is an error that quotes it", () => {
  assert.deepEqual(parseAnswer('{"id":3,"cpu":0.5}'), { id: 3, cpu: 0.5 });
  for (const line of ["Loading …", "null", "[1]", '{"cpu":0.5}', '{"id":"3"}', '{"id":3']) {
    assert.throws(() => parseAnswer(line), { name: "Error", message: /which is no answer/ }, line);
  }
});

test("impossible measurements are refused", () => {
  checkSteps({ cpu: 0.1, loss: 2 });
  assert.throws(() => checkSteps({ cpu: 0, loss: 2 }), /0 processor seconds/);
  assert.throws(() => checkSteps({ cpu: Number.NaN, loss: 2 }), PeerError);
  assert.throws(() => checkSteps({ cpu: 0.1, loss: null as unknown as number }), /its loss is null/);
});

/** A peer that says hello and then does what the program says with each further request. */
function peer(program: string, hello = 'answer({ backend: "made up" })') {
  const source = `require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const request = JSON.parse(line);
    const answer = (fields) => console.log(JSON.stringify({ id: request.id, ...fields }));
    if (request.do === "hello") { ${hello}; } else { ${program}; }
  })`;
  return { id: "made-up", label: "Made-up", command: [process.execPath, "-e", source], environment: {} };
}

const steps = { run: "a", steps: 7 };

test("a live peer is asked and answers", async () => {
  const live = await startPeer(peer("answer({ cpu: request.steps, loss: 1 })"), []);
  assert.equal(live.backend, "made up");
  assert.deepEqual(await live.ask("steps", steps), { cpu: 7, loss: 1 });
  const both = await Promise.all([live.ask("steps", steps), live.ask("steps", { run: "a", steps: 8 })]);
  assert.deepEqual(
    both.map(({ cpu }) => cpu),
    [7, 8],
  );
  live.stop();
  await assert.rejects(live.ask("steps", steps), /Made-up has ended with SIGTERM/);
});

test("whatever goes wrong in a peer is told, and nobody waits for ever", async () => {
  const failing: [program: string, message: RegExp][] = [
    ['answer({ error: "no such run" })', /^Made-up: no such run$/],
    ['console.log("Warning: hot")', /^Made-up wrote "Warning: hot", which is no answer/],
    ["process.exit(3)", /^Made-up has ended with 3$/],
    ['console.error("out of memory"); process.exit(1)', /^Made-up has ended with 1: out of memory$/],
    ["answer({ cpu: 0, loss: 1 })", /0 processor seconds/],
  ];
  for (const [program, message] of failing) {
    const live = await startPeer(peer(program), []);
    await assert.rejects(
      live.ask("steps", steps),
      (error) => error instanceof PeerError && message.test(error.message),
    );
    live.stop();
  }
});

test("a peer that cannot start says why", async () => {
  const dying = peer("", 'console.error("No module named torch"); process.exit(1)');
  await assert.rejects(startPeer(dying, []), /^Error: Made-up does not start: No module named torch$/);
  await assert.rejects(startPeer({ ...dying, command: ["no-such-program"] }, []), /Made-up does not start: .*ENOENT/);
});
