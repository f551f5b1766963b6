import type { DatasetName } from "../datasets/catalogue";
import { resolveConfig, type TrainConfig } from "../training/config";
import type { TrainOptions, TrainProgress } from "../training/loop";
import { type TrainResult, train as trainRun } from "../training/train";
import { interruptSignal } from "./interrupt";
import { kernelDisplay } from "./kernel";
import { loadDataset } from "./load-dataset";
import type { Progress } from "./progress";
import { createDisplay } from "./progress-display";
import { describeCourse, describeNumbers, duration, latest } from "./progress-words";

/** How a network is trained. */
export interface TrainingOptions extends TrainOptions {
  /**
   * How progress is shown: under this name, as news of a {@link Progress} of several networks, or not at all. By
   * default a notebook shows it, under the name of the data set, and nothing else does.
   */
  readonly progress?: string | Progress | false;
}

/**
 * Trains a network: see {@link TrainConfig} for what can be chosen, and its defaults. In a notebook, interrupting the
 * kernel stops it, unless another signal is given, and one line shows epochs, rate, time left, loss and accuracy.
 *
 * @throws RangeError when the config is impossible; the signal's reason when aborted
 */
export async function train(config: TrainConfig, options: TrainingOptions = {}): Promise<TrainResult> {
  const run = resolveConfig(config);
  const { progress = kernelDisplay() !== undefined && run.dataset, ...rest } = options;
  const signal = options.signal ?? interruptSignal();
  const dataset =
    typeof config.dataset === "string" ? await loadDataset(config.dataset as DatasetName, { signal }) : config.dataset;
  const watch = watcher(progress, run.epochs);
  const onProgress = (state: TrainProgress): void => {
    watch.show(state);
    options.onProgress?.(state);
  };
  try {
    const result = await trainRun({ ...config, dataset }, { ...rest, signal, onProgress });
    watch.end(result);
    return result;
  } catch (error) {
    watch.end(null);
    throw error;
  }
}

interface Watcher {
  show(state: TrainProgress): void;
  /** `null` where training did not come to its end. */
  end(result: TrainResult | null): void;
}

function watcher(progress: string | Progress | false, epochs: number): Watcher {
  if (progress === false) return { show: () => undefined, end: () => undefined };
  if (typeof progress === "string") return watchOne(progress, epochs);
  return {
    show: (state) => progress.tell(describeNumbers(state), state.step / state.steps),
    end: () => undefined,
  };
}

function watchOne(label: string, epochs: number): Watcher {
  const display = createDisplay();
  const start = performance.now();
  const losses: number[] = [];
  let [share, news] = [0, ""];
  return {
    show(state) {
      if (state.loss !== null) losses.push(state.loss);
      [share, news] = [state.step / state.steps, describeNumbers(state)];
      const seconds = (performance.now() - start) / 1000;
      display.show(
        `${label} ${describeCourse({ done: share * epochs, total: epochs, pieces: "epochs", seconds, news, values: losses })}`,
      );
    },
    end(result) {
      if (result === null) return display.end(`${label}: stopped at ${Math.floor(100 * share)} %, ${news}`);
      const logs = result.epochs;
      const last = describeNumbers({ loss: logs[logs.length - 1].trainLoss, accuracy: result.accuracy });
      const numbers = latest(
        last,
        logs.map(({ trainLoss }) => trainLoss),
      );
      const done = `${label}: ${epochs} ${epochs === 1 ? "epoch" : "epochs"}`;
      const seconds = duration((performance.now() - start) / 1000);
      display.end(`${done}, ${numbers}`, `${done} in ${seconds}, ${numbers}`);
    },
  };
}
