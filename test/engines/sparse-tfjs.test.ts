import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch, Engine, LayerParameters, Optimizer } from "psn/dist/engines/engine";
import { createSparseEngine } from "psn/dist/engines/sparse";
import { createTfjsEngine } from "psn/dist/engines/tfjs";
import { createRandom } from "psn/dist/random";
import { gather, scatter } from "psn/dist/topology/dense-layout";
import { fromMask, toMask } from "psn/dist/topology/masks";
import { dropsOf, moveConnections } from "psn/dist/topology/move";
import { riglUpdate } from "psn/dist/topology/rigl";
import { assertClose, randomBatch, randomLayers } from "./networks";

const adam: Optimizer = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4 };
const nesterov: Optimizer = { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 5e-4 };
const sparse = createSparseEngine({ deterministic: process.env.PSN_DETERMINISTIC === "1" });
const sizes = [70, 50, 33, 7];

const upTo = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, row) => row);

for (const [name, optimizer, rate] of [
  ["Adam", adam, 1e-3],
  ["Nesterov", nesterov, 1e-2],
] as const) {
  for (const layerNorm of [false, true]) {
    for (const rows of [1, 32, 100, 128, 300]) {
      test(`20 steps of ${rows} rows go where the tfjs engine goes (${name}${layerNorm ? ", LayerNorm" : ""})`, async () => {
        const layers = randomLayers(sizes, 0.15);
        const train = (engine: Engine): { losses: number[]; layers: LayerParameters[] } => {
          const network = engine.create({ sizes, layerNorm }, layers, optimizer);
          const losses = Array.from({ length: 20 }, (_, i) => network.step(randomBatch(rows, 70, 7, i), rate));
          const trained = layers.map((_, layer) => network.read(layer));
          network.dispose();
          return { losses, layers: trained };
        };
        const [ours, theirs] = [train(sparse), train(await createTfjsEngine())];
        assertClose(ours.losses, theirs.losses, 2e-5, "losses");
        for (const [layer, { weights, bias }] of theirs.layers.entries()) {
          // Adam divides by the root of a gradient that may be next to nothing: rounding shows there first.
          assertClose(ours.layers[layer].weights, weights, 1e-4, `weights ${layer}`);
          assertClose(ours.layers[layer].bias, bias, 2e-3, `bias ${layer}`);
        }
      });
    }
  }
}

for (const regrown of ["keep", "reset"] as const) {
  for (const density of [0.02, 0.15, 0.5, 0.8]) {
    test(`RigL's update is moveConnections from equal gradients (density ${density}, ${regrown})`, () => {
      const layers = randomLayers(sizes, density);
      // Many equal weights, so that ties decide.
      for (const { weights } of layers) weights.set(weights.map((w) => Math.round(w * 8) / 8));
      const network = sparse.create({ sizes, layerNorm: true }, layers, adam);
      for (let update = 0; update < 10; update++) {
        const batch = update === 7 ? deadBatch(150) : randomBatch(update % 2 ? 128 : 150, 70, 7, update);
        const fraction = 0.3 - 0.02 * update;
        const gradients = network.denseGradients(batch, [0, 1]);
        const before = [0, 1].map((layer) => network.read(layer));
        const expected = before.map(({ topology, weights }, layer) =>
          riglUpdate({
            weights: scatter(topology!, weights),
            mask: toMask(topology!),
            inputs: sizes[layer],
            neurons: sizes[layer + 1],
            gradients: gradients[layer],
            fraction,
            regrown,
          }),
        );
        const drops = expected.map(({ dropped }) => dropped);
        const moves = network.move(batch, upTo(batch.rows), [0, 1], drops, regrown);
        expected.forEach((moved, layer) => {
          const { topology, weights } = network.read(layer);
          const wanted = fromMask(moved.mask, sizes[layer], sizes[layer + 1]);
          assert.deepEqual(topology, wanted);
          assert.deepEqual(weights, gather(wanted, moved.weights));
          assert.deepEqual(moves[layer], { regrown: moved.regrown, grown: moved.grown });
        });
        network.step(randomBatch(40, 70, 7, update), 1e-3);
      }
      network.dispose();
    });
  }
}

/** Examples on which every gradient of the first layer is 0. */
function deadBatch(rows: number): Batch {
  const batch = randomBatch(rows, 70, 7);
  return { ...batch, features: new Float32Array(batch.features.length) };
}

test("optimiser state goes with the connections: native and scripted updates train on alike", () => {
  for (const optimizer of [adam, nesterov]) {
    for (const regrown of ["keep", "reset"] as const) {
      const create = () => sparse.create({ sizes, layerNorm: false }, randomLayers(sizes, 0.2), optimizer);
      const [native, scripted] = [create(), create()];
      for (let i = 0; i < 30; i++) {
        const batch = randomBatch(64, 70, 7, i);
        if (i % 5 === 4) {
          const [gradients] = scripted.denseGradients(batch, [0]);
          const { topology, weights } = scripted.read(0);
          const [inputs, neurons] = sizes;
          const layer = { weights: scatter(topology!, weights), mask: toMask(topology!), inputs, neurons };
          const scores = Float64Array.from(gradients, Math.abs);
          const moved = moveConnections(layer, dropsOf({ ...layer, fraction: 0.3, regrown }), scores, "layer");
          const next = fromMask(moved.mask, inputs, neurons);
          scripted.replace(0, next, gather(next, moved.weights), moved.fresh);
          native.move(batch, upTo(64), [0], [moved.dropped], regrown);
        }
        assert.equal(native.step(batch, 0.01), scripted.step(batch, 0.01));
      }
      for (const layer of [0, 1, 2]) assert.deepEqual(native.read(layer), scripted.read(layer));
      for (const network of [native, scripted]) network.dispose();
    }
  }
});

test("per-neuron gradients are sums over the masked dense gradient", () => {
  const network = sparse.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.2), adam);
  const batch = randomBatch(200, 70, 7);
  for (const layer of [0, 1]) {
    const mask = toMask(network.read(layer).topology!);
    const [dense] = network.denseGradients(batch, [layer]);
    const { absolute, squared } = network.neuronGradients(batch, upTo(200), layer);
    const expected = [new Float64Array(absolute.length), new Float64Array(absolute.length)];
    dense.forEach((g, flat) => {
      expected[0][flat % absolute.length] += mask[flat] * Math.abs(g);
      expected[1][flat % absolute.length] += mask[flat] * g * g;
    });
    assertClose(absolute, expected[0], 1e-6, "absolute");
    assertClose(squared, expected[1], 1e-6, "squared");
  }
  network.dispose();
});

test("the order in which rows are named does not change what is kept of them", () => {
  const network = sparse.create({ sizes, layerNorm: false }, randomLayers(sizes, 0.2), adam);
  const batch = randomBatch(128, 70, 7);
  const [one] = [network.gradients(batch, upTo(128), 0)];
  const two = network.gradients(batch, createRandom(0).permutation(128), 0);
  assertClose(two.weights, one.weights, 1e-6, "gradients");
  network.dispose();
});
