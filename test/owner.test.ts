import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { ownerState, thisProcess } from "psn/dist/owner";

test("a process names itself so that the name can be part of a file's name", () => {
  assert.match(thisProcess(), /^[^\s/.]+$/);
  assert.equal(ownerState(thisProcess()), "alive");
});

test("a process that has ended, or whose pid another one has now, is dead", () => {
  const [host, pid, start] = thisProcess().split("~");
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  assert.equal(ownerState(`${host}~${ended}~${start}`), "dead");
  assert.equal(ownerState(`${host}~${pid}~${start}0`), "dead");
});

test("a process on another machine is elsewhere", () => {
  const [, pid, start] = thisProcess().split("~");
  assert.equal(ownerState(`another-host~${pid}~${start}`), "elsewhere");
});

test("what names no process is dead", () => {
  for (const text of ["", "1234", `${thisProcess()}~more`]) assert.equal(ownerState(text), "dead");
});

test("a killed process is dead, even when nobody has asked after it", {
  skip: process.platform !== "linux",
}, async () => {
  const [host] = thisProcess().split("~");
  // A shell that becomes `sleep` leaves behind a child that it never asks after: a zombie.
  const parent = spawn("sh", [
    "-c",
    "cut -d' ' -f4,22 /proc/self/stat; sleep 0.05 & cut -d' ' -f22 /proc/$!/stat; echo $!; exec sleep 5",
  ]);
  try {
    let text = "";
    while (text.trim().split("\n").length < 3) text += await once(parent.stdout, "data");
    const [, start, pid] = text.trim().split("\n");
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).stdout.trim()[0], "Z");
    assert.equal(ownerState(`${host}~${pid}~${start}`), "dead");
  } finally {
    parent.kill();
  }
});
