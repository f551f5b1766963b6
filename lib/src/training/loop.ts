import type { Dataset } from "../datasets/dataset";
import type { Batch, EngineNetwork } from "../engines/engine";
import type { Random } from "../random";
import { dropFraction, isUpdateStep } from "../topology/schedule";
import type { TopologyUpdate } from "../topology/update";
import type { RunConfig } from "./config";
import type { History } from "./history";
import { createPace, type Pace } from "./pace";
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
  /** Mean loss of the epoch's steps so far; null before the first. */
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

/** What the loop works on. */
export interface LoopInput {
  readonly run: RunConfig;
  readonly dataset: Dataset;
  /** Indices of the sparse layers. */
  readonly sparse: readonly number[];
  readonly history: History;
  readonly random: Random;
  readonly options: TrainOptions;
}

/** The one training loop: batches in seeded order, topology updates, steps, evaluation, progress, abort. */
export async function trainingLoop(
  network: EngineNetwork,
  { run, dataset, sparse, history, random, options }: LoopInput,
): Promise<{ epochs: EpochLog[]; updates: UpdateLog[] }> {
  const data: Batch = { ...dataset.train, scale: dataset.scale };
  const steps = run.epochs * Math.ceil(data.rows / run.batch);
  const pace = createPace(options.signal);
  const [orders, moving] = [random.fork("order"), random.fork("updates")];
  const epochs: EpochLog[] = [];
  const updates: UpdateLog[] = [];
  for (let epoch = 1, step = 1; epoch <= run.epochs; epoch++) {
    const order = orders.fork(`epoch ${epoch}`).permutation(data.rows);
    const tell = (loss: number | null): void =>
      options.onProgress?.({ step: step - 1, steps, epoch, loss, accuracy: epochs.at(-1)?.testAccuracy ?? null });
    let [lossSum, lossCount] = [0, 0];
    for (const part of partsOfEpoch(order, step, { run, steps, pace })) {
      if (part.fraction !== null && run.update.kind !== "static") {
        const where = { step, fraction: part.fraction, layers: sparse, observe: history.observe };
        updates.push(...updateLayers(network, run.update, { ...where, data, order: part.order, random: moving }));
      }
      if (part.rates.length > 0) {
        const losses = pace.timed(part.rates.length, () => network.steps(data, part.order, run.batch, part.rates));
        for (const loss of checkedLosses(losses, step, run)) lossSum += loss;
        lossCount += losses.length;
      }
      step += Math.max(1, part.rates.length);
      if (await pace.pause()) tell(lossCount === 0 ? null : lossSum / lossCount);
    }
    epochs.push({ epoch, trainLoss: lossSum / lossCount, ...(await evaluate(network, dataset, pace)) });
    history.endEpoch(epoch);
    tell(lossSum / lossCount);
  }
  return { epochs, updates };
}

/** Some batches of an epoch in one go: a topology update on the first of them, or none; and their learning rates. */
interface EpochPart {
  readonly order: Uint32Array;
  readonly fraction: number | null;
  /** One for each batch that steps; none where the update takes the place of the step. */
  readonly rates: Float64Array;
}

/** Cuts an epoch where the topology moves, and so that no part takes much longer than the pace allows. */
function* partsOfEpoch(
  order: Uint32Array,
  first: number,
  { run, steps, pace }: { run: RunConfig; steps: number; pace: Pace },
): Generator<EpochPart> {
  const fractionAt = dropFractions(run.update, steps);
  const last = first + Math.ceil(order.length / run.batch);
  const rowsOfSteps = (from: number, to: number): Uint32Array =>
    order.subarray((from - first) * run.batch, (to - first) * run.batch);
  for (let step = first, next: number; step < last; step = next) {
    const fraction = fractionAt(step);
    next = step + 1;
    if (fraction !== null && run.update.kind === "rigl" && run.update.skipStep) {
      yield { order: rowsOfSteps(step, next), fraction, rates: new Float64Array(0) };
      continue;
    }
    while (next < last && next - step < pace.stepsAtATime() && fractionAt(next) === null) next++;
    const rates = Float64Array.from({ length: next - step }, (_, i) => learningRate(run, step + i, steps));
    yield { order: rowsOfSteps(step, next), fraction, rates };
  }
}

/** The drop fraction of the update due at a step, or null when none is due. */
function dropFractions(update: TopologyUpdate, steps: number): (step: number) => number | null {
  if (update.kind === "static") return () => null;
  const { alpha, decay, interval, firstUpdate } = update;
  const end = update.end * steps;
  return (step) => {
    // Counting from zero, as google-research/rigl does, the first batch is step 0.
    const counted = firstUpdate === "zero" ? step - 1 : step;
    return isUpdateStep(counted, { interval, end, firstUpdate }) ? dropFraction(counted, { alpha, end, decay }) : null;
  };
}

/** The learning rate of a step counted from 1. */
export function learningRate(
  { learningRate: initial, schedule }: Pick<RunConfig, "learningRate" | "schedule">,
  step: number,
  steps: number,
): number {
  const done = (step - 1) / steps;
  if (schedule === "linear") return initial * (1 - 0.99 * done);
  return schedule === "constant" ? initial : (initial / 2) * (1 + Math.cos(Math.PI * done));
}

function checkedLosses(losses: Float64Array, first: number, run: RunConfig): Float64Array {
  const at = losses.findIndex((loss) => !Number.isFinite(loss));
  if (at < 0) return losses;
  throw new Error(
    `train: the loss is ${losses[at]} at step ${first + at}; lower the learning rate (now ${run.learningRate})`,
  );
}

/** Rows evaluated between two looks at the signal. */
const EVALUATION_ROWS = 4096;

async function evaluate(
  network: EngineNetwork,
  { test, scale }: Dataset,
  pace: Pace,
): Promise<{ testLoss: number; testAccuracy: number }> {
  const data: Batch = { ...test, scale };
  let [loss, hits] = [0, 0];
  for (let first = 0; first < test.rows; first += EVALUATION_ROWS) {
    const part = network.evaluateRows(data, first, Math.min(EVALUATION_ROWS, test.rows - first));
    loss += part.loss;
    hits += part.hits;
    await pace.pause();
  }
  return { testLoss: loss / test.rows, testAccuracy: hits / test.rows };
}
