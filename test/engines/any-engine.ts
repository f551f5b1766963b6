import assert from "node:assert/strict";
import { test } from "node:test";
import type { Engine, LayerParameters, Optimizer } from "psn/dist/engines/engine";
import type { Topology } from "psn/dist/topology/topology";
import { assertClose, byTopology, pytorch, pytorchBatch, pytorchLayers } from "./networks";
import { testWrongArguments } from "./wrong-arguments";

export const adam: Optimizer = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
export const sgd: Optimizer = { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.01 };

/** The optimisers of fixtures/pytorch.py, by the same names. */
const optimizers: Record<string, Optimizer> = {
  adam,
  "adam with weight decay": { kind: "adam", beta1: 0.8, beta2: 0.99, epsilon: 1e-6, weightDecay: 0.02 },
  sgd: { kind: "sgd", momentum: 0, nesterov: false, weightDecay: 0 },
  "sgd with momentum": { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.03 },
  "sgd with Nesterov momentum": { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0.03 },
};

/** PyTorch's layers, with norms that are not the initial ones. */
function normedLayers(): LayerParameters[] {
  return pytorchLayers().map((layer, index) => {
    const neurons = layer.bias.length;
    const norm = { gain: new Float32Array(neurons).fill(0.5), offset: new Float32Array(neurons).fill(0.25) };
    return index < 2 ? { ...layer, norm } : layer;
  });
}

/** Registers the tests that any engine passes; `engineOf` is called when they run. */
export function testAsAnyEngine(engineOf: () => Engine): void {
  testWrongArguments(engineOf);
  for (const net of ["plain", "layerNorm"] as const) {
    const spec = { sizes: pytorch.sizes, layerNorm: net === "layerNorm" };
    for (const [name, optimizer] of Object.entries(optimizers)) {
      test(`ten steps of ${name} are PyTorch's (${net})`, () => {
        const expected = pytorch.nets[net].training[name];
        const network = engineOf().create(spec, pytorchLayers(), optimizer);
        let start = 0;
        const losses = pytorch.rows.map((rows, i) => {
          const loss = network.step(pytorchBatch(start, rows), pytorch.learningRates[i]);
          start += rows;
          return loss;
        });
        assertClose(losses, expected.losses, 1e-6, "losses");
        pytorchLayers().forEach(({ topology }, layer) => {
          const trained = network.read(layer);
          const weights = byTopology(topology, Float32Array.from(expected.kernels[layer]));
          assertClose(trained.weights, weights, 1e-6, `kernel ${layer}`);
          assertClose(trained.bias, expected.biases[layer], 1e-6, `bias ${layer}`);
        });
        // The gains and offsets of LayerNorm show in the loss only.
        assertClose([network.evaluate(pytorchBatch()).loss], [expected.loss], 1e-6, "loss after training");
        network.dispose();
      });
    }
  }

  test("a network made from what was read goes on where the other stood, LayerNorm included", () => {
    const spec = { sizes: pytorch.sizes, layerNorm: true };
    const network = engineOf().create(spec, pytorchLayers(), adam);
    for (let step = 0; step < 5; step++) network.step(pytorchBatch(), 0.05);
    const layers = [0, 1, 2].map((layer) => network.read(layer));
    const resumed = engineOf().create(spec, layers, adam);
    assert.deepEqual(resumed.evaluate(pytorchBatch()), network.evaluate(pytorchBatch()));
    const { gain } = layers[0].norm ?? assert.fail("no norm was read");
    assert.ok(gain.some((value) => value !== 1));
    network.dispose();
    resumed.dispose();
  });

  test("connections and fan-ins are those of the topology, before and after it is replaced", () => {
    const layers = pytorchLayers();
    const network = engineOf().create({ sizes: pytorch.sizes, layerNorm: false }, layers, adam);
    const fanIns = ({ rowPointers }: Topology): number[] =>
      [...rowPointers.slice(1)].map((end, i) => end - rowPointers[i]);
    const last = layers.length - 1;
    layers.forEach(({ topology, weights }, layer) => {
      assert.equal(network.connections(layer), weights.length);
      if (topology) assert.deepEqual([...network.fanIn(layer)], fanIns(topology));
    });
    assert.equal(layers[last].topology, null);
    assert.throws(() => network.fanIn(last), /layer 2 is dense/);
    assert.throws(() => network.fanIn(7), /layer 7 does not exist/);
    assert.throws(() => network.connections(7), /layer 7 does not exist/);
    const { inputs, neurons, columns } = layers[0].topology!;
    const rowPointers = new Uint32Array(neurons + 1).fill(1, 1);
    const fewer = { inputs, neurons, rowPointers, columns: columns.slice(0, 1) };
    network.replace(0, fewer, Float32Array.of(1), new Uint32Array());
    assert.equal(network.connections(0), 1);
    assert.deepEqual([...network.fanIn(0)], fanIns(fewer));
    network.dispose();
  });

  test("what is read is what was put in, and a copy of it", () => {
    const layers = normedLayers();
    const network = engineOf().create({ sizes: pytorch.sizes, layerNorm: true }, layers, adam);
    for (const layer of [0, 1, 2]) {
      assert.deepEqual(network.read(layer), layers[layer]);
      const copy = network.read(layer);
      copy.weights.fill(7);
      copy.bias.fill(7);
      copy.topology?.columns.fill(7);
      copy.norm?.gain.fill(7);
      assert.deepEqual(network.read(layer), layers[layer]);
    }
    layers[0].bias.fill(9);
    layers[0].topology?.columns.fill(9);
    layers[0].norm?.offset.fill(9);
    assert.deepEqual(network.read(0), normedLayers()[0]);
    const [{ topology, weights }] = normedLayers();
    network.replace(0, topology!, weights, new Uint32Array());
    network.read(0).bias.fill(7);
    assert.deepEqual(network.read(0), normedLayers()[0]);
    network.dispose();
  });
}
