import assert from "node:assert/strict";
import { test } from "node:test";
import { createGridLine, describeGrid } from "psn/dist/commands/grid-line";
import { createTally, type GridProgress } from "psn/dist/experiments/grid-progress";

const training = (step: number) => ({ step, steps: 100, epoch: 1, loss: null, accuracy: null });

test("rate and time left count what was computed here, parts of runs included", () => {
  let now = 0;
  const tally = createTally(
    { total: 13, recorded: 3 },
    () => undefined,
    () => now,
  );
  assert.deepEqual([tally.progress().perMinute, tally.progress().secondsLeft], [null, null]);
  now = 1000;
  tally.begin("a", "A");
  tally.begin("b", "B");
  tally.train("b", training(50));
  now = 31_000;
  tally.end("a", "done");
  assert.deepEqual(tally.progress(), {
    recorded: 3,
    done: 1,
    failed: 0,
    elsewhere: 0,
    total: 13,
    perMinute: 3, // one and a half in half a minute
    secondsLeft: (13 - 3 - 1.5) * 20,
    inFlight: [{ label: "B", training: training(50) }],
  });
});

test("what others compute counts as recorded, and makes us no faster", () => {
  let now = 0;
  const seen: GridProgress[] = [];
  const tally = createTally(
    { total: 4, recorded: 0 },
    (progress) => seen.push(progress),
    () => now,
  );
  tally.begin("a", "A");
  now = 60_000;
  tally.end("a", "failed");
  tally.elsewhere(2);
  tally.found("recorded");
  tally.found("failed");
  const { recorded, done, failed, perMinute, secondsLeft } = seen[seen.length - 1];
  assert.deepEqual([recorded, done, failed, perMinute, secondsLeft], [1, 0, 2, 1, 60]);
});

const progress: GridProgress = {
  recorded: 2,
  done: 3,
  failed: 1,
  total: 10,
  elsewhere: 1,
  perMinute: 2.04,
  secondsLeft: 125,
  inFlight: [
    { label: "ERK, 90 %, seed 3", training: training(29.9) },
    { label: "dense, 0 %, seed 0", training: null },
  ],
};

test("the line says done, failed, rate, time left, and what is in flight", () => {
  assert.equal(
    describeGrid(progress),
    "5 of 10 runs done (2 found recorded), 1 failed, 1 in another process, 2.0 a minute, 2 min 05 s left · ERK, 90 %, seed 3: 29 % · dense, 0 %, seed 0",
  );
});

test("on a terminal one line changes in place and never wraps; in a log a line comes every ten seconds", () => {
  for (const isTTY of [true, false]) {
    let now = 0;
    const written: string[] = [];
    const line = createGridLine({ isTTY, columns: 40, write: (text) => written.push(text) }, () => now);
    for (; now < 25_000; now += 100) line.show(progress);
    line.end();
    if (isTTY) {
      assert.equal(written.length, 125 + 2);
      for (const text of written.slice(0, -1)) assert.match(text, /^\r.\[K[^\n]{39}$/);
      assert.equal(written[written.length - 1], "\n");
    } else {
      assert.equal(written.length, 3 + 1);
      for (const text of written) assert.match(text, /^5 of 10 .*\n$/);
    }
  }
});
