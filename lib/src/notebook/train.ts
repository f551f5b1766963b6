import type { TrainConfig } from "../training/config";
import type { TrainOptions } from "../training/loop";
import { type TrainResult, train as trainRun } from "../training/train";
import { interruptSignal } from "./interrupt";

/**
 * Trains a network: see {@link TrainConfig} for what can be chosen, and its defaults. In a notebook, interrupting the
 * kernel stops it, unless another signal is given.
 *
 * @throws RangeError when the config is impossible; the signal's reason when aborted
 */
export function train(config: TrainConfig, options: TrainOptions = {}): Promise<TrainResult> {
  return trainRun(config, { signal: interruptSignal(), ...options });
}
