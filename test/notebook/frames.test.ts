import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { aggregate, frame, rows, toCsv } from "psn/dist/notebook/frames";

test("groups whose keys look alike when joined stay apart", () => {
  const table = [
    { a: "x-y", b: "z", v: 1 },
    { a: "x", b: "y-z", v: 10 },
    { a: "a-", b: 1, v: 2 },
    { a: "a", b: -1, v: 20 },
    { a: "x-y", b: "z", v: 3 },
  ];
  const result = rows(aggregate(table, { by: ["a", "b"], measures: { v: ["v", "mean"] } }));
  assert.deepEqual(result, [
    { a: "x-y", b: "z", v: 2 },
    { a: "x", b: "y-z", v: 10 },
    { a: "a-", b: 1, v: 2 },
    { a: "a", b: -1, v: 20 },
  ]);
});

test("keys of different type are different groups", () => {
  const table = [1, "1", true, "true", null, "null"].map((key) => ({ key, v: 1 }));
  const result = rows(aggregate(table, { by: ["key"], measures: { n: ["v", "count"] } }));
  assert.deepEqual(
    result.map((row) => [row.key, row.n]),
    [1, "1", true, "true", null, "null"].map((key) => [key, 1]),
  );
});

test("a missing value is refused, or left out where that is asked for", () => {
  const table = [1, Number.NaN, 3, null].map((v) => ({ key: "a", v }));
  const measures = { mean: ["v", "mean"], n: ["v", "count"] } as const;
  assert.throws(() => aggregate(table, { by: ["key"], measures }), /"v", which is NaN in row 1; pass missing: "drop"/);
  assert.throws(() => aggregate(table.slice(3), { by: ["key"], measures }), /which is null in row 0/);
  const dropped = rows(aggregate(table, { by: ["key"], measures, missing: "drop" }));
  assert.deepEqual(dropped, [{ key: "a", mean: 2, n: 2 }]);
});

test("a group of nothing but missing values has count 0 and no mean", () => {
  const table = [
    { key: "a", v: Number.NaN },
    { key: "b", v: 2 },
  ];
  const measures = { mean: ["v", "mean"], n: ["v", "count"] } as const;
  const result = rows(aggregate(table, { by: ["key"], measures, missing: "drop" }));
  assert.deepEqual(result, [
    { key: "a", mean: Number.NaN, n: 0 },
    { key: "b", mean: 2, n: 1 },
  ]);
});

test("one value has no standard deviation and no interval", () => {
  const measures = { mean: ["v", "mean"], sd: ["v", "sd"], low: ["v", "low"], high: ["v", "high"] } as const;
  const [row] = rows(aggregate([{ key: "a", v: 5 }], { by: ["key"], measures }));
  assert.deepEqual(row, { key: "a", mean: 5, sd: Number.NaN, low: Number.NaN, high: Number.NaN });
});

test("an interval is Student's", () => {
  const table = [90.1, 90.3, 90.2, 90.4, 90.0].map((v) => ({ v }));
  const measures = { sd: ["v", "sd"], low: ["v", "low"], high: ["v", "high"] } as const;
  const [row] = rows<{ sd: number; low: number; high: number }>(aggregate(table, { by: [], measures }));
  // Variance .025 by hand; t(.975, 4) = 2.776445 from the printed tables.
  assert.ok(Math.abs(row.sd - 0.15811388) < 1e-8);
  assert.ok(Math.abs(row.low - (90.2 - (2.776445 * 0.15811388) / Math.sqrt(5))) < 1e-6);
  assert.ok(Math.abs(row.high - (90.2 + (2.776445 * 0.15811388) / Math.sqrt(5))) < 1e-6);
});

test("a table without rows gives no groups, and keeps its columns", () => {
  const empty = aggregate(frame([], ["key", "v"]), { by: ["key"], measures: { mean: ["v", "mean"] } });
  assert.deepEqual(rows(empty), []);
  assert.deepEqual(empty.columns, ["key", "mean"]);
  assert.equal(toCsv(empty), "key,mean\n");
});

test("unknown columns, names used twice, texts as measures and NaN as key are refused", () => {
  const table = [{ key: "a", v: 1, text: "t", hole: Number.NaN }];
  const measure = (by: string[], name: string, column: string) => () =>
    aggregate(table, { by, measures: { [name]: [column, "mean"] } });
  assert.throws(measure(["nokey"], "m", "v"), /no column "nokey"; there are key, v, text, hole/);
  assert.throws(measure(["key"], "m", "w"), /no column "w"/);
  assert.throws(measure(["key"], "key", "v"), /"key" would exist twice/);
  assert.throws(measure(["key"], "m", "text"), /no number in row 0: t/);
  assert.throws(measure(["hole"], "m", "v"), /NaN in the key column "hole"/);
});

test("rows that do not fit the first are refused", () => {
  assert.throws(() => frame([{ a: 1 }, {}]), /row 1 has no value in column "a"/);
  assert.throws(() => frame([{ a: 1 }, { a: 1, b: 2 }]), /row 1 has a column "b"/);
  assert.throws(() => frame([{ a: [1] }]), /a value of type object in column "a"/);
});

const cell = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.double({ noNaN: true }));

test("rows come back from a frame as they went in", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ a: cell, "b c": cell }), { minLength: 1 }), (table) => {
      assert.deepEqual(
        rows(frame(table)),
        table.map((row) => ({ ...row })),
      );
    }),
  );
});

test("every statistic agrees with the group computed by hand", () => {
  const row = fc.record({ a: fc.constantFrom("x", "x-", "-x"), b: fc.constantFrom("x", "-x", "1"), v: fc.integer() });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (table) => {
      const measures = {
        mean: ["v", "mean"],
        n: ["v", "count"],
        sum: ["v", "sum"],
        min: ["v", "min"],
        max: ["v", "max"],
        median: ["v", "median"],
      } as const;
      for (const group of rows(aggregate(table, { by: ["a", "b"], measures }))) {
        const own = table.filter((line) => line.a === group.a && line.b === group.b).map((line) => line.v);
        own.sort((x, y) => x - y);
        const sum = own.reduce((total, v) => total + v, 0);
        const half = own.length / 2;
        const median = (own[Math.ceil(half) - 1] + own[Math.floor(half)]) / 2;
        assert.deepEqual([group.n, group.sum, group.min, group.max], [own.length, sum, own[0], own[own.length - 1]]);
        assert.ok(Math.abs((group.mean as number) - sum / own.length) < 1e-6);
        assert.ok(Math.abs((group.median as number) - median) < 1e-6);
      }
    }),
    { numRuns: 40 },
  );
});

test("CSV quotes what would break a line", () => {
  const table = [{ "a,b": 'say "x"', c: "two\nlines", d: null, e: -0.5, f: " edge" }];
  assert.equal(toCsv(table), '"a,b",c,d,e,f\n"say ""x""","two\nlines",,-0.5," edge"\n');
});
