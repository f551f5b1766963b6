import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import fc from "fast-check";
import type { GridProgress } from "psn/dist/experiments/grid-progress";
import { gridDisplay } from "psn/dist/notebook/grid-display";
import { notebookReporter } from "psn/dist/notebook/load-dataset";
import { progress } from "psn/dist/notebook/progress";
import { sparkline } from "psn/dist/notebook/sparkline";
import { train } from "psn/dist/notebook/train";
import { blobs } from "../training/blobs";
import { leaveKernel, pretendKernel, type Sent } from "./pretend-kernel";

const printed: string[] = [];
const log = console.log;
const asked = process.env.PSN_PROGRESS;
beforeEach(() => {
  printed.length = 0;
  console.log = (text: string) => void printed.push(text);
  delete process.env.PSN_PROGRESS;
});
afterEach(() => {
  console.log = log;
  leaveKernel();
  if (asked !== undefined) process.env.PSN_PROGRESS = asked;
});

const textsOf = (sent: readonly Sent[]): string[] => sent.map(({ message }) => message.data["text/plain"] as string);
const quiet = { PSN_PROGRESS: "quiet" };

test("progress changes one display in place: done of total, rate, time left, news and a curve", () => {
  const sent = pretendKernel();
  let now = 0;
  const runs = progress("runs", 2, { clock: () => now, environment: {} });
  now = 15_000;
  runs.tell("seed 0", 0.5);
  now = 30_000;
  runs.advance("seed 0: 84 %");
  for (now = 40_000; now < 43_000; now += 1000) runs.plot(now);
  now = 60_000;
  runs.advance("seed 1");
  runs.finish();
  runs.finish();
  const texts = textsOf(sent);
  assert.deepEqual(texts.slice(0, 3), [
    "runs ░░░░░░░░░░░░░░░░░░░░ 0 of 2",
    "runs █████░░░░░░░░░░░░░░░ 0 of 2, 2.0 a minute, 45 s left · seed 0",
    "runs ██████████░░░░░░░░░░ 1 of 2, 2.0 a minute, 30 s left · seed 0: 84 %",
  ]);
  assert.match(texts[5], / · seed 0: 84 % ▁▅█$/);
  assert.equal(texts[texts.length - 1], "runs: all 2 done in 1 min 00 s");
  assert.equal(texts.length, 8);
  assert.equal(new Set(sent.map(({ message }) => message.transient.display_id)).size, 1);
  assert.deepEqual(
    sent.map(({ update }) => update),
    sent.map((_, i) => i > 0),
  );
});

test("progress leaves out updates that nobody could read, but never the last", () => {
  const sent = pretendKernel();
  const runs = progress("runs", 100, { clock: () => 1, environment: {} });
  for (let i = 0; i < 100; i++) runs.advance();
  runs.finish();
  assert.equal(sent.length, 2);
  assert.match(textsOf(sent)[1], /all 100 done/);
});

test("what quiet progress leaves behind holds no times, in a notebook and elsewhere", () => {
  const sent = pretendKernel();
  const runs = progress("runs", 3, { environment: quiet });
  runs.advance("a");
  runs.finish();
  assert.equal(textsOf(sent).pop(), "runs: 1 of 3 done");
  leaveKernel();
  const elsewhere = progress("runs", 3, { environment: quiet });
  elsewhere.advance("a");
  elsewhere.finish();
  assert.deepEqual(printed, ["runs: 1 of 3 done"]);
});

test("no work at all is said so, and not counted", () => {
  progress("runs", 0, { environment: quiet }).finish();
  assert.deepEqual(printed, ["runs: nothing left to do"]);
});

test("progress refuses a total or a setting that means nothing", () => {
  assert.throws(() => progress("runs", 1.5), /total 1.5/);
  assert.throws(() => progress("runs", 1, { environment: { PSN_PROGRESS: "loud" } }), /PSN_PROGRESS is "loud"/);
});

test("a sparkline goes from the least value to the largest, and averages what does not fit", () => {
  assert.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7]), "▁▂▃▄▅▆▇█");
  assert.equal(sparkline([3, 3]), "▄▄");
  assert.equal(sparkline([0, 2, 7, 7, Number.NaN], 2), "▁█");
  assert.equal(sparkline([]), "");
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 })),
      fc.integer({ min: 1, max: 40 }),
      (values, width) => {
        const line = sparkline(values, width);
        assert.equal(line.length, Math.min(values.length, width));
        assert.match(line, /^[▁-█]*$/);
      },
    ),
  );
});

const training = (step: number, loss: number) => ({ step, steps: 100, epoch: 1, loss, accuracy: 0.5 });

test("a grid shows its counts, and of a run its share, loss and accuracy with a curve of its own losses", () => {
  const sent = pretendKernel();
  let now = 0;
  const display = gridDisplay("rigl", { clock: () => now, environment: {} });
  const at: GridProgress = {
    recorded: 2,
    done: 1,
    failed: 0,
    total: 6,
    elsewhere: 0,
    perMinute: 1.5,
    secondsLeft: 120,
    inFlight: [],
  };
  const shows = (label: string, step: number, loss: number): string => {
    now += 1000;
    display.show({ ...at, inFlight: [{ label, training: training(step, loss) }] });
    return textsOf(sent).pop()!;
  };
  shows("A", 10, 3);
  shows("A", 20, 2);
  assert.equal(
    shows("A", 30, 1),
    "rigl ██████████░░░░░░░░░░ 3 of 6 runs done (2 found recorded), 0 failed, 1.5 a minute, 2 min 00 s left · " +
      "A: 30 %, loss 1.000, accuracy 50.0 % █▅▁",
  );
  assert.match(shows("B", 10, 9), / · B: 10 %, loss 9.000, accuracy 50.0 %$/, "another run has a curve of its own");
  display.finish();
  assert.equal(textsOf(sent).pop(), "rigl: 3 of 6 runs recorded, 1 computed in 4 s");
});

test("what a grid leaves behind quietly is the same whether runs were computed or found", () => {
  const ends = [0, 2].map((recorded) => {
    const sent = pretendKernel();
    const display = gridDisplay("rigl", { environment: quiet });
    const counts = { recorded, done: 2 - recorded, failed: 0, total: 2, elsewhere: 0, inFlight: [] };
    display.show({ ...counts, perMinute: null, secondsLeft: 0 });
    display.finish();
    return textsOf(sent).pop();
  });
  assert.deepEqual(ends, ["rigl: all 2 runs recorded", "rigl: all 2 runs recorded"]);
});

test("training in a notebook shows itself, and leaves epochs, loss, accuracy and the curve of the losses", async () => {
  const sent = pretendKernel();
  process.env.PSN_PROGRESS = "quiet";
  const result = await train({ dataset: blobs(), hidden: [8], epochs: 3, batch: 16 }, { progress: "mine" });
  const accuracy = (100 * result.accuracy).toFixed(1);
  const texts = textsOf(sent);
  assert.match(texts[0], /^mine [█░]{20} [0-3] of 3 epochs/);
  assert.match(
    texts[texts.length - 1],
    new RegExp(`^mine: 3 epochs, loss \\d\\.\\d{3}, accuracy ${accuracy} % [▁-█]{3}$`),
  );
  sent.length = 0;
  await train({ dataset: blobs(), hidden: [8], epochs: 1, batch: 16 });
  assert.match(textsOf(sent).pop()!, /^blobs: 1 epoch, /, "by default its name is that of the data set");
  sent.length = 0;
  await train({ dataset: blobs(), hidden: [8], epochs: 1, batch: 16 }, { progress: false });
  assert.deepEqual(sent, []);
});

test("training outside a notebook says nothing of itself, and several networks share one display", async () => {
  await train({ dataset: blobs(), hidden: [8], epochs: 1, batch: 16 });
  assert.deepEqual(printed, []);
  const told: [string, number | undefined][] = [];
  const bar = {
    advance() {},
    plot() {},
    finish() {},
    tell: (text: string, part?: number) => void told.push([text, part]),
  };
  await train({ dataset: blobs(), hidden: [8], epochs: 1, batch: 16 }, { progress: bar });
  assert.ok(told.length > 0);
  for (const [text, part] of told) {
    assert.match(text, /^loss \d\.\d{3}/);
    assert.ok(part! > 0 && part! <= 1);
  }
});

test("training that is stopped says how far it came, and rejects", async () => {
  const sent = pretendKernel();
  const stop = new AbortController();
  const config = { dataset: blobs(), hidden: [8], epochs: 100_000, batch: 16 };
  const options = { progress: "mine", signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) };
  await assert.rejects(train(config, options), /enough/);
  assert.match(textsOf(sent).pop()!, /^mine: stopped at 0 %, loss /);
});

test("a download is one display that becomes one line", () => {
  const sent = pretendKernel();
  let now = 0;
  const reporter = notebookReporter(() => now);
  for (const done of [10, 20, 40]) {
    now += 1000;
    reporter.progress("mnist/train", done * 1e6, 40e6);
  }
  reporter.note("verified");
  const texts = textsOf(sent);
  assert.match(texts[1], /^mnist\/train █{10}░{10} 20 of 40 MB, 1200 a minute, 1 s left$/);
  assert.deepEqual([texts.length, texts[2]], [3, "mnist/train: 40.0 MB downloaded"]);
});
