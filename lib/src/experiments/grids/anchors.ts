import type { Optimizer } from "../../engines/engine";
import type { TopologyUpdate } from "../../topology/update";
import { resolveConfig, rigl } from "../../training/config";
import type { GridRun } from "../part";
import { type GridSetting, scaleOf, seedsOf } from "./setting";

/** Steps of an epoch of 60 000 examples in batches of 32: 2501.19107 moves topologies once an epoch. */
const EPOCH_OF_32 = 1875;

const sgd: Optimizer & { kind: "sgd" } = { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 5e-4 };

/**
 * Published settings, to hold our numbers against: RigL and SET of arXiv 2501.19107 (tables 4 and 7) and, on MNIST,
 * RigL of arXiv 1911.11134 (appendix B). What those leave open is as in the plain protocol.
 */
export function anchorsGrid(setting: GridSetting): GridRun[] {
  const seeds = seedsOf(setting, 3);
  return seeds.flatMap((seed) => [...threeWideLayers(setting, seed), ...lenet(setting, seed)]);
}

/**
 * 784-1568-1568-1568, 99 %, SGD 0.025 falling in a line to 1 %, batch 32, 100 epochs, 30 % moved every epoch. Weights begin
 * as in the authors' code (biomedical-cybernetics/Cannistraci-Hebb-training, `mlp_and_cnn/dst_scheduler.py`): N(0, 2/inputs),
 * whatever the sparsity. That code also standardises pixels, which we leave in [0, 1] (`load_data.py`), and lets the rate
 * fall over the first 90 % of epochs only (`run.py`).
 */
function threeWideLayers(setting: GridSetting, seed: number): GridRun[] {
  const moving = { alpha: 0.3, decay: "constant", interval: EPOCH_OF_32, end: 1 } as const;
  const { growth: _, skipStep: __, kind: ___, ...schedule } = { ...rigl, ...moving };
  const updates: readonly [string, TopologyUpdate][] = [
    ["RigL 2501.19107", { ...rigl, ...moving }],
    ["SET 2501.19107", { ...schedule, kind: "set" }],
  ];
  return updates.map(([label, update]) => ({
    label,
    config: resolveConfig({
      dataset: setting.dataset,
      hidden: [1568, 1568, 1568],
      sparsity: 0.99,
      weights: "dense",
      optimizer: sgd,
      learningRate: 0.025,
      schedule: "linear",
      batch: 32,
      epochs: scaleOf(setting).epochs ?? 100,
      update,
      seed,
    }),
  }));
}

/**
 * LeNet-300-100: 99 % and 89 % sparse layers, SGD with Nesterov momentum, rate 0.2, batch 100, 200 epochs. In the authors'
 * code (google-research/rigl, `rigl/mnist/mnist_train_eval.py`) the rate falls to a third at epochs 75 and 95, and updates
 * end after 50 000 of 120 000 steps; here it falls along a cosine, and updates end as elsewhere.
 */
function lenet(setting: GridSetting, seed: number): GridRun[] {
  if (setting.dataset !== "mnist") return [];
  return [
    {
      label: "RigL 1911.11134",
      config: resolveConfig({
        dataset: setting.dataset,
        hidden: [300, 100],
        budget: [0.99, 0.89, 0],
        optimizer: { ...sgd, nesterov: true, weightDecay: 1e-4 },
        learningRate: 0.2,
        schedule: "cosine",
        batch: 100,
        epochs: scaleOf(setting).epochs ?? 200,
        update: rigl,
        seed,
      }),
    },
  ];
}
