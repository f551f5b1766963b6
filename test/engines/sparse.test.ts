import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch, EngineNetwork } from "psn/dist/engines/engine";
import { createSparseEngine, type SparseNetwork } from "psn/dist/engines/sparse";
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

const engine = createSparseEngine({ deterministic: process.env.PSN_DETERMINISTIC === "1" });

const upTo = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, row) => row);

testAsAnyEngine(() => engine);

test("the engine says what runs underneath", () => {
  assert.equal(engine.name, "sparse");
  assert.match(engine.backend, /^(avx512|avx2)(_unfused)?$|^portable$|^wasm$/);
  if (process.env.PSN_KERNEL) assert.ok(engine.backend.startsWith(process.env.PSN_KERNEL));
});

for (const net of ["plain", "layerNorm"] as const) {
  const spec = { sizes: pytorch.sizes, layerNorm: net === "layerNorm" };
  for (const [batch, answers] of [
    [pytorchBatch(), pytorch.nets[net].gradients],
    [pytorchBatch(0, 1), pytorch.nets[net].oneRow],
  ] as const) {
    test(`loss, accuracy and all gradients of ${batch.rows} rows are PyTorch's (${net})`, () => {
      const network = engine.create(spec, pytorchLayers(), adam);
      const { loss, accuracy } = network.evaluate(batch);
      assertClose([loss], [answers.loss], 5e-7, "loss");
      assert.equal(accuracy, answers.accuracy);
      pytorchLayers().forEach(({ topology }, layer) => {
        const { weights, bias } = network.gradients(batch, upTo(batch.rows), layer);
        const expected = byTopology(topology, Float32Array.from(answers.masked[layer]));
        assertClose(weights, expected, 1e-6, `gradient of kernel ${layer}`);
        assertClose(bias, answers.bias[layer], 1e-6, `gradient of bias ${layer}`);
      });
      const [second, first] = network.denseGradients(batch, [1, 0]);
      assertClose(first, answers.dense[0], 1e-6, "layer 0");
      assertClose(second, answers.dense[1], 1e-6, "layer 1");
      network.dispose();
    });
  }
}

test("dense gradients and gradients change nothing", () => {
  const train = (look: boolean): EngineNetwork => {
    const network = engine.create({ sizes: pytorch.sizes, layerNorm: true }, pytorchLayers(), adam);
    for (let i = 0; i < 5; i++) {
      network.step(pytorchBatch(16 * i, 16), 0.01);
      if (look) network.denseGradients(pytorchBatch(0, 8), [0, 1]);
      if (look) network.neuronGradients(pytorchBatch(), upTo(40), 1);
    }
    return network;
  };
  const [looked, not] = [train(true), train(false)];
  for (const layer of [0, 1, 2]) assert.deepEqual(looked.read(layer), not.read(layer));
  for (const network of [looked, not]) network.dispose();
});

test("bytes are scaled on the way in", () => {
  const sizes = [20, 9, 4]; // 16 inputs at a time, and a rest
  const random = createRandom(0);
  const features = new Uint8Array(50 * 20).map(() => random.integer(256));
  const batch = { rows: 50, scale: 1 / 255, features, labels: new Uint8Array(50).map(() => random.integer(4)) };
  const floats = { ...batch, scale: 1, features: Float32Array.from(features, (value) => value / 255) };
  const network = engine.create({ sizes, layerNorm: false }, randomLayers(sizes, 0.5), adam);
  assert.deepEqual(network.evaluate(batch), network.evaluate(floats));
  assert.equal(network.step(batch, 0), network.step(floats, 0));
  network.dispose();
});

test("what larger batches leave behind changes nothing in smaller ones", () => {
  const sizes = [20, 33, 18, 4];
  const random = createRandom(7);
  const features = new Uint8Array(200 * 20).map(() => random.integer(256));
  const data = { rows: 200, scale: 1 / 255, features, labels: new Uint8Array(200).map(() => random.integer(4)) };
  for (const density of [0.2, 0.9]) {
    for (const batch of [1, 31, 32, 33, 64, 96, 97]) {
      const [looked, not] = [true, false].map((look) => {
        const network = engine.create({ sizes, layerNorm: batch % 2 === 1 }, randomLayers(sizes, density), sgd);
        return [1, 2, 3].map(() => {
          if (look) network.gradients(data, upTo(200), 0);
          const { weights } = network.gradients(data, upTo(batch), 0);
          if (look) network.evaluate(data);
          return [weights, network.steps(data, upTo(batch), batch, Float64Array.of(0.1))];
        });
      });
      assert.deepEqual(looked, not);
    }
  }
});

test("evaluation of many rows is the mean over all rows", () => {
  const sizes = [6, 8, 3];
  const network = engine.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.5), adam);
  const batch = randomBatch(2301, 6, 3);
  const [first, rest] = [network.evaluateRows(batch, 0, 700), network.evaluateRows(batch, 700, 1601)];
  const { loss, accuracy } = network.evaluate(batch);
  assertClose([loss], [(first.loss + rest.loss) / 2301], 1e-12, "loss");
  assert.equal(accuracy, (first.hits + rest.hits) / 2301);
  network.dispose();
});

test("many steps in one call are the same steps one by one, whatever rows are named", () => {
  const sizes = [17, 12, 9, 5];
  const data = randomBatch(400, 17, 5);
  for (const batch of [1, 32, 128, 300]) {
    const random = createRandom(batch);
    const order = Uint32Array.from({ length: 3 * batch + 7 }, () => random.integer(400));
    const rates = Float64Array.from({ length: Math.ceil(order.length / batch) }, (_, i) => 0.01 + i / 1000);
    const create = (): SparseNetwork => engine.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.4), adam);
    const [together, single] = [create(), create()];
    const losses = together.steps(data, order, batch, rates);
    const expected = Array.from(losses, (_, i) => {
      const rows = order.subarray(i * batch, (i + 1) * batch);
      return single.step(rowsOf(data, rows), rates[i]);
    });
    assert.deepEqual([...losses], expected);
    for (const layer of [0, 1, 2]) assert.deepEqual(together.read(layer), single.read(layer));
    for (const network of [together, single]) network.dispose();
  }
});

function rowsOf(data: Batch, rows: Uint32Array): Batch {
  const inputs = data.features.length / data.rows;
  const features = new Float32Array(rows.length * inputs);
  rows.forEach((row, i) => {
    features.set(data.features.subarray(row * inputs, (row + 1) * inputs), i * inputs);
  });
  return { ...data, rows: rows.length, features, labels: Uint8Array.from(rows, (row) => data.labels[row]) };
}

/** Trains with a random topology update after every fifth step. */
function trainWithUpdates(network: EngineNetwork, sizes: readonly number[], steps: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: steps }, (_, i) => {
    const batch = randomBatch(10, sizes[0], sizes[sizes.length - 1], i);
    if (i % 5 === 4) {
      const [gradients] = network.denseGradients(batch, [0]);
      const mask = randomMask(random, gradients.length, i % 2 ? 0.4 : 0.8); // as sparse rows, and as a masked matrix
      const topology = topologyOf(mask, sizes[1]);
      const fresh = Uint32Array.from(mask.keys()).filter((flat) => mask[flat] === 1 && random.uniform() < 0.3);
      network.replace(0, topology, byTopology(topology, gradients), fresh);
    }
    return network.step(batch, 0.01);
  });
}

test("a network made afresh from the connections alone is the same network", () => {
  const sizes = [6, 8, 7, 3];
  for (const optimizer of [adam, sgd]) {
    const network = engine.create({ sizes, layerNorm: false }, randomLayers(sizes, 0.4), optimizer);
    trainWithUpdates(network, sizes, 53, 3);
    const layers = [0, 1, 2].map((layer) => network.read(layer));
    const again = engine.create({ sizes, layerNorm: false }, layers, optimizer);
    const batch = randomBatch(20, 6, 3, 99);
    assert.deepEqual(network.denseGradients(batch, [0, 1]), again.denseGradients(batch, [0, 1]));
    for (const made of [network, again]) made.dispose();
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

test("a sparse layer with every connection trains as a dense one, bit by bit", () => {
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
  assert.deepEqual(losses[0], losses[1]);
});

test("a layer without any connection still trains its biases", () => {
  const sizes = [20, 18, 17, 3];
  for (const layerNorm of [false, true]) {
    const network = engine.create({ sizes, layerNorm }, randomLayers(sizes, 0), adam);
    const data = randomBatch(130, 20, 3);
    const losses = network.steps(data, upTo(130), 13, new Float64Array(10).fill(0.05));
    assert.ok(losses[9] < Math.log(3) && losses[0] > 0);
    assert.ok(network.read(2).bias.some((bias) => bias !== 0));
    assert.deepEqual(network.move(data, upTo(10), [0, 1], [0, 0], "keep"), [
      { regrown: 0, grown: 0 },
      { regrown: 0, grown: 0 },
    ]);
    assert.deepEqual(network.read(0).weights, new Float32Array());
    network.dispose();
  }
});

test("it learns", () => {
  const sizes = [6, 16, 16, 3];
  const network = engine.create({ sizes, layerNorm: true }, randomLayers(sizes, 0.5), adam);
  const batch = randomBatch(30, 6, 3);
  for (let i = 0; i < 300; i++) network.step(batch, 0.01);
  assert.equal(network.evaluate(batch).accuracy, 1);
  network.dispose();
});

test("a network that diverges says so in its loss", () => {
  const sizes = [6, 8, 3];
  const network = engine.create({ sizes, layerNorm: false }, randomLayers(sizes, 0.5), sgd);
  let loss = 0;
  for (let i = 0; i < 100 && Number.isFinite(loss); i++) loss = network.step(randomBatch(10, 6, 3), 1e20);
  assert.ok(!Number.isFinite(loss));
  assert.throws(() => network.move(randomBatch(10, 6, 3), upTo(10), [0], [3], "keep"), /layer 0 .* not finite/);
  network.dispose();
});
