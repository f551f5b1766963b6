import type { LayersModel, layers } from "@tensorflow/tfjs";
import { layerNorm } from "../network/layer-norm";
import { maskedDense } from "../network/masked-dense";
import type { NetworkSpec } from "../network/spec";
import { maskOf, scatter } from "../topology/dense-layout";
import type { LayerNormParameters, LayerParameters } from "./engine";

type TensorFlow = typeof import("@tensorflow/tfjs");

/** A network as a TensorFlow.js model from features to logits, and its fully connected layers. */
export interface TfjsModel {
  readonly model: LayersModel;
  /** One for each of the network's layers: MaskedDense where it is sparse, else dense. */
  readonly connected: readonly layers.Layer[];
  /** The LayerNorms behind them, where the network has them. */
  readonly norms: readonly (layers.Layer | undefined)[];
}

/**
 * The model of a network: MaskedDense (or, for `topology` null, dense) layers, and between them LayerNorm where the
 * network has it, and ReLU. The last layer gives logits.
 */
export function buildModel(tf: TensorFlow, spec: NetworkSpec, parameters: readonly LayerParameters[]): TfjsModel {
  const MaskedDense = maskedDense(tf);
  const LayerNorm = layerNorm(tf);
  const model = tf.sequential();
  const norms: layers.Layer[] = [];
  const connected = parameters.map(({ topology }, index) => {
    const shape = { units: spec.sizes[index + 1], inputShape: [spec.sizes[index]] };
    const layer =
      topology === null ? tf.layers.dense({ ...shape, kernelInitializer: "zeros" }) : new MaskedDense(shape);
    model.add(layer);
    if (index < parameters.length - 1) {
      if (spec.layerNorm) {
        norms[index] = new LayerNorm({});
        model.add(norms[index]);
      }
      model.add(tf.layers.reLU());
    }
    return layer;
  });
  connected.forEach((layer, index) => {
    setParameters(tf, layer, parameters[index]);
    const { norm } = parameters[index];
    if (norm !== undefined) setNorm(tf, norms[index], norm);
  });
  return { model, connected, norms };
}

/** Puts weights, bias and, in a sparse layer, the mask in place. */
export function setParameters(tf: TensorFlow, layer: layers.Layer, { topology, weights, bias }: LayerParameters): void {
  const [inputs, neurons] = layer.getWeights()[0].shape;
  const shape: [number, number] = [inputs, neurons];
  tf.tidy(() => {
    // slice: a backend may keep the array that it is given.
    const kernel = tf.tensor2d(topology === null ? weights.slice() : scatter(topology, weights), shape);
    const values = [kernel, tf.tensor1d(bias.slice())];
    layer.setWeights(topology === null ? values : [...values, tf.tensor2d(maskOf(topology), shape)]);
  });
}

function setNorm(tf: TensorFlow, layer: layers.Layer, { gain, offset }: LayerNormParameters): void {
  tf.tidy(() => layer.setWeights([tf.tensor1d(gain.slice()), tf.tensor1d(offset.slice())]));
}
