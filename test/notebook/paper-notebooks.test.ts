import assert from "node:assert/strict";
import { test } from "node:test";
import { notebooksFor, paperNotebooks } from "psn/dist/notebook/paper-notebooks";

const names = (only: string[]): string[] => notebooksFor(only).map(({ name }) => name);

test("a figure stands for its notebook, and none for all of them, in the paper's order", () => {
  assert.deepEqual(
    names([]),
    paperNotebooks.map(({ name }) => name),
  );
  assert.deepEqual(names(["figure-3"]), ["3-rigl"]);
  assert.deepEqual(names(["figure-3", "1-profiles", "figure-1"]), ["1-profiles", "3-rigl"]);
});

test("the tour is run by its name only", () => {
  assert.deepEqual(names(["0-explore"]), ["0-explore"]);
  assert.deepEqual(names(["figure-1", "0-explore"]), ["0-explore", "1-profiles"]);
  assert.ok(!names([]).includes("0-explore"));
});

test("an unknown figure is refused by name, even beside a known one", () => {
  assert.throws(() => notebooksFor(["figure-1", "figure-9"]), {
    name: "RangeError",
    message: /no figure-9; there are figure-1,/,
  });
});
