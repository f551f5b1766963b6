import assert from "node:assert/strict";
import { test } from "node:test";
import { createSparseEngine } from "psn/dist/engines/sparse";
import { adam } from "./any-engine";
import { pytorch, pytorchBatch, pytorchLayers } from "./networks";

test("rows and layers without gradients are errors that name them", () => {
  const network = createSparseEngine().create({ sizes: pytorch.sizes, layerNorm: false }, pytorchLayers(), adam);
  const batch = pytorchBatch(0, 2);
  const second = { ...batch, labels: Uint8Array.of(0, 4) };
  assert.throws(() => network.gradients(second, Uint32Array.of(1), 0), /label 4/);
  assert.throws(() => network.gradients(batch, Uint32Array.of(2), 0), /row 2 does not exist/);
  assert.throws(() => network.gradients(batch, Uint32Array.of(0), 3), /layer 3 does not exist/);
  assert.throws(() => network.neuronGradients(batch, Uint32Array.of(0), 2), /layer 2 is dense/);
  network.dispose();
  assert.throws(() => network.gradients(batch, Uint32Array.of(0), 0), /disposed/);
  assert.throws(() => network.bytes(), /disposed/);
});
