import assert from "node:assert/strict";
import { test } from "node:test";
import type { LivePeer } from "psn/bench/.build/live-peer";
import type { Answers, Requests } from "psn/bench/.build/protocol";
import { measure } from "psn/bench/.build/rounds";
import { setting } from "psn/bench/.build/setting";

interface Asked {
  readonly peer: string;
  readonly what: string;
  readonly fields: { readonly run?: string; readonly steps?: number };
}

/** A peer to which a step costs `seconds`, and a log of what it is asked. */
function madeUp(id: string, seconds: number, log: Asked[]): LivePeer {
  const ask = async <K extends keyof Requests>(what: K, fields: Requests[K]): Promise<Answers[K]> => {
    log.push({ peer: id, what, fields: fields as Asked["fields"] });
    const cpu = seconds * ((fields as Asked["fields"]).steps ?? 0);
    return { cpu, loss: 1 } as Answers[K];
  };
  return { peer: { id, label: id, command: [], environment: {} }, backend: id, ask, stop: () => {} };
}

test("cells take turns, each round beginning one further, for about the same time each", async () => {
  const log: Asked[] = [];
  const [fast, slow] = [madeUp("fast", 1e-5, log), madeUp("slow", 1e-3, log)];
  const update = { interval: 100, fraction: 0.3 };
  const cells = [
    { peer: fast, setting: setting({}) },
    { peer: slow, setting: setting({}) },
    { peer: fast, setting: setting({ update }) },
  ];
  const costs = await measure(cells, { rounds: 4, seconds: 0.1234 });
  costs.forEach((rounds, cell) => {
    assert.equal(rounds.length, 4);
    for (const cost of rounds) assert.ok(Math.abs(cost - [10, 1000, 10][cell]) < 1e-6, `${cost}`);
  });

  const timed = log.filter(({ what }) => what === "steps").slice(-12);
  const order = timed.map(({ fields }) => Number(fields.run!.split(" ")[1]));
  assert.deepEqual(order, [0, 1, 2, 1, 2, 0, 2, 0, 1, 0, 1, 2]);
  const stepsOf = (cell: number): unknown[] =>
    timed.filter((_, i) => order[i] === cell).map(({ fields }) => fields.steps);
  assert.deepEqual(stepsOf(0), Array(4).fill(12_340));
  assert.deepEqual(stepsOf(1), Array(4).fill(124), "rounded up");
  assert.deepEqual(stepsOf(2), Array(4).fill(12_400), "whole intervals between updates");
});

test("a peer makes the same examples once, and every run is closed", async () => {
  const log: Asked[] = [];
  const peer = madeUp("one", 1e-2, log);
  const cells = [0.8, 0.9].map((sparsity) => ({ peer, setting: setting({ sparsity }) }));
  await measure(cells, { rounds: 1, seconds: 0.01 });
  await measure([{ peer, setting: setting({ sizes: [50, 20, 3] }) }], { rounds: 1, seconds: 0.01 });
  const times = (what: string): number => log.filter((each) => each.what === what).length;
  assert.deepEqual([times("data"), times("open"), times("close")], [2, 3, 3]);
  assert.equal(log.filter(({ what }) => what === "steps").at(-1)!.fields.steps, 20, "never fewer steps than that");
});
