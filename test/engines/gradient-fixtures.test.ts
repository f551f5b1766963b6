import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Engine } from "psn/dist/engines/engine";
import { createTfjsEngine } from "psn/dist/engines/tfjs";
import { cases, gradientProbe, namedArrays, probeGradients, trajectories } from "./gradient-fixtures";
import { assertClose } from "./networks";

let engine: Engine;
before(async () => {
  engine = await createTfjsEngine();
});

test("the reference engine's losses and gradients are PyTorch's, in every case and layer", () => {
  let compared = 0;
  for (const { name, spec, layers, batch, expected } of cases()) {
    const network = engine.create(spec, layers, gradientProbe);
    const { loss, accuracy } = network.evaluate(batch);
    assertClose([loss], [expected.loss], 1e-6, `${name}: loss`);
    assert.equal(accuracy, expected.accuracy, `${name}: accuracy`);
    if (expected.dense) {
      const dense = network.denseGradients(batch, [0, 1]);
      dense.forEach((values, layer) => {
        assertClose(values, expected.dense![layer], 1e-6, `${name}: dense gradient of layer ${layer}`);
      });
    }
    probeGradients(network, layers, batch).forEach((actual, layer) => {
      const wanted = namedArrays(expected.gradients[layer]);
      namedArrays(actual).forEach(([what, values], i) => {
        assertClose(values, wanted[i][1], 1e-6, `${name}: ${what} of layer ${layer}`);
        assert.ok(
          wanted[i][1].some((value) => value !== 0),
          `${name}: ${what} of layer ${layer} are all 0`,
        );
        compared++;
      });
    });
    network.dispose();
  }
  assert.equal(compared, 496);
});

for (const { name, spec, layers, optimizer, batches, learningRates, all, expected } of trajectories()) {
  test(`the reference engine's twenty steps are PyTorch's (${name})`, () => {
    const network = engine.create(spec, layers, optimizer);
    const losses = batches.map((batch, step) => network.step(batch, learningRates[step]));
    assertClose(losses, expected.losses, 1e-6, "losses");
    assertClose([network.evaluate(all).loss], [expected.loss], 1e-6, "loss after training");
    expected.layers.forEach((values, layer) => {
      const wanted = namedArrays(values);
      namedArrays(network.read(layer)).forEach(([what, actual], i) => {
        assertClose(actual, wanted[i][1], 1e-5, `${what} of layer ${layer}`);
      });
    });
    network.dispose();
  });
}

test("the cases are those that the kernel is held against", () => {
  const all = [...cases()];
  const distinct = (values: readonly unknown[]): unknown[] => [...new Set(values)];
  assert.equal(all.length, 62);
  assert.deepEqual(distinct(all.map(({ sparsity }) => sparsity)), [0, 0.8, 0.9, 0.95, 0.99, 0.999]);
  assert.deepEqual(distinct(all.map(({ batch }) => batch.rows)), [1, 32, 100, 128, 512]);
  assert.deepEqual(distinct(all.map(({ spec }) => spec.layerNorm)), [false, true]);
});
