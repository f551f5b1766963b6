import type { Dataset } from "../datasets/dataset";
import type { Batch, EngineNetwork, LayerParameters } from "../engines/engine";
import { rewired, weightChange } from "../measures/change";
import { fanInStatistics } from "../measures/fan-in";
import { gradientConcentration } from "../measures/gradient-concentration";
import { createExploration, type Exploration } from "../measures/hubs";
import { gather } from "../topology/dense-layout";
import { fanIn, fanOut, toMask } from "../topology/masks";
import type { Topology } from "../topology/topology";

/** How much gradient the hubs of one layer get over its other neurons; null where nothing is left to compare. */
export interface GradientLog {
  /** Epochs finished; 0 before training. */
  readonly epoch: number;
  /** Index of the layer, from 0. */
  readonly layer: number;
  /** Ratios, hubs over the rest, of a neuron's mean |∂L/∂w|, of its L2 norm and of its sum. */
  readonly mean: number | null;
  readonly l2: number | null;
  readonly sum: number | null;
  /** What the last two would be if gradients ignored fan-in. */
  readonly l2Null: number | null;
  readonly sumNull: number | null;
}

/** How far training took one sparse layer from where it started. */
export interface LayerChange {
  readonly layer: number;
  /** Share of the final connections that were not there at the start. */
  readonly rewired: number;
  /** Share of all possible connections that existed at some time (ITOP's Rs). */
  readonly explored: number;
  /** ‖end − start‖ / ‖start‖ of the weights of connections there at both times; null where there are none. */
  readonly weightChange: number | null;
  /** CV of fan-out over the layer's inputs. */
  readonly fanOutCv: { readonly start: number; readonly end: number };
}

/** Watches the sparse layers of a network in training. */
export interface History {
  /** To be told every topology that an update makes. */
  observe(layer: number, topology: Topology): void;
  /** Measures gradients where an epoch's end calls for it. */
  endEpoch(epoch: number): void;
  /** What was measured at the ends of epochs. */
  gradients(): readonly GradientLog[];
  /** What became of every sparse layer. */
  changes(): LayerChange[];
}

/** Rows on which gradients are measured: the first of the training part, the same at every time. */
const GRADIENT_ROWS = 1024;

/** A network before training, and what to watch in it. */
export interface Watched {
  readonly network: EngineNetwork;
  readonly dataset: Dataset;
  /** All layers as they start. */
  readonly start: readonly LayerParameters[];
  /** Indices of the sparse ones. */
  readonly sparse: readonly number[];
  readonly epochs: number;
}

/** Begins to watch; gradients are measured at once and then after epochs 1, 2, 5, 10, 20, 50, … and the last. */
export function createHistory({ network, dataset, start, sparse, epochs }: Watched): History {
  const explorations = new Map<number, Exploration>();
  const observe = (layer: number, topology: Topology): void => {
    const { inputs, neurons } = topology;
    const exploration = explorations.get(layer) ?? createExploration(inputs * neurons);
    exploration.add(toMask(topology));
    explorations.set(layer, exploration);
  };
  const batch = firstRows(dataset, GRADIENT_ROWS);
  const gradients = sparse.length === 0 ? [] : measureGradients(network, batch, sparse, 0);
  for (const layer of sparse) observe(layer, topologyOf(start[layer]));
  return {
    observe,
    endEpoch(epoch) {
      const isDue = epoch === epochs || /^[125]0*$/.test(String(epoch));
      if (isDue && sparse.length > 0) gradients.push(...measureGradients(network, batch, sparse, epoch));
    },
    gradients: () => gradients,
    changes: () =>
      sparse.map((layer) => ({
        ...layerChange(layer, start[layer], network.read(layer)),
        explored: explorations.get(layer)!.rate(),
      })),
  };
}

function layerChange(layer: number, start: LayerParameters, end: LayerParameters): Omit<LayerChange, "explored"> {
  const [before, after] = [topologyOf(start), topologyOf(end)];
  const cv = (topology: Topology): number => fanInStatistics(fanOut(topology)).cv;
  return {
    layer,
    rewired: rewired(before, after),
    weightChange: weightChange({ topology: before, weights: start.weights }, { topology: after, weights: end.weights }),
    fanOutCv: { start: cv(before), end: cv(after) },
  };
}

function measureGradients(
  network: EngineNetwork,
  batch: Batch,
  layers: readonly number[],
  epoch: number,
): GradientLog[] {
  const dense = network.denseGradients(batch, layers);
  return layers.map((layer, i) => {
    const topology = topologyOf(network.read(layer));
    const { ratio, null: expected } = gradientConcentration(fanIn(topology), gather(topology, dense[i]));
    const [mean, l2, sum] = [ratio.mean, ratio.l2, ratio.sum].map(finiteOrNull);
    return { epoch, layer, mean, l2, sum, l2Null: finiteOrNull(expected.l2), sumNull: finiteOrNull(expected.sum) };
  });
}

function topologyOf({ topology }: LayerParameters): Topology {
  if (topology === null) throw new RangeError("createHistory: a layer is dense; name sparse layers only");
  return topology;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function firstRows({ train, inputs, scale }: Dataset, most: number): Batch {
  const rows = Math.min(most, train.rows);
  return { rows, features: train.features.subarray(0, rows * inputs), labels: train.labels.subarray(0, rows), scale };
}
