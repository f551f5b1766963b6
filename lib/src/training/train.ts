import type { Dataset } from "../datasets/dataset";
import { type DatasetName, loadDataset, subset } from "../datasets/load";
import type { Engine, EngineNetwork, LayerParameters } from "../engines/engine";
import { createTfjsEngine } from "../engines/tfjs";
import { startTopologies } from "../network/start";
import { initialWeights } from "../network/weights";
import { createRandom, type Random } from "../random";
import { fanIn } from "../topology/masks";
import { cosineDropFraction, isUpdateStep } from "../topology/schedule";
import type { TopologyUpdate } from "../topology/update";
import { epochBatches, testBatch } from "./batches";
import { type RunConfig, resolveConfig, type TrainConfig } from "./config";
import { type UpdateLog, updateLayers } from "./update-layers";

/** One epoch's numbers: mean loss over its batches, then loss and accuracy (0 … 1) on the whole test part. */
export interface EpochLog {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
}

/** Where a run stands, for progress displays. */
export interface TrainProgress {
  /** Steps done and to do. */
  readonly step: number;
  readonly steps: number;
  /** The running epoch, from 1. */
  readonly epoch: number;
  /** Loss of the last batch; null before the first weight step of an epoch. */
  readonly loss: number | null;
  /** Test accuracy (0 … 1) of the last finished epoch. */
  readonly accuracy: number | null;
}

export interface TrainOptions {
  /** Stops the run: `train` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called several times a second. */
  readonly onProgress?: (progress: TrainProgress) => void;
}

/** What came out of a run. Plain JSON but for `layers`. */
export interface TrainResult {
  readonly config: RunConfig;
  readonly epochs: readonly EpochLog[];
  /** Test accuracy (0 … 1) after the last epoch: the primary number; and of the best epoch, which claims never use. */
  readonly accuracy: number;
  readonly bestAccuracy: number;
  /** Connections of every layer, the output layer included. */
  readonly nonzeros: readonly number[];
  /** Share of absent connections among the hidden layers, and among all. */
  readonly hiddenSparsity: number;
  readonly overallSparsity: number;
  /** Fan-in of every neuron before training, one vector a layer; null for dense layers. */
  readonly initialFanIn: readonly (readonly number[] | null)[];
  /** Every topology update, layer by layer. */
  readonly updates: readonly UpdateLog[];
  /** The trained parameters. */
  readonly layers: readonly LayerParameters[];
}

/**
 * Trains one network: wires it, initialises it, trains it, moves its topology, evaluates it after every epoch.
 *
 * @param config the data set, by name or as a {@link Dataset}, and whatever differs from protocol `plain`
 * @throws RangeError when the config is impossible; the signal's reason when aborted
 */
export async function train(config: TrainConfig, options: TrainOptions = {}): Promise<TrainResult> {
  const run = resolveConfig(config);
  const engine = await createTfjsEngine();
  options.signal?.throwIfAborted();
  const dataset = await trainingData(config.dataset, run);
  const random = createRandom(run.seed);
  const sizes = [dataset.inputs, ...run.hidden, dataset.classes];
  const layers = initialLayers(sizes, run, random);
  const network = createNetwork(engine, sizes, layers, run);
  try {
    const { epochs, updates } = await trainingLoop(network, { run, dataset, layers, random, options });
    return {
      config: run,
      epochs,
      accuracy: epochs[epochs.length - 1].testAccuracy,
      bestAccuracy: Math.max(...epochs.map((epoch) => epoch.testAccuracy)),
      ...connectionCounts(sizes, layers),
      initialFanIn: layers.map(({ topology }) => topology && Array.from(fanIn(topology))),
      updates,
      layers: layers.map((_, layer) => network.read(layer)),
    };
  } finally {
    network.dispose();
  }
}

async function trainingData(source: string | Dataset, run: RunConfig): Promise<Dataset> {
  const dataset = typeof source === "string" ? await loadDataset(source as DatasetName) : source;
  if (run.trainingRows === null || run.trainingRows === dataset.train.rows) return dataset;
  return subset(dataset, run.trainingRows, createRandom(0).fork("training rows"));
}

function initialLayers(sizes: readonly number[], run: RunConfig, random: Random): LayerParameters[] {
  const topologies = startTopologies({ ...run, sizes }, random.fork("wiring"));
  return topologies.map((topology, layer) => {
    const [inputs, neurons] = [sizes[layer], sizes[layer + 1]];
    const weights = initialWeights(topology ?? { inputs, neurons }, run.weights, random.fork(`weights ${layer}`));
    return { topology, weights, bias: new Float32Array(neurons) };
  });
}

function createNetwork(
  engine: Engine,
  sizes: readonly number[],
  layers: readonly LayerParameters[],
  run: RunConfig,
): EngineNetwork {
  return engine.create({ sizes, layerNorm: run.layerNorm }, layers, run.optimizer);
}

interface LoopInput {
  readonly run: RunConfig;
  readonly dataset: Dataset;
  readonly layers: readonly LayerParameters[];
  readonly random: Random;
  readonly options: TrainOptions;
}

/** The one training loop: batches, topology updates, steps, evaluation, progress, abort. */
async function trainingLoop(
  network: EngineNetwork,
  { run, dataset, layers, random, options }: LoopInput,
): Promise<{ epochs: EpochLog[]; updates: UpdateLog[] }> {
  const steps = run.epochs * Math.ceil(dataset.train.rows / run.batch);
  const sparse = layers.flatMap(({ topology }, layer) => (topology === null ? [] : [layer]));
  const fractionAt = dropFractions(run.update, steps);
  const [order, updateRandom] = [random.fork("order"), random.fork("updates")];
  const epochs: EpochLog[] = [];
  const updates: UpdateLog[] = [];
  const isTimeToReport = reporter(options.signal);
  for (let epoch = 1, step = 0; epoch <= run.epochs; epoch++) {
    const losses: number[] = [];
    for (const batch of epochBatches(dataset, run.batch, order.fork(`epoch ${epoch}`))) {
      step++;
      const fraction = fractionAt(step);
      if (fraction !== null && run.update.kind !== "static") {
        updates.push(
          ...updateLayers(network, run.update, { step, fraction, layers: sparse, batch, random: updateRandom }),
        );
      }
      if (fraction === null || !skipsStep(run.update)) {
        losses.push(checkedLoss(network.step(batch, learningRate(run, step, steps)), step, run));
      }
      if (await isTimeToReport()) {
        const accuracy = epochs.at(-1)?.testAccuracy ?? null;
        options.onProgress?.({ step, steps, epoch, loss: losses.at(-1) ?? null, accuracy });
      }
    }
    const { loss, accuracy } = network.evaluate(testBatch(dataset));
    const trainLoss = losses.reduce((sum, value) => sum + value, 0) / losses.length;
    epochs.push({ epoch, trainLoss, testLoss: loss, testAccuracy: accuracy });
    options.onProgress?.({ step, steps, epoch, loss: losses.at(-1) ?? null, accuracy });
  }
  return { epochs, updates };
}

/** The drop fraction of the update due at a step, or null when none is due. */
function dropFractions(update: TopologyUpdate, steps: number): (step: number) => number | null {
  if (update.kind === "static") return () => null;
  const { alpha, interval, firstUpdate } = update;
  const end = update.end * steps;
  return (step) => {
    // Counting from zero, as google-research/rigl does, the first batch is step 0.
    const counted = firstUpdate === "zero" ? step - 1 : step;
    return isUpdateStep(counted, { interval, end, firstUpdate }) ? cosineDropFraction(counted, { alpha, end }) : null;
  };
}

/** RigL's update takes the place of a weight step (method of the reference code); SET's does not. */
function skipsStep(update: TopologyUpdate): boolean {
  return update.kind === "rigl" && update.skipStep;
}

/** The learning rate of a step counted from 1. */
export function learningRate(
  { learningRate: initial, schedule }: Pick<RunConfig, "learningRate" | "schedule">,
  step: number,
  steps: number,
): number {
  return schedule === "constant" ? initial : (initial / 2) * (1 + Math.cos((Math.PI * (step - 1)) / steps));
}

function checkedLoss(loss: number, step: number, run: RunConfig): number {
  if (Number.isFinite(loss)) return loss;
  throw new Error(`train: the loss is ${loss} at step ${step}; lower the learning rate (now ${run.learningRate})`);
}

/** Lets the event loop run, and asks for a report, a few times a second; throws the signal's reason when aborted. */
function reporter(signal: AbortSignal | undefined): () => Promise<boolean> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 150) return false;
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    last = performance.now();
    return true;
  };
}

function connectionCounts(
  sizes: readonly number[],
  layers: readonly LayerParameters[],
): Pick<TrainResult, "nonzeros" | "hiddenSparsity" | "overallSparsity"> {
  const nonzeros = layers.map(({ weights }) => weights.length);
  const possible = layers.map((_, layer) => sizes[layer] * sizes[layer + 1]);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const hidden = sum(possible.slice(0, -1));
  return {
    nonzeros,
    hiddenSparsity: hidden === 0 ? 0 : 1 - sum(nonzeros.slice(0, -1)) / hidden,
    overallSparsity: 1 - sum(nonzeros) / sum(possible),
  };
}
