import assert from "node:assert/strict";
import { test } from "node:test";
import type { Batch, Optimizer } from "psn/dist/engines/engine";
import { createTfjsEngine } from "psn/dist/engines/tfjs";
import { assertClose, byTopology, randomBatch, topologyOf } from "./networks";

/**
 * The hand computation: softmax regression (one sparse layer, 4 inputs, 3 classes) in doubles, whose every connection
 * carries its own optimiser state; a connection that is absent has none.
 */
class Regression {
  readonly mask: number[];
  readonly weights: number[];
  private readonly bias = [0, 0, 0];
  private readonly state = new Map<string, number[]>();
  private steps = 0;

  constructor(
    mask: readonly number[],
    weights: readonly number[],
    private readonly optimizer: Optimizer,
  ) {
    this.mask = [...mask];
    this.weights = [...weights];
  }

  step(batch: Batch, learningRate: number): void {
    this.steps++;
    const { kernel, bias } = this.gradients(batch);
    kernel.forEach((gradient, flat) => {
      if (this.mask[flat] === 1)
        this.weights[flat] -= this.change(`w${flat}`, gradient, this.weights[flat], learningRate);
    });
    bias.forEach((gradient, neuron) => {
      this.bias[neuron] -= this.change(`b${neuron}`, gradient, this.bias[neuron], learningRate);
    });
  }

  replace(mask: readonly number[], weights: readonly number[], fresh: readonly number[]): void {
    mask.forEach((active, flat) => {
      this.mask[flat] = active;
      this.weights[flat] = active * weights[flat];
      if (active === 0 || fresh.includes(flat)) this.state.delete(`w${flat}`);
    });
  }

  private change(name: string, lossGradient: number, value: number, learningRate: number): number {
    const { optimizer, steps } = this;
    const gradient = lossGradient + optimizer.weightDecay * value;
    const [m, v] = this.state.get(name) ?? [0, 0];
    if (optimizer.kind === "sgd") {
      const velocity = optimizer.momentum * m + gradient;
      this.state.set(name, [velocity, 0]);
      return learningRate * (optimizer.nesterov ? gradient + optimizer.momentum * velocity : velocity);
    }
    const { beta1, beta2, epsilon } = optimizer;
    const [mean, square] = [beta1 * m + (1 - beta1) * gradient, beta2 * v + (1 - beta2) * gradient ** 2];
    this.state.set(name, [mean, square]);
    return (learningRate * (mean / (1 - beta1 ** steps))) / (Math.sqrt(square / (1 - beta2 ** steps)) + epsilon);
  }

  private gradients({ rows, features, labels }: Batch): { kernel: number[]; bias: number[] } {
    const [kernel, bias] = [new Array<number>(12).fill(0), [0, 0, 0]];
    for (let row = 0; row < rows; row++) {
      const x = [...features.subarray(row * 4, row * 4 + 4)];
      const powers = this.bias.map((b, j) =>
        Math.exp(b + x.reduce((sum, xi, i) => sum + xi * this.weights[i * 3 + j], 0)),
      );
      const total = powers.reduce((sum, power) => sum + power, 0);
      powers.forEach((power, j) => {
        const error = (power / total - (labels[row] === j ? 1 : 0)) / rows;
        bias[j] += error;
        x.forEach((xi, i) => {
          kernel[i * 3 + j] += xi * error;
        });
      });
    }
    return { kernel, bias };
  }
}

const optimizers: Record<string, Optimizer> = {
  Adam: { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  "SGD with momentum": { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.01 },
  "SGD with Nesterov momentum": { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0.01 },
};

// By flat index. From first to second: 3 and 10 disappear, 1 and 5 are new; 6 stays but is fresh. From second to
// third, 3 comes back without being named fresh: it must have lost its state.
const first = [1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1];
const second = [1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1];
const third = [1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 0];
const weights = [0.5, 0.1, -0.3, 0.2, 0.7, 0.05, -0.6, 0.4, 0.3, -0.2, 0.8, -0.1];

for (const [name, optimizer] of Object.entries(optimizers)) {
  test(`connections keep, lose and regain optimiser state as a hand computation says (${name})`, async () => {
    const engine = await createTfjsEngine();
    const hand = new Regression(
      first,
      weights.map((weight, flat) => weight * first[flat]),
      optimizer,
    );
    const start = topologyOf(first, 3);
    const layer = {
      topology: start,
      weights: byTopology(start, Float32Array.from(weights)),
      bias: new Float32Array(3),
    };
    const network = engine.create({ sizes: [4, 3], layerNorm: false }, [layer], optimizer);
    const replaceBoth = (mask: readonly number[], fresh: readonly number[]) => {
      const topology = topologyOf(mask, 3);
      network.replace(0, topology, byTopology(topology, Float32Array.from(hand.weights)), Uint32Array.from(fresh));
      hand.replace(mask, hand.weights, fresh);
    };
    for (let i = 0; i < 12; i++) {
      if (i === 4) replaceBoth(second, [1, 6]);
      if (i === 8) replaceBoth(third, []);
      hand.step(randomBatch(9, 4, 3, i), 0.05);
      network.step(randomBatch(9, 4, 3, i), 0.05);
      const { topology, weights } = network.read(0);
      assert.deepEqual(topology, topologyOf(hand.mask, 3));
      assertClose(weights, byTopology(topology, Float32Array.from(hand.weights)), 1e-6, `weights after step ${i + 1}`);
    }
    network.dispose();
  });
}
