import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { resultShapes } from "psn/dist/experiments/result-columns";

const page = readFileSync(join(__dirname, "..", "..", "..", "data", "README.md"), "utf8");
const [, section] = page.split("\n## Results\n");
const columns = Object.keys(resultShapes);

test("data/README.md says once of every column of results what it holds, and of no other", () => {
  const rows = [...section.matchAll(/^\| (`.*?`) \|/gm)].map(([, names]) => names);
  const documented = rows.flatMap((names) => [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  assert.deepEqual(documented.sort(), [...columns].sort());
});

test("the examples of data/README.md use columns that exist", () => {
  const [, python] = /```python\n(.*?)```/s.exec(section) ?? assert.fail("no example for pandas");
  const grouped = [.../groupby\(\[(.*?)\]\)\.(\w+)/.exec(python)!.slice(1).join(",").matchAll(/\w+/g)].map(
    ([name]) => name,
  );
  assert.deepEqual(grouped, ["sparsity", "label", "accuracy"]);
  const [, sql] = /```sql\n(.*?)```/s.exec(section) ?? assert.fail("no example for DuckDB");
  const keywords = new Set(["SELECT", "AS", "FROM", "WHERE", "AND", "unnest", "cv"]);
  const words = [...sql.replaceAll(/'.*?'/g, "").matchAll(/[a-z_]+/gi)].map(([word]) => word);
  const named = words.filter((word) => !keywords.has(word));
  assert.deepEqual(
    named.filter((name) => !columns.includes(name)),
    [],
  );
  for (const name of [...grouped, "update_cv"]) assert.ok(columns.includes(name), name);
});
