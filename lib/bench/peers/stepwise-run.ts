import type { Batch, Engine } from "psn/dist/engines/engine";
import { createRandom } from "psn/dist/random";
import { adam, rigl } from "psn/dist/training/config";
import { updateLayers } from "psn/dist/training/update-layers";
import type { Setting } from "../setting";
import { type Examples, LEARNING_RATE, type Run, randomLayers, randomOrder, sparseLayers } from "./run";

/** Step by step, through the interface that every engine has. */
export function stepwiseRun(engine: Engine, setting: Setting, examples: Examples): Run {
  const { sizes, layerNorm, update } = setting;
  const layers = randomLayers(setting);
  const network = engine.create({ sizes, layerNorm }, layers, adam);
  const sparse = sparseLayers(layers);
  const random = createRandom(setting.seed).fork("updates");
  const source = batches(setting, examples);
  let [step, loss] = [0, Number.NaN];
  return {
    steps(count) {
      for (let i = 0; i < count; i++) {
        const batch = source.next().value;
        if (update !== null && ++step % update.interval === 0) {
          updateLayers(network, rigl, { step, fraction: update.fraction, layers: sparse, batch, random });
        } else loss = network.step(batch, LEARNING_RATE);
      }
      return loss;
    },
    own: () => null,
    dispose: () => network.dispose(),
  };
}

/** Batches in a random order of the examples, again and again; the arrays are reused. */
function* batches(setting: Setting, examples: Examples): Generator<Batch, never> {
  const { sizes, batch: rows } = setting;
  const inputs = sizes[0];
  const order = randomOrder(setting, examples);
  const batch = { rows, scale: 1 / 255, features: new Uint8Array(rows * inputs), labels: new Uint8Array(rows) };
  for (let first = 0; ; first = first + 2 * rows > order.length ? 0 : first + rows) {
    for (let i = 0; i < rows; i++) {
      const row = order[first + i];
      batch.features.set(examples.pixels.subarray(row * inputs, (row + 1) * inputs), i * inputs);
      batch.labels[i] = examples.labels[row];
    }
    yield batch;
  }
}
