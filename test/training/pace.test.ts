import assert from "node:assert/strict";
import { test } from "node:test";
import { createPace } from "psn/dist/training/pace";

test("the first call is one step, later ones as many as take a tenth of a second", () => {
  let now = 0;
  const pace = createPace(undefined, () => now);
  assert.equal(pace.stepsAtATime(), 1);
  const work = (milliseconds: number) => () => {
    now += milliseconds;
    return "done";
  };
  assert.equal(pace.timed(1, work(2)), "done");
  assert.equal(pace.stepsAtATime(), 50);
  pace.timed(50, work(5));
  assert.equal(pace.stepsAtATime(), 1000);
  pace.timed(1, work(3000));
  assert.equal(pace.stepsAtATime(), 1);
});

test("it pauses when a tenth of a second has passed, and lets others run", async () => {
  let now = 0;
  let others = 0;
  const pace = createPace(undefined, () => now);
  setImmediate(() => others++);
  assert.equal(await pace.pause(), false);
  assert.equal(others, 0);
  now = 100;
  assert.equal(await pace.pause(), true);
  assert.equal(others, 1);
  assert.equal(await pace.pause(), false);
});

test("it throws the signal's reason at the next pause", async () => {
  let now = 0;
  const controller = new AbortController();
  const pace = createPace(controller.signal, () => now);
  controller.abort(new Error("enough"));
  now = 100;
  await assert.rejects(pace.pause(), /enough/);
});
