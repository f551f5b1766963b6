import type { Engine } from "psn/dist/engines/engine";
import { adam } from "psn/dist/training/config";
import type { Setting } from "../setting";
import { type Examples, LEARNING_RATE, type Run, randomLayers, randomOrder, sparseLayers } from "./run";

/** Steps in one call into the engine, at most. */
const STEPS_AT_ONCE = 128;

/** As training does it: many steps a call on examples named by row, topology updates inside the engine. */
export function engineRun(engine: Engine, setting: Setting, { pixels, labels }: Examples): Run {
  const { sizes, batch, layerNorm, update } = setting;
  const layers = randomLayers(setting);
  const network = engine.create({ sizes, layerNorm }, layers, adam);
  const data = { rows: labels.length, features: pixels, labels, scale: 1 / 255 };
  const order = randomOrder(setting, { pixels, labels });
  const batches = Math.floor(order.length / batch);
  const rates = new Float64Array(STEPS_AT_ONCE).fill(LEARNING_RATE);
  const moving = sparseLayers(layers);
  const drops = moving.map((layer) => Math.trunc(layers[layer].weights.length * (update?.fraction ?? 0)));
  let [step, loss] = [0, Number.NaN];

  const advance = (most: number): number => {
    const place = step % batches;
    if (update !== null && (step + 1) % update.interval === 0) {
      network.move(data, order.subarray(place * batch, (place + 1) * batch), moving, drops, "keep");
      return 1;
    }
    const untilUpdate = update === null ? most : update.interval - 1 - (step % update.interval);
    const count = Math.min(most, untilUpdate, batches - place, STEPS_AT_ONCE);
    const rows = order.subarray(place * batch, (place + count) * batch);
    loss = network.steps(data, rows, batch, rates.subarray(0, count))[count - 1];
    return count;
  };
  return {
    steps(count) {
      for (const end = step + count; step < end; ) step += advance(end - step);
      return loss;
    },
    own: () => network.bytes(),
    dispose: () => network.dispose(),
  };
}
