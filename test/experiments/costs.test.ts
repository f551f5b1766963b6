import assert from "node:assert/strict";
import { test } from "node:test";
import { costs, costTable } from "psn/dist/experiments/costs";
import type { PaperRun } from "psn/dist/experiments/part";
import type { TrainConfig } from "psn/dist/training/config";
import { recordedRun } from "./runs";

function run(id: string, experiment: string, seconds: number, config: Partial<TrainConfig>): PaperRun {
  const { label, record } = recordedRun("random", config);
  const provenance = { ...record.provenance, seconds };
  return { label, record: { ...record, id, provenance }, experiment, protocol: "plain" };
}

test("runs count once, as recorded and at the pace of the fastest of the same work", () => {
  const lognormal = { kind: "profile", family: "lognormal", cv: 1, rule: "window", permute: true } as const;
  const found = costs([
    run("a", "rigl", 60, { seed: 0, sparsity: 0.9 }),
    run("b", "rigl", 180, { seed: 1, sparsity: 0.9 }),
    run("c", "rigl", 30, { seed: 0, sparsity: 0.99 }),
    run("d", "static", 120, { start: lognormal, sparsity: 0.9 }),
    run("e", "static", 90, { start: { ...lognormal, cv: 2 }, sparsity: 0.9 }),
    run("b", "static", 180, { seed: 1, sparsity: 0.9 }),
  ]);
  assert.deepEqual(found, [
    { experiment: "rigl", runs: 3, coreMinutes: 4.5, fastestMinutes: 2.5 },
    { experiment: "static", runs: 2, coreMinutes: 3.5, fastestMinutes: 3 },
  ]);
  assert.match(costTable(found), /\| all \| 5 \| 8 \| 6 \| 0\.0 \|$/);
});

test("profiles with scattered inputs, which the paper does not have, stand by themselves", () => {
  const scattered = { kind: "profile", family: "lognormal", cv: 1, rule: "random", permute: true } as const;
  const found = costs([
    run("a", "rigl", 60, { seed: 0 }),
    run("b", "rigl", 120, { start: scattered }),
    run("c", "static", 240, { start: scattered, sparsity: 0.95 }),
  ]);
  assert.deepEqual(
    found.map(({ experiment, coreMinutes }) => [experiment, coreMinutes]),
    [
      ["rigl", 1],
      ["scattered starts", 6],
    ],
  );
  assert.match(
    costTable(found),
    /\| all but scattered starts \| 1 \| 1 \| 1 \| 0\.0 \|\n\| scattered starts \| 2 \| 6 \| 6 \| 0\.1 \|\n\| all \| 3 \| 7 \| 7 \| 0\.1 \|$/,
  );
});
