import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { execution, type Finished, type Output, only, type Wire } from "./wire";

/** Waits until something holds, and says whether it does by then. */
export async function until(holds: () => unknown, seconds: number): Promise<boolean> {
  for (let looks = 0; looks < 20 * seconds && !holds(); looks++) await sleep(50);
  return Boolean(holds());
}

/** In milliseconds: an interrupted cell ends within a second, or a few where the processors have much else to do. */
const limit = 3000;

/** Runs a cell, interrupts it once `isTime`, and checks that it ends soon and leaves the kernel usable. */
export async function interrupted(on: Wire, code: string, isTime: () => unknown = () => true): Promise<Finished> {
  const id = await begin(on, code);
  assert.ok(await until(isTime, 60), "the cell has come to where it is to be interrupted");
  const start = performance.now();
  await on.interrupt();
  const finished = await on.finish(id, 20);
  assert.ok(performance.now() - start < limit, `it took ${performance.now() - start} ms`);
  assert.deepEqual([finished.reply?.content.status, finished.reply?.content.ename], ["error", "Interrupted"]);
  assert.equal((await on.run("1 + 1")).reply?.content.status, "ok", "the kernel is usable");
  return finished;
}

/** Sends a cell and waits until it runs; its compilation cannot be interrupted, and may take seconds on a busy machine. */
export async function begin(on: Wire, code: string): Promise<string> {
  const id = await on.send("execute_request", execution(`console.log('begun'); ${code}`));
  let outputs: readonly Output[] = [];
  for (let looks = 0; looks < 600 && only("stream", { outputs }).length === 0; looks++) {
    outputs = await on.listen(id, 0.1);
  }
  await sleep(100);
  return id;
}

/** The text of a cell's result. */
export async function value(on: Wire, code: string): Promise<string> {
  const finished = await on.run(code);
  assert.equal(finished.reply?.content.status, "ok", finished.reply?.content.evalue);
  return only("execute_result", finished)[0].data["text/plain"];
}
