import type { layers, Shape, serialization, Tensor } from "@tensorflow/tfjs";

type TensorFlow = typeof import("@tensorflow/tfjs");

/** The class of LayerNorm layers. */
export type LayerNormConstructor = serialization.SerializableConstructor<layers.Layer>;

/** Added to the variance, as in PyTorch. */
const EPSILON = 1e-5;

const classes = new WeakMap<TensorFlow, LayerNormConstructor>();

/**
 * Layer normalisation (Ba, Kiros & Hinton 2016, arXiv 1607.06450) of [rows, neurons]: each row is brought to mean 0
 * and variance 1 (population variance, plus ε = 1e-5), then scaled by a learned gain and moved by a learned offset,
 * both [neurons], which start at 1 and 0. Results and gradients are PyTorch's. Our own, because the gradient of
 * `tf.layers.layerNormalization` adds up one slice for each neuron: eight times the time of all the rest.
 */
export function layerNorm(tf: TensorFlow): LayerNormConstructor {
  const made = classes.get(tf) ?? defineLayerNorm(tf);
  classes.set(tf, made);
  return made;
}

function defineLayerNorm(tf: TensorFlow): LayerNormConstructor {
  class LayerNorm extends tf.layers.Layer {
    static readonly className: string = "LayerNorm";

    override build(inputShape: Shape | Shape[]): void {
      const shape = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
      this.addWeight("gain", [shape[1]], "float32", tf.initializers.ones());
      this.addWeight("offset", [shape[1]], "float32", tf.initializers.zeros());
      super.build(inputShape);
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => {
        const x = Array.isArray(inputs) ? inputs[0] : inputs;
        const [gain, offset] = this.weights.map((weight) => weight.read());
        const centred = tf.sub(x, tf.mean(x, 1, true));
        const variance = tf.mean(tf.square(centred), 1, true);
        const normalised = tf.mul(centred, tf.rsqrt(tf.add(variance, EPSILON)));
        return tf.add(tf.mul(normalised, gain), offset);
      });
    }
  }
  tf.serialization.registerClass(LayerNorm);
  return LayerNorm;
}
