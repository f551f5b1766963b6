#pragma once
// Softmax cross-entropy of a chunk.
#include "math.h"

namespace {

/** Of `count` examples, those whose largest logit (the first of equals) is their label's; z [C][B]. */
u32 hits(u32 C, const float* z, const u8* labels, u32 count) {
  u32 total = 0;
  for (u32 b = 0; b < count; b++) {
    const float own = z[labels[b] * LANES + b];
    bool isHit = true;
    for (u32 c = 0; c < C && isHit; c++) isHit = c < labels[b] ? own > z[c * LANES + b] : own >= z[c * LANES + b];
    total += isHit;
  }
  return total;
}

/** z [C][B] → p [C][B] (may be z) on `lanes` lanes, and the loss of `count` examples, summed up. */
double softmax(u32 C, const float* z, const u8* labels, u32 count, u32 lanes, float* p) {
  float losses[LANES] __attribute__((aligned(64))), tops[LANES] __attribute__((aligned(64)));
  float own[LANES];
  for (u32 b = 0; b < count; b++) own[b] = z[labels[b] * LANES + b];
  for (u32 lane = 0; lane < lanes; lane += W) {
    V top = load(z + lane), sum = {};
    for (u32 c = 1; c < C; c++) {
      V v = load(z + c * LANES + lane);
      top = (V)(((VI)v & (VI)(v > top)) | ((VI)top & ~(VI)(v > top)));
    }
    for (u32 c = 0; c < C; c++) {
      V power = exponential(load(z + c * LANES + lane) - top);
      sum = sum + power;
      store(p + c * LANES + lane, power);
    }
    for (u32 c = 0; c < C; c++) store(p + c * LANES + lane, load(p + c * LANES + lane) / sum);
    store(losses + lane, logarithm(sum));
    store(tops + lane, top);
  }
  double loss = 0;
  for (u32 b = 0; b < count; b++) loss += (double)losses[b] + ((double)tops[b] - own[b]);
  return loss;
}

/**
 * Probabilities p [C][B] become the slope of the batch's mean loss, 0 beyond `count`, on `lanes` lanes; sums [C] are
 * its rows'.
 */
void softmaxBackward(u32 C, float* p, const u8* labels, u32 count, u32 lanes, u32 batch, Partial* sums) {
  float weight[LANES] __attribute__((aligned(64)));
  for (u32 b = 0; b < lanes; b++) weight[b] = b < count ? 1.0f / (float)batch : 0.0f;
  for (u32 b = 0; b < count; b++) p[labels[b] * LANES + b] -= 1.0f;
  for (u32 c = 0; c < C; c++) {
    sums[c] = sumRow(lanes, [&](u32 q) {
      V slope = load(p + c * LANES + q * W) * load(weight + q * W);
      store(p + c * LANES + q * W, slope);
      return slope;
    });
  }
}

} // namespace
