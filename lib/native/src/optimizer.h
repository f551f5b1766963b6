#pragma once
// What one step does to W weights. As in torch.optim, weight decay is added to the gradient of every parameter.
#include "memory.h"
#include "simd.h"

namespace {

/** The numbers of one step, ready as vectors. */
struct Rule {
  bool isAdam, nesterov;
  V weightDecay, beta1, rest1, beta2, rest2, rate, epsilon, momentum;
};

double power(double base, u64 exponent) {
  double result = 1;
  for (; exponent > 0; exponent >>= 1, base *= base)
    if (exponent & 1) result *= base;
  return result;
}

/** The rule of step `step` = 1, 2, …; 1 − β in double, or β₂ = 0.999 would be off by 1e-5. */
Rule ruleOf(const OptimizerSpec& spec, u64 step, double rate) {
  Rule rule;
  rule.isAdam = spec.isAdam != 0;
  rule.nesterov = spec.nesterov != 0;
  rule.weightDecay = splat((float)spec.weightDecay);
  rule.beta1 = splat((float)spec.beta1);
  rule.beta2 = splat((float)spec.beta2);
  rule.rest1 = splat((float)(1 - spec.beta1));
  rule.rest2 = splat((float)(1 - spec.beta2));
  rule.momentum = splat((float)spec.momentum);
  // torch: rate/c₁ · m / (√v/c₂ + ε), c₂ = √(1 − β₂ᵗ); here numerator and denominator times c₂.
  double c1 = 1 - power(spec.beta1, step), c2 = __builtin_sqrt(1 - power(spec.beta2, step));
  rule.rate = splat((float)(spec.isAdam ? rate * c2 / c1 : rate));
  rule.epsilon = splat((float)(spec.epsilon * c2));
  return rule;
}

/** Where the host cannot flush denormals to zero, moments of dying units are flushed by hand: 0 below 1e-30. */
INLINE V flush(V x) {
  if (PSN_FMA) return x;
  return (V)((VI)x & (VI)(magnitude(x) > splat(1e-30f)));
}

INLINE void update(const Rule& rule, V gradient, float* weight, float* mean, float* square) {
  V w = load(weight);
  V g = madd(rule.weightDecay, w, gradient);
  if (rule.isAdam) {
    V m = flush(madd(rule.beta1, load(mean), rule.rest1 * g));
    V v = flush(madd(rule.beta2, load(square), rule.rest2 * (g * g)));
    store(mean, m);
    store(square, v);
    store(weight, w - rule.rate * m / (squareRoot(v) + rule.epsilon));
  } else {
    V velocity = flush(madd(rule.momentum, load(mean), g));
    store(mean, velocity);
    store(weight, w - rule.rate * (rule.nesterov ? madd(rule.momentum, velocity, g) : velocity));
  }
}

/** Parameters with their optimiser state, all [count], padded to a group with zeros, which stay zero. */
struct Weights {
  Array<float> value, mean, square;
  Array<float> gradient; // only where a batch has several chunks, or is asked for

  void reset(u64 count, bool isAdam) {
    value.reset(count);
    mean.reset(count);
    if (isAdam) square.reset(count);
    gradient.release();
  }
  void release() {
    value.release();
    mean.release();
    square.release();
    gradient.release();
  }
  size_t bytes() const { return value.bytes() + mean.bytes() + square.bytes() + gradient.bytes(); }
};

/** What becomes of gradients: kept from chunk to chunk, and at the last chunk, if there is a rule, used. */
struct Pass {
  bool first, last;
  const Rule* rule;
};

/** The gradient of the W parameters from `at` on has been computed for one chunk. */
INLINE void receive(const Pass& pass, const Weights& w, size_t at, V gradient) {
  if (!pass.first) gradient = gradient + load(w.gradient.data + at);
  if (pass.last && pass.rule) update(*pass.rule, gradient, w.value.data + at, w.mean.data + at, w.square.data + at);
  else store(w.gradient.data + at, gradient);
}

/** The same for M parameters whose gradients are running sums. */
void receiveSums(const Pass& pass, const Weights& w, Partial* sums, u32 M) {
  for (u32 pad = M; pad < roundUp(M, GROUP); pad++) sums[pad] = Partial{};
  for (u32 at = 0; at < M; at += GROUP) {
    V g[GROUP / W];
    reduce(sums + at, g);
    for (u32 h = 0; h < GROUP / W; h++) receive(pass, w, at + h * W, g[h]);
  }
}

} // namespace
