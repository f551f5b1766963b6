import assert from "node:assert/strict";
import { test } from "node:test";
import { crossTable } from "psn/dist/notebook/cross-table";

const rows = [
  { city: "Graz", year: "2001", people: 1 },
  { city: "Graz", year: "2000", people: 2 },
  { city: "Wien", year: "2000", people: 3 },
];
const layout = {
  down: ({ city }: (typeof rows)[number]) => ({ city }),
  across: ({ year }: (typeof rows)[number]) => `in ${year}`,
  cell: ({ people }: (typeof rows)[number]) => people,
};

test("lines and columns stand in order of first appearance, and nothing is null", () => {
  const table = crossTable(rows, layout);
  assert.deepEqual(table, [
    { city: "Graz", "in 2001": 1, "in 2000": 2 },
    { city: "Wien", "in 2001": null, "in 2000": 3 },
  ]);
  assert.deepEqual(Object.keys(table[1]), ["city", "in 2001", "in 2000"]);
  assert.deepEqual(crossTable([], layout), []);
});

test("columns that are put in order come first, and one without a row does not come at all", () => {
  const columnsOf = (order: string[]): string[] => Object.keys(crossTable(rows, { ...layout, order })[0]);
  assert.deepEqual(columnsOf(["in 1999", "in 2000", "in 2001"]), ["city", "in 2000", "in 2001"]);
  assert.deepEqual(columnsOf(["in 2000"]), ["city", "in 2000", "in 2001"]);
});

test("two rows at one place, and a column that is there already, are refused", () => {
  assert.throws(() => crossTable([...rows, rows[0]], layout), /two rows stand at \{"city":"Graz"\}, "in 2001"/);
  assert.throws(() => crossTable(rows, { ...layout, across: () => "city" }), /"city" is across and down/);
});
