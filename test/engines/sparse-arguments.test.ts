import assert from "node:assert/strict";
import { test } from "node:test";
import type { Optimizer } from "psn/dist/engines/engine";
import { createSparseEngine } from "psn/dist/engines/sparse";
import { pytorch, pytorchBatch, pytorchLayers } from "./networks";

const adam: Optimizer = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const sgd: Optimizer = { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.01 };
const engine = createSparseEngine();

const upTo = (rows: number): Uint32Array => Uint32Array.from({ length: rows }, (_, row) => row);

test("wrong arguments are errors that name them", () => {
  const spec = { sizes: pytorch.sizes, layerNorm: false };
  const layers = pytorchLayers();
  const network = engine.create(spec, layers, adam);
  const batch = pytorchBatch(0, 2);
  const step = (change: object) => () => network.step({ ...batch, ...change }, 0.1);
  assert.throws(step({ rows: 3 }), /features has length 24; it must be 36/);
  assert.throws(step({ rows: 0, features: new Uint8Array(), labels: new Uint8Array() }), /0 rows/);
  assert.throws(step({ labels: Uint8Array.of(0, 4) }), /label 4, but the network has 4 classes/);
  const second = { ...batch, labels: Uint8Array.of(0, 4) };
  assert.throws(() => network.steps(second, Uint32Array.of(0, 1), 1, Float64Array.of(0.1, 0.1)), /label 4/);
  assert.throws(() => network.move(second, Uint32Array.of(1), [0], [1], "keep"), /label 4/);
  assert.throws(() => network.gradients(second, Uint32Array.of(1), 0), /label 4/);
  assert.throws(() => network.evaluateRows(second, 1, 1), /label 4/);
  assert.throws(() => network.denseGradients(second, [0]), /label 4/);
  assert.throws(() => network.step(batch, Number.NaN), /learning rate NaN/);
  assert.throws(() => network.steps(batch, Uint32Array.of(0, 2), 2, Float64Array.of(0.1)), /row 2 does not exist/);
  assert.throws(() => network.steps(batch, upTo(0), 2, Float64Array.of(0.1)), /no rows/);
  assert.throws(() => network.steps(batch, upTo(2), 0, Float64Array.of(0.1)), /batch 0/);
  assert.throws(() => network.steps(batch, upTo(2), 1, Float64Array.of(0.1)), /1 learning rates for 2 steps/);
  assert.throws(() => network.evaluateRows(batch, 1, 2), /rows 1 \+ 2/);
  assert.throws(() => network.denseGradients(batch, [2]), /layer 2 is dense/);
  assert.throws(() => network.move(batch, upTo(2), [0], [1000], "keep"), /cannot drop 1000 of its/);
  assert.throws(() => network.move(batch, upTo(2), [2], [1], "keep"), /layer 2 is dense/);
  assert.throws(() => network.read(3), /layer 3 does not exist/);
  const { topology, weights } = layers[0];
  const replace = (change: object, fresh: number[] = []) => {
    return () => network.replace(0, { ...topology!, ...change }, weights, Uint32Array.from(fresh));
  };
  assert.throws(replace({ neurons: 8 }), /the topology is 12 → 8; the layer is 12 → 9/);
  assert.throws(replace({ columns: topology!.columns.slice().reverse() }), /a row must ascend without repeats/);
  assert.throws(replace({}, [3]), /fresh index 3 is not a connection/);
  assert.throws(replace({}, [12 * 9]), /fresh index 108 is not a connection/);
  assert.throws(() => network.replace(0, topology!, weights.slice(1), new Uint32Array()), /weights has length/);
  const broken = weights.slice().fill(Number.NaN, 2, 3);
  assert.throws(() => network.replace(0, topology!, broken, new Uint32Array()), /parameter 2 is NaN/);
  assert.throws(() => engine.create(spec, [{ ...layers[0], weights: broken }, ...layers.slice(1)], adam), /is NaN/);
  assert.throws(() => engine.create(spec, layers.slice(1), adam), /2 layers for sizes/);
  assert.throws(() => engine.create(spec, layers, { ...sgd, momentum: 0, nesterov: true } as Optimizer), /momentum 0/);
  network.dispose();
});
