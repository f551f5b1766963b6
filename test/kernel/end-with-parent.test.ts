import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { hasEnded } from "psn/dist/kernel/end-with-parent";

test("Jupyter has ended when its child has another parent, or was an orphan from the start, or its own id is gone", () => {
  const alive = process.pid;
  const gone = spawnSync(process.execPath, ["--version"]).pid;
  const rows: [ppid: number, pid: number, jupyter: number | undefined, ended: boolean][] = [
    [7, 7, undefined, false],
    [1, 7, undefined, true],
    [8, 7, alive, true],
    [7, 7, 7, false],
    [7, 7, alive, false], // another program stands between
    [7, 7, gone, true],
    [1, 1, alive, true], // killed, and not yet waited for by its parent
    [1, 1, 1, false], // the first process of a container
    [1, 1, undefined, false],
  ];
  for (const [ppid, pid, jupyter, ended] of rows) {
    assert.equal(hasEnded({ pid, jupyter }, ppid), ended, `${[ppid, pid, jupyter]}`);
  }
});
