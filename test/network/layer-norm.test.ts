import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { layers, Scalar, Tensor2D, Variable } from "@tensorflow/tfjs";
import { loadTensorFlow } from "psn/dist/engines/tensorflow";
import { layerNorm } from "psn/dist/network/layer-norm";
import { assertClose, pytorch } from "../engines/networks";

let tf: typeof import("@tensorflow/tfjs");
before(async () => {
  ({ tf } = await loadTensorFlow());
});

const { x, gain, offset, dy, y, dx, dgain, doffset } = pytorch.layerNorm;

function built(layer: layers.Layer): layers.Layer {
  layer.build([null, 7]);
  return layer;
}

function assertPyTorch(layer: layers.Layer): void {
  layer.setWeights([tf.tensor1d(gain), tf.tensor1d(offset)]);
  const input = tf.variable(tf.tensor2d(x, [5, 7]));
  const output = () => layer.apply(input) as Tensor2D;
  assertClose(output().dataSync(), y, 1e-6, "output");
  const { grads } = tf.variableGrads(
    () =>
      output()
        .mul(tf.tensor2d(dy, [5, 7]))
        .sum() as Scalar,
  );
  const [gainName, offsetName] = layer.weights.map((weight) => (weight.read() as Variable).name);
  assertClose(grads[input.name].dataSync(), dx, 1e-6, "gradient of the input");
  assertClose(grads[gainName].dataSync(), dgain, 1e-6, "gradient of the gain");
  assertClose(grads[offsetName].dataSync(), doffset, 1e-6, "gradient of the offset");
}

test("layer normalisation is PyTorch's, forward and backward", () => {
  const LayerNorm = layerNorm(tf);
  assertPyTorch(built(new LayerNorm({})));
});

test("TensorFlow.js's own layer gives the same numbers, so that only its speed speaks against it", () => {
  assertPyTorch(built(tf.layers.layerNormalization({ epsilon: 1e-5 })));
});

test("a new layer has gain 1 and offset 0, and its config round-trips", () => {
  const LayerNorm = layerNorm(tf);
  const layer = built(new LayerNorm({ name: "norm" }));
  assert.deepEqual(
    layer.getWeights().map((weight) => weight.arraySync()),
    [Array(7).fill(1), Array(7).fill(0)],
  );
  assert.deepEqual(LayerNorm.fromConfig(LayerNorm, layer.getConfig()).getConfig(), layer.getConfig());
  assert.equal(layerNorm(tf), LayerNorm);
});
