import type { NetworkSpec } from "../network/spec";
import { fanIn } from "../topology/masks";
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
import type { Kernel, KernelNetwork } from "./kernel/kernel";
import { loadKernel } from "./kernel/load";

/** Gradients of the connections of each neuron. */
export interface NeuronGradients {
  /** Σ |∂loss/∂w| over the neuron's connections; length neurons. */
  readonly absolute: Float64Array;
  /** Σ (∂loss/∂w)² over the neuron's connections; length neurons. */
  readonly squared: Float64Array;
}

/** A network in the sparse kernel, which can also tell what existing connections would learn. */
export interface SparseNetwork extends EngineNetwork {
  /** ∂loss/∂ of the layer's existing parameters, mean over the rows `order`: weights in the order of `read`. */
  gradients(data: Batch, order: Uint32Array, layer: number): LayerParameters;
  /** Per-neuron sums of a sparse layer's gradients over the rows `order`, without a dense pass. */
  neuronGradients(data: Batch, order: Uint32Array, layer: number): NeuronGradients;
}

/** An {@link Engine} whose networks can do more. */
export interface SparseEngine extends Engine {
  create(spec: NetworkSpec, layers: readonly LayerParameters[], optimizer: Optimizer): SparseNetwork;
}

/**
 * The engine whose cost follows the connections: the kernel of lib/native.
 *
 * @param deterministic the same bits on every machine and in WebAssembly, at some cost in speed
 */
export function createSparseEngine(options: { readonly deterministic?: boolean } = {}): SparseEngine {
  const kernel = loadKernel(options);
  return {
    name: "sparse",
    backend: kernel.name,
    create: (spec, layers, optimizer) => createSparseNetwork(kernel, spec, layers, optimizer),
  };
}

/** A network in the given build of the kernel; as {@link Engine.create}. */
export function createSparseNetwork(
  kernel: Kernel,
  spec: NetworkSpec,
  layers: readonly LayerParameters[],
  optimizer: Optimizer,
): SparseNetwork {
  assertLayers(spec, layers);
  assertOptimizer(optimizer);
  const network = kernel.create(Uint32Array.from(spec.sizes), spec.layerNorm, packOptimizer(optimizer));
  layers.forEach((parameters, layer) => {
    network.set(layer, parameters);
  });
  return new CheckedNetwork(
    network,
    spec,
    layers.map(({ topology }) => topology !== null),
  );
}

/** In the order of OptimizerSpec in lib/native/src/types.h. */
function packOptimizer(optimizer: Optimizer): Float64Array {
  if (optimizer.kind === "adam") {
    const { beta1, beta2, epsilon, weightDecay } = optimizer;
    return Float64Array.of(1, 0, beta1, beta2, epsilon, 0, weightDecay);
  }
  const { momentum, nesterov, weightDecay } = optimizer;
  return Float64Array.of(0, Number(nesterov), 0, 0, 0, momentum, weightDecay);
}

class CheckedNetwork implements SparseNetwork {
  constructor(
    private held: KernelNetwork | null,
    private readonly spec: NetworkSpec,
    private readonly isSparse: readonly boolean[],
  ) {}

  private get network(): KernelNetwork {
    if (this.held === null) throw new Error("the network is disposed; create another one to go on");
    return this.held;
  }

  step(batch: Batch, learningRate: number): number {
    return this.steps(batch, rowsUpTo(batch.rows), batch.rows, Float64Array.of(learningRate))[0];
  }

  steps(data: Batch, order: Uint32Array, batch: number, learningRates: Float64Array): Float64Array {
    assertSteps(data, this.spec.sizes, { order, batch, learningRates });
    const losses = new Float64Array(learningRates.length);
    this.network.steps(data, order, batch, learningRates, losses);
    return losses;
  }

  denseGradients(batch: Batch, layers: readonly number[]): Float32Array[] {
    assertBatch(batch, this.spec.sizes);
    for (const layer of layers) this.assertSparse(layer);
    const order = rowsUpTo(batch.rows);
    return layers.map((layer) => {
      const [inputs, neurons] = this.shape(layer);
      const gradients = new Float32Array(inputs * neurons);
      this.network.denseGradients(batch, order, layer, gradients);
      return gradients;
    });
  }

  connections(layer: number): number {
    this.assertLayer(layer);
    return this.network.connections(layer);
  }

  fanIn(layer: number): Uint32Array {
    this.assertSparse(layer);
    const rowPointers = new Uint32Array(this.spec.sizes[layer + 1] + 1);
    this.network.read(layer, { rowPointers });
    return fanIn({ neurons: rowPointers.length - 1, rowPointers });
  }

  read(layer: number): LayerParameters {
    this.assertLayer(layer);
    const parameters = this.emptyParameters(layer);
    const { topology, weights, bias, norm } = parameters;
    const { rowPointers, columns } = topology ?? {};
    this.network.read(layer, { rowPointers, columns, weights, bias, norm });
    return parameters;
  }

  replace(layer: number, topology: Topology, weights: Float32Array, fresh: Uint32Array): void {
    this.assertSparse(layer);
    const [inputs, neurons] = this.shape(layer);
    assertConnections(layer, topology, weights, { inputs, neurons });
    assertFresh(layer, topology, fresh);
    this.network.replace(layer, topology, weights, fresh);
  }

  evaluate(batch: Batch): { loss: number; accuracy: number } {
    const { loss, hits } = this.evaluateRows(batch, 0, batch.rows);
    return { loss: loss / batch.rows, accuracy: hits / batch.rows };
  }

  evaluateRows(data: Batch, first: number, rows: number): { loss: number; hits: number } {
    assertRange(data, this.spec.sizes, first, rows);
    return this.network.evaluate(data, first, rows);
  }

  gradients(data: Batch, order: Uint32Array, layer: number): LayerParameters {
    assertRows(data, this.spec.sizes, order);
    this.assertLayer(layer);
    this.network.gradients(data, order);
    const { weights, bias, norm, ...rest } = this.read(layer);
    this.network.readGradients(layer, { weights, bias, norm });
    return { ...rest, weights, bias, ...(norm && { norm }) };
  }

  neuronGradients(data: Batch, order: Uint32Array, layer: number): NeuronGradients {
    this.assertSparse(layer);
    const { topology, weights } = this.gradients(data, order, layer);
    const { neurons, rowPointers } = topology!;
    const [absolute, squared] = [new Float64Array(neurons), new Float64Array(neurons)];
    for (let neuron = 0; neuron < neurons; neuron++) {
      for (let e = rowPointers[neuron]; e < rowPointers[neuron + 1]; e++) {
        absolute[neuron] += Math.abs(weights[e]);
        squared[neuron] += weights[e] ** 2;
      }
    }
    return { absolute, squared };
  }

  move(
    data: Batch,
    order: Uint32Array,
    layers: readonly number[],
    drops: readonly number[],
    regrown: "keep" | "reset",
  ): Moves[] {
    assertRows(data, this.spec.sizes, order);
    for (const layer of layers) this.assertSparse(layer);
    assertDrops(layers, drops, (layer) => this.network.connections(layer));
    return this.network.move(data, order, Uint32Array.from(layers), Uint32Array.from(drops), regrown === "reset");
  }

  bytes(): number {
    return this.network.bytes();
  }

  dispose(): void {
    this.network.dispose();
    this.held = null;
  }

  /** [inputs, neurons] */
  private shape(layer: number): [number, number] {
    return [this.spec.sizes[layer], this.spec.sizes[layer + 1]];
  }

  private emptyParameters(layer: number): LayerParameters {
    const [inputs, neurons] = this.shape(layer);
    const connections = this.network.connections(layer);
    const hasNorm = this.spec.layerNorm && layer < this.spec.sizes.length - 2;
    const vector = (): Float32Array => new Float32Array(neurons);
    return {
      topology: this.isSparse[layer]
        ? { inputs, neurons, rowPointers: new Uint32Array(neurons + 1), columns: new Uint32Array(connections) }
        : null,
      weights: new Float32Array(connections),
      bias: vector(),
      ...(hasNorm && { norm: { gain: vector(), offset: vector() } }),
    };
  }

  private assertLayer(layer: number): void {
    if (this.isSparse[layer] === undefined) {
      throw new RangeError(`layer ${layer} does not exist; the network has layers 0 … ${this.isSparse.length - 1}`);
    }
  }

  private assertSparse(layer: number): void {
    this.assertLayer(layer);
    if (!this.isSparse[layer]) throw new RangeError(`layer ${layer} is dense; ask for sparse layers only`);
  }
}

function rowsUpTo(rows: number): Uint32Array {
  return Uint32Array.from({ length: rows }, (_, row) => row);
}
