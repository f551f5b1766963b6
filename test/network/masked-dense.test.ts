import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { io, Scalar, Tensor, Tensor2D, Variable } from "@tensorflow/tfjs";
import { loadTensorFlow } from "psn/dist/engines/tensorflow";
import { type MaskedDense, type MaskedDenseConstructor, maskedDense } from "psn/dist/network/masked-dense";
import { assertClose } from "../engines/networks";

let tf: typeof import("@tensorflow/tfjs");
let Masked: MaskedDenseConstructor;
before(async () => {
  ({ tf } = await loadTensorFlow());
  Masked = maskedDense(tf);
});

const kernel = [
  [0.5, 9, -0.3],
  [9, 0.7, 9],
  [-0.6, 0.4, 0.3],
  [9, 9, 0.8],
];
const mask = [
  [1, 0, 1],
  [0, 1, 0],
  [1, 1, 1],
  [0, 0, 1],
];
const bias = [0.1, 0.2, -0.1];
const x = [
  [1, 2, 3, 4],
  [-1, 0.5, 0, 2],
];

function masked(): MaskedDense {
  const layer = new Masked({ units: 3, inputShape: [4], name: "sparse" });
  layer.build([null, 4]);
  layer.setWeights([tf.tensor2d(kernel), tf.tensor1d(bias), tf.tensor2d(mask)]);
  return layer;
}

function apply(layer: MaskedDense): Tensor2D {
  return layer.apply(tf.tensor2d(x)) as Tensor2D;
}

/** Σ y², whose gradient with respect to y is 2y. */
function loss(y: Tensor): Scalar {
  return y.square().sum() as Scalar;
}

test("the output is x · (kernel ∘ mask) + bias, whatever the kernel holds where the mask is 0", () => {
  const connected = kernel.map((row, i) => row.map((weight, j) => (mask[i][j] === 1 ? weight : 0)));
  const expected = x.map((row) => bias.map((b, j) => row.reduce((sum, xi, i) => sum + xi * connected[i][j], b)));
  assertClose(apply(masked()).dataSync(), expected.flat(), 1e-6);
});

test("the gradient of the kernel is that of the connections, and exactly 0 elsewhere", () => {
  const layer = masked();
  const { grads } = tf.variableGrads(() => loss(apply(layer)));
  const y = apply(layer).arraySync();
  const expected = mask.map((row, i) => row.map((m, j) => m * x.reduce((sum, xs, r) => sum + xs[i] * 2 * y[r][j], 0)));
  const gradient = grads[variableName(layer, 0)].dataSync();
  assertClose(gradient, expected.flat(), 1e-6);
  for (const [flat, connected] of mask.flat().entries()) assert.ok(connected === 1 || gradient[flat] === 0);
  assert.equal(grads[variableName(layer, 2)], undefined, "the mask is not trained");
});

function variableName(layer: MaskedDense, weight: number): string {
  return (layer.weights[weight].read() as Variable).name;
}

test("a kernel that is 0 where the mask is stays exactly 0 there through 50 steps", () => {
  const layer = masked();
  const zeroed = kernel.map((row, i) => row.map((weight, j) => weight * mask[i][j]));
  layer.setWeights([tf.tensor2d(zeroed), tf.tensor1d(bias), tf.tensor2d(mask)]);
  const optimizer = tf.train.adam(0.01);
  for (let i = 0; i < 50; i++) optimizer.minimize(() => loss(apply(layer)));
  const [trained, , after] = layer.getWeights().map((weight) => [...weight.dataSync()]);
  for (const [flat, connected] of mask.flat().entries()) {
    if (connected === 1) assert.notEqual(trained[flat], zeroed.flat()[flat]);
    else assert.equal(trained[flat], 0);
  }
  assert.deepEqual(after, mask.flat());
});

test("with every connection it is tf.layers.dense, forward and backward", () => {
  const sparse = masked();
  sparse.setWeights([tf.tensor2d(kernel), tf.tensor1d(bias), tf.ones([4, 3])]);
  const dense = tf.layers.dense({ units: 3, inputShape: [4] });
  dense.build([null, 4]);
  dense.setWeights([tf.tensor2d(kernel), tf.tensor1d(bias)]);
  const [one, two] = [sparse, dense].map((layer) => {
    const { value, grads } = tf.variableGrads(() => loss(layer.apply(tf.tensor2d(x)) as Tensor));
    return [value, ...layer.trainableWeights.map((weight) => grads[(weight.read() as Variable).name])];
  });
  one.forEach((tensor, i) => {
    assertClose(tensor.dataSync(), two[i].dataSync(), 1e-6);
  });
});

test("a new layer has every connection, and zeros for kernel and bias", () => {
  const layer = new Masked({ units: 2 });
  layer.build([null, 3]);
  const values = layer.getWeights().map((weight) => [...weight.dataSync()]);
  assert.deepEqual(values, [
    [0, 0, 0, 0, 0, 0],
    [0, 0],
    [1, 1, 1, 1, 1, 1],
  ]);
  assert.equal(layer.trainableWeights.length, 2);
});

test("config and layer round-trip", () => {
  const layer = new Masked({ units: 3, inputShape: [4], name: "sparse" });
  const again = Masked.fromConfig(Masked, layer.getConfig());
  assert.deepEqual(again.getConfig(), layer.getConfig());
  assert.equal(again.units, 3);
  assert.equal(again.name, "sparse");
  assert.equal(again.getClassName(), "MaskedDense");
});

test("a saved model comes back with kernel, bias and mask", async () => {
  const model = tf.sequential({ layers: [new Masked({ units: 3, inputShape: [4] }), tf.layers.reLU()] });
  model.layers[0].setWeights([tf.tensor2d(kernel), tf.tensor1d(bias), tf.tensor2d(mask)]);
  let saved: io.ModelArtifacts | undefined;
  const keep = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
  });
  await model.save(keep);
  const modelTopology = JSON.parse(JSON.stringify(saved!.modelTopology));
  const loaded = await tf.loadLayersModel(tf.io.fromMemory({ ...saved!, modelTopology }));
  assert.ok(loaded.layers.some((layer) => layer instanceof Masked));
  assert.deepEqual(
    loaded.getWeights().map((weight) => weight.arraySync()),
    model.getWeights().map((weight) => weight.arraySync()),
  );
  assert.deepEqual(loaded.getWeights()[2].arraySync(), mask);
  assert.equal(loaded.trainableWeights.length, 2);
  const [before, after] = [model, loaded].map((each) => (each.predict(tf.tensor2d(x)) as Tensor).dataSync());
  assert.deepEqual(after, before);
});

test("the output shape is [rows, units]", () => {
  assert.deepEqual(new Masked({ units: 3 }).computeOutputShape([null, 4]), [null, 3]);
  assert.deepEqual(new Masked({ units: 3 }).computeOutputShape([[5, 4]]), [5, 3]);
});

test("the class is made once for a TensorFlow.js", () => {
  assert.equal(maskedDense(tf), Masked);
});

test("impossible units and inputs are errors", () => {
  assert.throws(() => new Masked({ units: 0 }), /units 0/);
  assert.throws(() => new Masked({ units: 2.5 }), /units 2.5/);
  assert.throws(() => new Masked({ units: 2 }).apply(tf.zeros([2, 3, 4])), /input shape \[2,3,4\]/);
});
