import type { Tensor, Variable } from "@tensorflow/tfjs";
import type { Optimizer } from "./engine";

type TensorFlow = typeof import("@tensorflow/tfjs");

/** An optimiser over a fixed list of parameters. */
export interface TensorOptimizer {
  /** Moves every parameter once. `gradients` are in the order of the parameters and stay the caller's. */
  step(gradients: readonly Tensor[], learningRate: number): void;
  /** Multiplies the state (not the value) of one parameter by `keep`, a tensor of ones and zeros of its shape. */
  keepState(parameter: Variable, keep: Tensor): void;
  dispose(): void;
}

/**
 * Adam and SGD with momentum, by the formulas of torch.optim (pytorch/pytorch torch/optim/adam.py and sgd.py): the
 * weight decay is added to the gradient, of biases and LayerNorm too. Our own, since TensorFlow.js's optimisers differ
 * in ε, know neither weight decay nor PyTorch's momentum, and hide the state that a topology update must clear.
 *
 * A parameter whose gradient, value and state are 0 somewhere stays exactly 0 there.
 */
export function createOptimizer(
  tf: TensorFlow,
  optimizer: Optimizer,
  parameters: readonly Variable[],
): TensorOptimizer {
  const change = optimizer.kind === "adam" ? adam(optimizer) : sgd(optimizer);
  const slots = optimizer.kind === "adam" ? 2 : 1;
  const state = new Map(parameters.map((parameter) => [parameter, zeros(tf, parameter, slots)]));
  let steps = 0;

  return {
    step(gradients, learningRate) {
      steps++;
      tf.tidy(() => {
        for (const [i, parameter] of parameters.entries()) {
          const gradient = withDecay(gradients[i], parameter, optimizer.weightDecay);
          parameter.assign(parameter.sub(change(gradient, state.get(parameter)!, steps, learningRate)));
        }
      });
    },
    keepState(parameter, keep) {
      tf.tidy(() => {
        for (const slot of state.get(parameter)!) slot.assign(slot.mul(keep));
      });
    },
    dispose() {
      for (const parameter of parameters) tf.dispose(state.get(parameter)!);
    },
  };
}

/** What to subtract from a parameter at step `steps` = 1, 2, …; moves the state. */
type Change = (gradient: Tensor, state: readonly Variable[], steps: number, learningRate: number) => Tensor;

function adam({ beta1, beta2, epsilon }: Extract<Optimizer, { kind: "adam" }>): Change {
  return (gradient, [mean, square], steps, learningRate) => {
    // 1 − βᵗ in double: in float32 the first steps of β₂ = 0.999 would be off by 1e-5.
    const correction1 = 1 - beta1 ** steps;
    const correction2 = Math.sqrt(1 - beta2 ** steps);
    mean.assign(mean.mul(beta1).add(gradient.mul(1 - beta1)));
    square.assign(square.mul(beta2).add(gradient.square().mul(1 - beta2)));
    // torch: lr/c₁ · m / (√v/c₂ + ε), with numerator and denominator times c₂, which saves one pass.
    const denominator = square.sqrt().add(epsilon * correction2);
    return mean.div(denominator).mul((learningRate * correction2) / correction1);
  };
}

function sgd({ momentum, nesterov }: Extract<Optimizer, { kind: "sgd" }>): Change {
  return (gradient, [velocity], _steps, learningRate) => {
    velocity.assign(velocity.mul(momentum).add(gradient));
    const direction = nesterov ? velocity.mul(momentum).add(gradient) : velocity;
    return direction.mul(learningRate);
  };
}

function withDecay(gradient: Tensor, parameter: Variable, weightDecay: number): Tensor {
  return weightDecay === 0 ? gradient : gradient.add(parameter.mul(weightDecay));
}

function zeros(tf: TensorFlow, parameter: Variable, slots: number): Variable[] {
  return tf.tidy(() => Array.from({ length: slots }, () => tf.variable(tf.zerosLike(parameter), false)));
}
