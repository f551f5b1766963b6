import assert from "node:assert/strict";
import { test } from "node:test";
import { instructionSets, lastCore } from "psn/bench/.build/machine";
import type { Results } from "psn/bench/.build/parts";
import { markdown, type Report, summary, table } from "psn/bench/.build/report";
import { judge } from "psn/bench/.build/targets";

const exactly = (median: number) => ({ median, low: median, high: median });

function results(): Results {
  const cost = (peer: string, sparsity: number, ratio: number) => ({
    peer,
    sparsity,
    microseconds: exactly(100 * ratio),
    ratio: exactly(ratio),
  });
  return {
    costs: [
      cost("sparse-avx512", 0.9, 1),
      cost("pytorch-masked", 0.9, 7),
      cost("pytorch-csr", 0.9, 3.9),
      cost("pytorch-tuned-csr", 0.9, 2.1),
      cost("sparse-wasm", 0.9, 4.01),
    ],
    overheads: [
      { what: "RigL", sparsity: 0.9, added: exactly(0.071) },
      { what: "LayerNorm", sparsity: 0.9, added: exactly(-0.01) },
    ],
    sparsities: null,
    widths: [],
    memory: [{ peer: "sparse-avx512", sparsity: 0.9, resident: 3 * 2 ** 20, own: null }],
  };
}

test("targets are judged by what was measured, and only by that", () => {
  const verdicts = judge(results()).map(({ what, wanted, measured, holds }) => [what, wanted, measured, holds]);
  assert.deepEqual(verdicts, [
    ["PyTorch masked at 90 %", "≥ 7×", "7.00×", true],
    ["PyTorch CSR at 90 %", "≥ 4×", "3.90×, with tuned buffers 2.10×", false],
    ["WebAssembly at 90 %", "≤ 4×", "4.01×", false],
    ["RigL, ΔT = 100, at 90 %", "≤ +7 %", "+7.1 %", false],
    ["LayerNorm at 90 %", "≤ +15 %", "−1 %", true],
  ]);
});

test("a report names the machine and the peers, and shows passes and failures", () => {
  const machine = {
    processor: "Abacus",
    cores: 3,
    memoryGiB: 5,
    system: "linux x64",
    node: "v20.1.0",
    instructions: [],
  };
  const report: Report = {
    machine,
    effort: { rounds: 5, seconds: 0.1, quick: true },
    core: 1,
    peers: ["sparse-avx512", "pytorch-masked", "pytorch-csr", "pytorch-tuned-csr", "sparse-wasm"].map((id) => ({
      id,
      label: id.toUpperCase(),
      backend: `made of ${id}`,
    })),
    skipped: [{ id: "tfjs", reason: "tfjs does not start: it is away" }],
    results: results(),
    targets: judge(results()),
  };
  const text = markdown(report);
  for (const part of [
    "Machine: Abacus, 3 cores, 5 GiB, linux x64",
    "PYTORCH-CSR: made of pytorch-csr",
    "Not measured: tfjs does not start: it is away",
    "| PYTORCH-MASKED           | 7.00× [7.00–7.00] |",
    "100 [100–100]",
    "RigL, an update every 100 steps, adds 7.1 % [7.1–7.1] at 90 %",
    "3.00 MiB",
    "pass: PyTorch masked at 90 %: 7.00× (≥ 7×)",
    "**fail**: PyTorch CSR at 90 %: 3.90×, with tuned buffers 2.10× (≥ 4×)",
  ]) {
    assert.ok(text.includes(part), `${part} is not in\n${text}`);
  }
  assert.match(markdown({ ...report, targets: null }), /Targets are not judged/);
  const short = summary(report);
  for (const line of short.split("\n")) assert.ok(text.includes(line.replace(/^\* /, "")), line);
  assert.ok(short.includes("| PYTORCH-MASKED           | 7.00× [7.00–7.00] |") && !short.includes("pass:"));
});

test("tables are Markdown whose columns line up", () => {
  assert.equal(
    table([
      ["sparsity", "0 %"],
      ["a", "10.5×"],
    ]),
    "| sparsity |   0 % |\n| -------- | ----: |\n| a        | 10.5× |",
  );
});

test("instruction sets and cores are read from what Linux tells", () => {
  assert.deepEqual(instructionSets("processor\t: 0\nflags\t\t: fpu avx avx2 avx512f fma\n"), [
    "avx2",
    "fma",
    "avx512f",
  ]);
  assert.equal(instructionSets(null), null);
  assert.equal(lastCore("Name:\tnode\nCpus_allowed_list:\t0-2,5\n"), 5);
  assert.equal(lastCore("Cpus_allowed_list:\t0-11\n"), 11);
  assert.equal(lastCore(null), null);
});
