import type { Dataset } from "../datasets/dataset";
import { type DatasetName, loadDataset, subset } from "../datasets/load";
import { createEngine } from "../engines/create";
import type { LayerParameters } from "../engines/engine";
import { startTopologies } from "../network/start";
import { initialWeights } from "../network/weights";
import { createRandom, type Random } from "../random";
import { fanIn } from "../topology/masks";
import type { Topology } from "../topology/topology";
import { transplant } from "../topology/transplant";
import { type RunConfig, resolveConfig, type TrainConfig } from "./config";
import { donorMasks } from "./donor";
import { createHistory, type GradientLog, type LayerChange } from "./history";
import { type EpochLog, type TrainOptions, trainingLoop } from "./loop";
import type { UpdateLog } from "./update-layers";

/** What came out of a run. Plain JSON but for `layers`. */
export interface TrainResult {
  readonly config: RunConfig;
  /** What ran underneath the engine: the kernel's build, or TensorFlow.js and what is behind it. */
  readonly backend: string;
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
  /** How gradients share out between hubs and the rest, and what became of the sparse layers. */
  readonly gradients: readonly GradientLog[];
  readonly changes: readonly LayerChange[];
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
  const engine = await createEngine(run.engine);
  options.signal?.throwIfAborted();
  const dataset = await trainingData(config.dataset, run);
  const random = createRandom(run.seed);
  const sizes = [dataset.inputs, ...run.hidden, dataset.classes];
  const layers = initialLayers(await initialTopologies(sizes, run, { dataset, random, options }), sizes, run, random);
  const sparse = layers.flatMap(({ topology }, layer) => (topology === null ? [] : [layer]));
  const network = engine.create({ sizes, layerNorm: run.layerNorm }, layers, run.optimizer);
  try {
    const history = createHistory({ network, dataset, start: layers, sparse, epochs: run.epochs });
    const input = { run, dataset, sparse, history, random, options };
    const { epochs, updates } = await trainingLoop(network, input);
    return {
      config: run,
      backend: engine.backend,
      epochs,
      accuracy: epochs[epochs.length - 1].testAccuracy,
      bestAccuracy: Math.max(...epochs.map((epoch) => epoch.testAccuracy)),
      ...connectionCounts(sizes, layers),
      initialFanIn: layers.map(({ topology }) => topology && Array.from(fanIn(topology))),
      updates,
      gradients: history.gradients(),
      changes: history.changes(),
      layers: layers.map((_, layer) => network.read(layer)),
    };
  } finally {
    network.dispose();
  }
}

/** The topologies that a run starts from; those of a transplant need the run that they come from to be trained. */
async function initialTopologies(
  sizes: readonly number[],
  run: RunConfig,
  { dataset, random, options }: { dataset: Dataset; random: Random; options: TrainOptions },
): Promise<(Topology | null)[]> {
  const { start } = run;
  const wiring = random.fork("wiring");
  if (start.kind !== "transplant") return startTopologies({ ...run, start, sizes }, wiring);
  const donor: RunConfig = { ...run, ...start.from, trainingRows: null };
  const masks = await donorMasks(donor, dataset, () => train({ ...donor, dataset }, { signal: options.signal }));
  return transplant(masks, start.keep, wiring.fork("transplant"));
}

async function trainingData(source: string | Dataset, run: RunConfig): Promise<Dataset> {
  const dataset = typeof source === "string" ? await loadDataset(source as DatasetName) : source;
  if (run.trainingRows === null || run.trainingRows === dataset.train.rows) return dataset;
  return subset(dataset, run.trainingRows, createRandom(0).fork("training rows"));
}

function initialLayers(
  topologies: readonly (Topology | null)[],
  sizes: readonly number[],
  run: RunConfig,
  random: Random,
): LayerParameters[] {
  return topologies.map((topology, layer) => {
    const [inputs, neurons] = [sizes[layer], sizes[layer + 1]];
    const weights = initialWeights(topology ?? { inputs, neurons }, run.weights, random.fork(`weights ${layer}`));
    return { topology, weights, bias: new Float32Array(neurons) };
  });
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
