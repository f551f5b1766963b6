import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalJson, runId } from "psn/dist/experiments/run-id";
import { resolveConfig } from "psn/dist/training/config";

const config = resolveConfig({ dataset: "mnist" });

test("the order in which a config was written does not change its id", () => {
  const reversed = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
  assert.equal(runId(reversed, {}), runId(config, {}));
});

test("every field of the config, the data and nothing else decides the id", () => {
  const ids = new Set([
    runId(config, {}),
    runId({ ...config, seed: 1 }, {}),
    runId({ ...config, sparsity: 0.95 }, {}),
    runId({ ...config, start: { kind: "dense" } }, {}),
    runId(config, { "train.gz": "ab" }),
  ]);
  assert.equal(ids.size, 5);
  for (const id of ids) assert.match(id, /^[0-9a-f]{16}$/);
});

test("canonical JSON is JSON: parsing gives the value back, with its keys sorted", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
  assert.equal(canonicalJson({ b: [1, { d: 2, c: null }], a: "x" }), '{"a":"x","b":[1,{"c":null,"d":2}]}');
});

test("what has no JSON form is refused, not written as null", () => {
  assert.throws(() => canonicalJson({ learningRate: Number.NaN }), /NaN has no JSON form/);
  assert.throws(() => canonicalJson({ shape: (x: number) => x }), /a function has no JSON form/);
});
