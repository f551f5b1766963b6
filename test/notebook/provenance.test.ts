import assert from "node:assert/strict";
import { homedir, hostname } from "node:os";
import { test } from "node:test";
import { provenance } from "psn/dist/notebook/provenance";

const input = {
  datasets: [{ name: "mnist", checksums: { "/home/me/mnist/train.gz": "0123456789abcdef0123456789abcdef" } }],
  seeds: [0, 1],
  protocol: { epochs: 3, trainingRows: 12_000, hidden: [512, 256], optimizer: { kind: "adam" } },
};

test("provenance names versions, hardware, data, seeds and protocol", async () => {
  const table = await provenance(input);
  const value = (item: string): string | undefined => table.find((row) => row.item === item)?.value;
  assert.match(value("commit") ?? "", /^[0-9a-f]{40}( with uncommitted changes)?$|^unknown: /);
  assert.match(value("Node") ?? "", new RegExp(`^${process.versions.node}, `));
  for (const item of ["psn", "danfojs-node", "Plotly", "tslab"]) assert.match(value(item) ?? "", /^\d+\.\d+\.\d+/);
  assert.match(value("memory") ?? "", /^\d+ GiB$/);
  assert.match(value("sparse kernel") ?? "", /^(avx512|avx2|portable|wasm)$/);
  assert.match(value("TensorFlow.js") ?? "", /^tfjs-(node|wasm) \d/);
  assert.equal(value("mnist: train.gz"), "sha256 0123456789abcdef…");
  assert.equal(value("seeds"), "0, 1");
  assert.equal(value("epochs"), "3");
  assert.equal(value("training rows"), "12\u202F000");
  assert.equal(value("hidden"), "512, 256");
  assert.equal(value("optimizer"), '{"kind":"adam"}');
});

test("provenance names no path and no host", async () => {
  const text = JSON.stringify(await provenance(input));
  // A host called "node" would be found by accident.
  const host = hostname().length > 6 ? [hostname()] : [];
  for (const secret of [...host, homedir(), process.cwd(), "/home/me"]) {
    assert.ok(!text.includes(secret), `it names ${secret}`);
  }
});
