import type { layers, Shape, serialization, Tensor, Tensor2D } from "@tensorflow/tfjs";

type TensorFlow = typeof import("@tensorflow/tfjs");
type LayerArguments = ConstructorParameters<typeof layers.Layer>[0];

/** What a masked layer is made from: `units` neurons, and whatever any layer of TensorFlow.js takes (inputShape, name). */
export type MaskedDenseConfig = LayerArguments & { readonly units: number };

/**
 * A dense layer in which only some connections exist: y = x · (kernel ∘ mask) + bias, x of shape [rows, inputs].
 *
 * Its weights are, in the order of getWeights and setWeights,
 *   kernel [inputs, units]   trainable
 *   bias   [units]           trainable
 *   mask   [inputs, units]   not trainable, 1 where a connection exists and 0 elsewhere
 * and all three are saved with the model. The gradient of the kernel is ∘ mask too: exactly 0 where there is no
 * connection, so a kernel that is 0 there stays 0. A new layer has kernel and bias 0 and mask 1: set the weights,
 * from a generator of your own, for TensorFlow.js takes seed 0 for "no seed".
 */
export interface MaskedDense extends layers.Layer {
  readonly units: number;
}

/** The class of {@link MaskedDense} layers. */
export interface MaskedDenseConstructor extends serialization.SerializableConstructor<MaskedDense> {
  new (config: MaskedDenseConfig): MaskedDense;
}

const classes = new WeakMap<TensorFlow, MaskedDenseConstructor>();

/**
 * The {@link MaskedDense} class of a TensorFlow.js, which is loaded late and therefore passed in. The class is made
 * once and registered, so that `tf.loadLayersModel` knows it.
 */
export function maskedDense(tf: TensorFlow): MaskedDenseConstructor {
  const made = classes.get(tf) ?? defineMaskedDense(tf);
  classes.set(tf, made);
  return made;
}

function defineMaskedDense(tf: TensorFlow): MaskedDenseConstructor {
  class MaskedDenseLayer extends tf.layers.Layer implements MaskedDense {
    static readonly className: string = "MaskedDense";
    readonly units: number;

    constructor(config: MaskedDenseConfig) {
      super(config);
      if (!Number.isInteger(config.units) || config.units < 1) {
        throw new RangeError(`MaskedDense: units ${config.units} is not a positive integer`);
      }
      this.units = config.units;
    }

    override build(inputShape: Shape | Shape[]): void {
      const [, inputs] = matrixShape(inputShape);
      const { zeros, ones } = tf.initializers;
      this.addWeight("kernel", [inputs, this.units], "float32", zeros());
      this.addWeight("bias", [this.units], "float32", zeros());
      this.addWeight("mask", [inputs, this.units], "float32", ones(), undefined, false);
      super.build(inputShape);
    }

    override call(inputs: Tensor | Tensor[]): Tensor {
      return tf.tidy(() => {
        const x = (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor2D;
        const [kernel, bias, mask] = this.weights.map((weight) => weight.read());
        return tf.add(tf.matMul(x, tf.mul(kernel, mask)), bias);
      });
    }

    override computeOutputShape(inputShape: Shape | Shape[]): Shape {
      return [matrixShape(inputShape)[0], this.units];
    }

    override getConfig(): serialization.ConfigDict {
      return { ...super.getConfig(), units: this.units };
    }
  }
  tf.serialization.registerClass(MaskedDenseLayer);
  return MaskedDenseLayer;
}

/** [rows, inputs], rows null where they vary. TensorFlow.js passes the shape of a single input with or without a list around it. */
function matrixShape(given: Shape | Shape[]): [number | null, number] {
  const shape = (Array.isArray(given[0]) ? given[0] : given) as Shape;
  const [rows, inputs] = shape;
  if (shape.length !== 2 || inputs === null) {
    throw new RangeError(`MaskedDense: input shape [${shape}] is not [rows, inputs]; flatten the input first`);
  }
  return [rows, inputs];
}
