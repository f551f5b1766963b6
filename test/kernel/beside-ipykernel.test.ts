import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { execution, type Finished, startWire, type Wire } from "./wire";

// The same requests to this project's kernel and to Python's, whose answers must hold the same messages with the same
// fields. What is listed as differing must differ, and nothing else may.

let ours: Wire;
let python: Wire;
before(async () => {
  [ours, python] = await Promise.all([startWire(), startWire({ kernel: "ipykernel" })]);
});
after(() => Promise.all([ours.stop(), python.stop()]));

/** What makes up an answer: all messages in order, with their state or status, and the names of their fields. */
function shape({ reply, outputs }: Finished): string[] {
  return [...outputs, ...(reply ? [reply] : [])].map(({ type, content }) => {
    const state = content.execution_state ?? content.status ?? "";
    return [`${type} ${state}:`, ...Object.keys(content).sort()].join(" ");
  });
}

interface Case {
  /** Default: execute_request. */
  readonly type?: string;
  /** What each kernel is asked: the same, or its own language's words for it. */
  readonly ours: object;
  readonly python: object;
  /** What stands in ipykernel's answer, what in ours instead, and why. */
  readonly differs?: readonly (readonly [python: string, ours: string, why: string])[];
}

const cells = (typescript: string, python: string, more: object = {}): Pick<Case, "ours" | "python"> => ({
  ours: execution(typescript, more),
  python: execution(python, more),
});
const both = (content: object): Pick<Case, "ours" | "python"> => ({ ours: content, python: content });

const cases: Readonly<Record<string, Case>> = {
  "who it is": {
    type: "kernel_info_request",
    ...both({}),
    differs: [[" supported_features", "", "it belongs to protocol 5.5: subshells and a debugger, which are not here"]],
  },
  "a result": cells("1 + 1", "1 + 1"),
  "no result": cells("const a = 1", "a = 1"),
  "text on stdout": cells("console.log('a')", "print('a')"),
  "text on stderr": cells("console.error('a')", "import sys; print('a', file=sys.stderr)"),
  "an error": {
    ...cells("throw new Error('a')", "raise ValueError('a')"),
    differs: [
      [" engine_info", "", "it is for IPython's parallel engines"],
      [" payload", "", "the protocol has it in answers of status ok only"],
      [" user_expressions", "", "the protocol has it in answers of status ok only"],
    ],
  },
  "a silent cell": cells("1 + 1", "1 + 1", { silent: true }),
  "a cell not to be stored": cells("1 + 1", "1 + 1", { store_history: false }),
  completion: {
    type: "complete_request",
    ours: { code: "parseI", cursor_pos: 6 },
    python: { code: "prin", cursor_pos: 4 },
  },
  inspection: {
    type: "inspect_request",
    ours: { code: "parseInt", cursor_pos: 3, detail_level: 0 },
    python: { code: "print", cursor_pos: 3, detail_level: 0 },
  },
  "inspection of nothing": { type: "inspect_request", ...both({ code: "zzz_none", cursor_pos: 3, detail_level: 0 }) },
  "a whole cell": { type: "is_complete_request", ...both({ code: "1 + 1" }) },
  "half a cell": {
    type: "is_complete_request",
    ours: { code: "if (1) {" },
    python: { code: "if 1:" },
  },
  nonsense: {
    type: "is_complete_request",
    ...both({ code: "1 = = 1" }),
    differs: [
      ["invalid", "complete", "tslab only asks whether more lines could follow; the error is told when it runs"],
    ],
  },
  history: { type: "history_request", ...both({ hist_access_type: "tail", n: 1, output: false, raw: true }) },
  comms: { type: "comm_info_request", ...both({}) },
};

for (const [what, { type = "execute_request", ours: mine, python: theirs, differs = [] }] of Object.entries(cases)) {
  const but = differs.map(([a, b, why]) => `; not ${a.trim()}${b && `, but ${b}`}: ${why}`).join("");
  test(`${what}: the kernel answers as ipykernel does${but}`, async () => {
    const expected = shape(await python.ask(type, theirs));
    const last = expected.length - 1;
    for (const [a, b] of differs) {
      assert.ok(expected[last].includes(a), `ipykernel's answer has no ${a} any more`);
      expected[last] = expected[last].replace(a, b);
    }
    assert.deepEqual(shape(await ours.ask(type, mine)), expected);
  });
}

test("unlike ipykernel, user expressions are not evaluated: no TypeScript frontend sends any", async () => {
  const more = { user_expressions: { two: "1 + 1" } };
  assert.deepEqual((await ours.run("1", more)).reply?.content.user_expressions, {});
  assert.equal((await python.run("1", more)).reply?.content.user_expressions.two.status, "ok");
});

test("unlike ipykernel, the kernel answers questions while a cell waits, and then says that it is busy again", async () => {
  const states = async (wire: Wire, code: string, question: object): Promise<string[]> => {
    const id = await wire.send("execute_request", execution(code));
    await wire.ask("complete_request", question);
    const { outputs } = await wire.finish(id);
    return outputs.filter(({ type }) => type === "status").map(({ content }) => content.execution_state);
  };
  const ask = { code: "a", cursor_pos: 1 };
  assert.deepEqual(await states(ours, "await new Promise((r) => setTimeout(r, 500))", ask), ["busy", "busy", "idle"]);
  assert.deepEqual(await states(python, "import asyncio; await asyncio.sleep(0.5)", ask), ["busy", "idle"]);
});
