import type { layers as Layers, LayerVariable, Scalar, Tensor, Tensor1D, Tensor2D, Variable } from "@tensorflow/tfjs";
import type { NetworkSpec } from "../network/spec";
import { gather, maskOf } from "../topology/dense-layout";
import { fanIn } from "../topology/masks";
import { magnitudes, moveConnections } from "../topology/move";
import type { Topology } from "../topology/topology";
import {
  assertBatch,
  assertConnections,
  assertDrops,
  assertFresh,
  assertLayers,
  assertOptimizer,
  assertRange,
  assertRows,
  assertSteps,
} from "./check";
import type { Batch, Engine, EngineNetwork, LayerParameters, Moves, Optimizer } from "./engine";
import { moveLayer } from "./move-layer";
import { rowsOf } from "./rows";
import { loadTensorFlow } from "./tensorflow";
import { buildModel, setParameters, type TfjsModel } from "./tfjs-model";
import { createOptimizer, type TensorOptimizer } from "./tfjs-optimizer";
import { transposeBeforeMatMul } from "./wasm-matmul";

type TensorFlow = typeof import("@tensorflow/tfjs");

/** Rows evaluated at a time: bounds memory, and is large enough to be fast. */
const EVALUATION_ROWS = 1000;

/**
 * The readable reference engine: masked dense layers on TensorFlow.js, softmax cross-entropy, the optimisers of
 * torch.optim. What it costs does not fall with sparsity.
 *
 * @throws Error when no backend of TensorFlow.js starts
 */
export async function createTfjsEngine(): Promise<Engine> {
  const { tf, backend } = await loadTensorFlow();
  if (tf.getBackend() === "wasm") transposeBeforeMatMul(tf);
  return {
    name: "tfjs",
    backend,
    create: (spec, layers, optimizer) => new TfjsNetwork(tf, spec, layers, optimizer),
  };
}

/**
 * Throughout, kernels are exactly 0 where there is no connection: they start so, masked gradients and optimiser state
 * are 0 there, and `replace` writes them so.
 *
 * Tensors are disposed by hand where values are read: `tf.tidy` walks through arrays that leave it.
 */
class TfjsNetwork implements EngineNetwork {
  private readonly tf: TensorFlow;
  private readonly sizes: readonly number[];
  private readonly topologies: (Topology | null)[];
  private readonly model: TfjsModel["model"];
  private readonly connected: TfjsModel["connected"];
  private readonly norms: TfjsModel["norms"];
  private readonly parameters: readonly Variable[];
  private readonly optimizer: TensorOptimizer;

  constructor(tf: TensorFlow, spec: NetworkSpec, layers: readonly LayerParameters[], optimizer: Optimizer) {
    assertLayers(spec, layers);
    assertOptimizer(optimizer);
    this.tf = tf;
    this.sizes = [...spec.sizes];
    this.topologies = layers.map(({ topology }) => structuredClone(topology));
    ({ model: this.model, connected: this.connected, norms: this.norms } = buildModel(tf, spec, layers));
    this.parameters = this.model.trainableWeights.map(variable);
    this.optimizer = createOptimizer(tf, optimizer, this.parameters);
  }

  step(batch: Batch, learningRate: number): number {
    if (!Number.isFinite(learningRate)) throw new RangeError(`step: learning rate ${learningRate} is not finite`);
    const { loss, gradients } = this.backward(batch, this.parameters);
    this.optimizer.step(gradients, learningRate);
    const [value] = loss.dataSync();
    this.tf.dispose([loss, ...gradients]);
    return value;
  }

  steps(data: Batch, order: Uint32Array, batch: number, learningRates: Float64Array): Float64Array {
    assertSteps(data, this.sizes, { order, batch, learningRates });
    return learningRates.map((rate, i) => this.step(rowsOf(data, order.subarray(i * batch, (i + 1) * batch)), rate));
  }

  move(
    data: Batch,
    order: Uint32Array,
    layers: readonly number[],
    drops: readonly number[],
    regrown: "keep" | "reset",
  ): Moves[] {
    assertRows(data, this.sizes, order);
    for (const layer of layers) this.sparseLayer(layer);
    assertDrops(layers, drops, (layer) => this.connections(layer));
    const gradients = this.denseGradients(rowsOf(data, order), layers);
    return layers.map((layer, i) =>
      moveLayer(this, layer, (sparse) =>
        moveConnections(sparse, { drops: drops[i], regrown }, magnitudes("gradients", gradients[i]), "layer"),
      ),
    );
  }

  denseGradients(batch: Batch, layers: readonly number[]): Float32Array[] {
    // Kernels are 0 where masks are, so with open masks the forward pass is the same and every weight has its gradient.
    const weights = layers.map((layer) => this.sparseLayer(layer).weights);
    const masks = weights.map(([, , mask]) => ({ mask, saved: mask.read().clone() }));
    this.tf.tidy(() => {
      for (const { mask } of masks) mask.write(this.tf.onesLike(mask.read()));
    });
    try {
      const { loss, gradients } = this.backward(
        batch,
        weights.map(([kernel]) => variable(kernel)),
      );
      const values = gradients.map((gradient) => gradient.dataSync<"float32">());
      this.tf.dispose([loss, ...gradients]);
      return values;
    } finally {
      for (const { mask, saved } of masks) mask.write(saved);
      this.tf.dispose(masks.map(({ saved }) => saved));
    }
  }

  connections(layer: number): number {
    this.layer(layer);
    return this.topologies[layer]?.columns.length ?? this.sizes[layer] * this.sizes[layer + 1];
  }

  fanIn(layer: number): Uint32Array {
    this.sparseLayer(layer);
    return fanIn(this.topologies[layer]!);
  }

  read(layer: number): LayerParameters {
    const { weights } = this.layer(layer);
    const topology = this.topologies[layer];
    const [kernel, bias] = weights.map(valuesOf);
    const [gain, offset] = this.norms[layer]?.weights.map((weight) => valuesOf(weight).slice()) ?? [];
    return {
      topology: structuredClone(topology),
      weights: topology === null ? kernel.slice() : gather(topology, kernel),
      bias: bias.slice(),
      ...(gain === undefined ? {} : { norm: { gain, offset } }),
    };
  }

  replace(layer: number, topology: Topology, weights: Float32Array, fresh: Uint32Array): void {
    const sparse = this.sparseLayer(layer);
    const [kernel, bias] = sparse.weights;
    const [inputs, neurons] = [this.sizes[layer], this.sizes[layer + 1]];
    assertConnections(layer, topology, weights, { inputs, neurons });
    assertFresh(layer, topology, fresh);
    const keep = maskOf(topology);
    setParameters(this.tf, sparse, { topology, weights, bias: bias.read().dataSync<"float32">() });
    for (const flat of fresh) keep[flat] = 0;
    const keepState = this.tf.tensor2d(keep, [inputs, neurons]);
    this.optimizer.keepState(variable(kernel), keepState);
    keepState.dispose();
    this.topologies[layer] = structuredClone(topology);
  }

  evaluate(batch: Batch): { loss: number; accuracy: number } {
    const { loss, hits } = this.evaluateRows(batch, 0, batch.rows);
    return { loss: loss / batch.rows, accuracy: hits / batch.rows };
  }

  evaluateRows(data: Batch, first: number, count: number): { loss: number; hits: number } {
    assertRange(data, this.sizes, first, count);
    let [loss, hits] = [0, 0];
    for (let start = first; start < first + count; start += EVALUATION_ROWS) {
      const rows = Math.min(EVALUATION_ROWS, first + count - start);
      const sums = this.tf.tidy(() => {
        const { x, labels } = this.tensors(data, start, rows);
        const logits = this.model.apply(x) as Tensor2D;
        return [this.loss(logits, labels).mul(rows), this.tf.argMax(logits, 1).equal(labels).sum()];
      });
      loss += sums[0].dataSync()[0];
      hits += sums[1].dataSync()[0];
      this.tf.dispose(sums);
    }
    return { loss, hits };
  }

  bytes(): null {
    return null;
  }

  dispose(): void {
    this.optimizer.dispose();
    this.model.dispose();
  }

  /** Mean loss of a batch and its gradients with respect to the given parameters, in their order. */
  private backward(batch: Batch, parameters: readonly Variable[]): { loss: Scalar; gradients: Tensor[] } {
    assertBatch(batch, this.sizes);
    const { x, labels } = this.tensors(batch, 0, batch.rows);
    const { value, grads } = this.tf.variableGrads(
      () => this.loss(this.model.apply(x) as Tensor2D, labels),
      [...parameters],
    );
    this.tf.dispose([x, labels]);
    return { loss: value, gradients: parameters.map(({ name }) => grads[name]) };
  }

  private loss(logits: Tensor2D, labels: Tensor1D): Scalar {
    const targets = this.tf.oneHot(labels, logits.shape[1]);
    return this.tf.losses.softmaxCrossEntropy(targets, logits) as Scalar;
  }

  /** `rows` examples of a batch from row `start` on, scaled. */
  private tensors(batch: Batch, start: number, rows: number): { x: Tensor2D; labels: Tensor1D } {
    const inputs = this.sizes[0];
    const x = new Float32Array(rows * inputs);
    const first = start * inputs;
    for (let i = 0; i < x.length; i++) x[i] = batch.features[first + i] * batch.scale;
    const labels = Int32Array.from(batch.labels.subarray(start, start + rows));
    return { x: this.tf.tensor2d(x, [rows, inputs]), labels: this.tf.tensor1d(labels, "int32") };
  }

  private layer(layer: number): Layers.Layer {
    const found = this.connected[layer];
    if (found === undefined) {
      throw new RangeError(`layer ${layer} does not exist; the network has layers 0 … ${this.connected.length - 1}`);
    }
    return found;
  }

  private sparseLayer(layer: number): Layers.Layer {
    const found = this.layer(layer);
    if (this.topologies[layer] === null) throw new RangeError(`layer ${layer} is dense; ask for sparse layers only`);
    return found;
  }
}

/** The variable inside a layer's weight. */
function variable(weight: LayerVariable): Variable {
  return weight.read() as Variable;
}

/** Its values; possibly not a copy. */
function valuesOf(weight: LayerVariable): Float32Array {
  return weight.read().dataSync<"float32">();
}
