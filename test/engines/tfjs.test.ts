import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Variable } from "@tensorflow/tfjs";
import type { Engine, EngineNetwork } from "psn/dist/engines/engine";
import { loadTensorFlow } from "psn/dist/engines/tensorflow";
import { createTfjsEngine } from "psn/dist/engines/tfjs";
import { buildModel } from "psn/dist/engines/tfjs-model";
import { createRandom } from "psn/dist/random";
import { adam, sgd, testAsAnyEngine } from "./any-engine";
import {
  assertClose,
  byTopology,
  pytorch,
  pytorchBatch,
  pytorchLayers,
  randomBatch,
  randomLayers,
  randomMask,
  topologyOf,
} from "./networks";

let engine: Engine;
let tf: typeof import("@tensorflow/tfjs");
before(async () => {
  engine = await createTfjsEngine();
  ({ tf } = await loadTensorFlow());
});

testAsAnyEngine(() => engine);

test("the engine says what runs underneath", () => {
  assert.equal(engine.name, "tfjs");
  assert.match(engine.backend, process.env.PSN_TFJS === "wasm" ? /^tfjs-wasm 4/ : /^tfjs-(node|wasm) 4/);
});

for (const net of ["plain", "layerNorm"] as const) {
  const spec = { sizes: pytorch.sizes, layerNorm: net === "layerNorm" };
  for (const [batch, answers] of [
    [pytorchBatch(), pytorch.nets[net].gradients],
    [pytorchBatch(0, 1), pytorch.nets[net].oneRow],
  ] as const) {
    test(`logits and gradients of ${batch.rows} rows are PyTorch's (${net})`, () => {
      const { model, connected } = buildModel(tf, spec, pytorchLayers());
      const x = tf.tensor2d(
        Float32Array.from(batch.features, (value) => value / 255),
        [batch.rows, pytorch.sizes[0]],
      );
      assertClose((model.apply(x) as typeof x).dataSync(), answers.logits, 1e-6, "logits");
      const { value, grads } = tf.variableGrads(() => {
        const targets = tf.oneHot(tf.tensor1d(batch.labels, "int32"), 4);
        return tf.losses.softmaxCrossEntropy(targets, model.apply(x) as typeof x) as ReturnType<typeof tf.scalar>;
      });
      assertClose(value.dataSync(), [answers.loss], 5e-7, "loss");
      connected.forEach(({ weights: [kernel, bias] }, layer) => {
        const gradient = grads[(kernel.read() as Variable).name].dataSync();
        assertClose(gradient, answers.masked[layer], 1e-6, `gradient of kernel ${layer}`);
        assertClose(grads[(bias.read() as Variable).name].dataSync(), answers.bias[layer], 1e-6, `bias ${layer}`);
        const leaked = gradient.filter((value, flat) => pytorch.masks[layer][flat] === 0 && value !== 0);
        assert.deepEqual([...leaked], [], "a masked connection has a gradient");
      });
      model.dispose();
    });

    test(`loss, accuracy and dense gradients of ${batch.rows} rows are PyTorch's (${net})`, () => {
      const network = engine.create(spec, pytorchLayers(), adam);
      const { loss, accuracy } = network.evaluate(batch);
      assertClose([loss], [answers.loss], 5e-7, "loss");
      assert.equal(accuracy, answers.accuracy);
      const [second, first] = network.denseGradients(batch, [1, 0]);
      assertClose(first, answers.dense[0], 1e-6, "layer 0");
      assertClose(second, answers.dense[1], 1e-6, "layer 1");
      network.dispose();
    });
  }
}

test("a model does not hold on to the arrays that it is made from", () => {
  const layers = pytorchLayers();
  const { model, connected } = buildModel(tf, { sizes: pytorch.sizes, layerNorm: false }, layers);
  for (const array of layers.flatMap(({ weights, bias }) => [weights, bias])) array.fill(9);
  for (const weight of connected.flatMap((layer) => layer.getWeights())) assert.ok(!weight.dataSync().includes(9));
  model.dispose();
});

test("dense gradients change nothing", () => {
  const train = (look: boolean): EngineNetwork => {
    const network = engine.create({ sizes: pytorch.sizes, layerNorm: true }, pytorchLayers(), adam);
    for (let i = 0; i < 5; i++) {
      network.step(pytorchBatch(16 * i, 16), 0.01);
      if (look) network.denseGradients(pytorchBatch(0, 8), [0, 1]);
    }
    return network;
  };
  const [looked, not] = [train(true), train(false)];
  for (const layer of [0, 1, 2]) assert.deepEqual(looked.read(layer), not.read(layer));
  for (const network of [looked, not]) network.dispose();
});

test("bytes are scaled on the way in", () => {
  const batch = pytorchBatch(0, 30);
  const floats = { ...batch, scale: 1, features: Float32Array.from(batch.features, (value) => value / 255) };
  const network = engine.create({ sizes: pytorch.sizes, layerNorm: false }, pytorchLayers(), adam);
  assert.deepEqual(network.evaluate(batch), network.evaluate(floats));
  assert.equal(network.step(batch, 0), network.step(floats, 0));
  network.dispose();
});

test("evaluation of many rows is the mean over all rows", () => {
  const sizes = [6, 8, 3];
  const network = engine.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.5), adam);
  const batch = randomBatch(2301, 6, 3);
  const [first, rest] = [
    [0, 700],
    [700, 2301],
  ].map(([from, to]) =>
    network.evaluate({
      ...batch,
      rows: to - from,
      features: batch.features.slice(from * 6, to * 6),
      labels: batch.labels.slice(from, to),
    }),
  );
  const { loss, accuracy } = network.evaluate(batch);
  assertClose([loss], [(first.loss * 700 + rest.loss * 1601) / 2301], 1e-6, "loss");
  assertClose([accuracy], [(first.accuracy * 700 + rest.accuracy * 1601) / 2301], 1e-12, "accuracy");
  network.dispose();
});

/** Trains with a random topology update after every fifth step. */
function trainWithUpdates(network: EngineNetwork, sizes: readonly number[], steps: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: steps }, (_, i) => {
    const batch = randomBatch(10, sizes[0], sizes[sizes.length - 1], i);
    if (i % 5 === 4) {
      const [gradients] = network.denseGradients(batch, [0]);
      const mask = randomMask(random, gradients.length, 0.4);
      const topology = topologyOf(mask, sizes[1]);
      const fresh = Uint32Array.from(mask.keys()).filter((flat) => mask[flat] === 1 && random.uniform() < 0.3);
      network.replace(0, topology, byTopology(topology, gradients), fresh);
    }
    return network.step(batch, 0.01);
  });
}

test("absent connections stay exactly zero, through steps and updates", () => {
  const sizes = [6, 8, 7, 3];
  for (const optimizer of [adam, sgd]) {
    const network = engine.create({ sizes, layerNorm: false }, randomLayers(sizes, 0.4), optimizer);
    trainWithUpdates(network, sizes, 53, 3);
    // A network made afresh from the connections alone is the same network, even with its masks open.
    const again = engine.create(
      { sizes, layerNorm: false },
      [0, 1, 2].map((layer) => network.read(layer)),
      optimizer,
    );
    const batch = randomBatch(20, 6, 3, 99);
    assert.deepEqual(network.denseGradients(batch, [0, 1]), again.denseGradients(batch, [0, 1]));
    for (const made of [network, again]) made.dispose();
  }
});

test("no tensor leaks over 500 steps with updates and evaluations, and dispose frees all", () => {
  const sizes = [6, 8, 7, 3];
  for (const optimizer of [adam, sgd]) {
    const before = tf.memory().numTensors;
    const network = engine.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.4), optimizer);
    const made = tf.memory().numTensors;
    trainWithUpdates(network, sizes, 500, 3);
    network.evaluate(randomBatch(1500, 6, 3));
    network.read(0);
    assert.throws(() => network.denseGradients(randomBatch(3, 5, 3), [0]), RangeError);
    assert.equal(tf.memory().numTensors, made);
    network.dispose();
    assert.equal(tf.memory().numTensors, before);
  }
});

test("the same seed gives the same bytes", () => {
  const sizes = [30, 40, 20, 3];
  const [one, two] = [0, 0].map((seed) => {
    const network = engine.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.3, seed), adam);
    const losses = trainWithUpdates(network, sizes, 30, seed);
    const result = { losses, layers: [0, 1, 2].map((layer) => network.read(layer)) };
    network.dispose();
    return result;
  });
  assert.deepEqual(one, two);
});

test("a sparse layer with every connection trains as a dense one", () => {
  const sizes = [6, 8, 3];
  const [hidden, output] = randomLayers(sizes, 1);
  const dense = new Float32Array(48);
  hidden.topology!.columns.forEach((input, position) => {
    dense[input * 8 + Math.floor(position / 6)] = hidden.weights[position];
  });
  const losses = [hidden, { ...hidden, topology: null, weights: dense }].map((layer) => {
    const network = engine.create({ sizes, layerNorm: false }, [layer, output], adam);
    const losses = Array.from({ length: 20 }, (_, i) => network.step(randomBatch(10, 6, 3, i), 0.01));
    network.dispose();
    return losses;
  });
  assertClose(losses[0], losses[1], 1e-6, "losses");
});

test("it learns", () => {
  const sizes = [6, 16, 16, 3];
  const network = engine.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.5), adam);
  const batch = randomBatch(30, 6, 3);
  for (let i = 0; i < 300; i++) network.step(batch, 0.01);
  assert.equal(network.evaluate(batch).accuracy, 1);
  network.dispose();
});
