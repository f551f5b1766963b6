#pragma once
// LayerNorm over the features of each example (arXiv 1607.06450), then ReLU. Rows are features, so all sums over
// features run down the rows, lane by lane.
#include "simd.h"

namespace {

constexpr float NORM_EPSILON = 1e-5f;
constexpr u32 LV = LANES / W; // vectors in a row

/**
 * z [M][B] becomes relu(gain · x̂ + offset); kept for the way back: x̂ [M][B], and 1/√(variance + ε) [B].
 */
void normForward(u32 M, const float* gain, const float* offset, float* z, float* normalised, float* deviation) {
  const V share = splat(1.0f / (float)M);
  for (u32 lane = 0; lane < LANES; lane += 4 * W) {
    V mean[4] = {}, variance[4] = {};
    for (u32 j = 0; j < M; j++)
      UNROLL for (u32 q = 0; q < 4; q++) mean[q] = mean[q] + load(z + (size_t)j * LANES + lane + q * W);
    UNROLL for (u32 q = 0; q < 4; q++) mean[q] = mean[q] * share;
    for (u32 j = 0; j < M; j++) {
      UNROLL for (u32 q = 0; q < 4; q++) {
        V centred = load(z + (size_t)j * LANES + lane + q * W) - mean[q];
        variance[q] = madd(centred, centred, variance[q]);
      }
    }
    UNROLL for (u32 q = 0; q < 4; q++) {
      variance[q] = splat(1) / squareRoot(variance[q] * share + splat(NORM_EPSILON));
      store(deviation + lane + q * W, variance[q]);
    }
    for (u32 j = 0; j < M; j++) {
      const V g = splat(gain[j]), o = splat(offset[j]);
      UNROLL for (u32 q = 0; q < 4; q++) {
        const size_t at = (size_t)j * LANES + lane + q * W;
        V x = (load(z + at) - mean[q]) * variance[q];
        store(normalised + at, x);
        store(z + at, relu(madd(g, x, o)));
      }
    }
  }
}

/**
 * The slope u [M][B] behind the norm (0 where ReLU was off) becomes the one before it. Fills [M] running sums: of
 * the gradients of gain and bias; the offset's are the sums of u.
 */
void normBackward(u32 M, const float* gain, const float* normalised, const float* deviation, float* u,
                  Partial* gainSums, Partial* biasSums) {
  const V share = splat(1.0f / (float)M);
  float along[LANES] __attribute__((aligned(64))), level[LANES] __attribute__((aligned(64)));
  for (u32 lane = 0; lane < LANES; lane += 4 * W) {
    V a[4] = {}, l[4] = {};
    for (u32 j = 0; j < M; j++) {
      const V g = splat(gain[j]);
      UNROLL for (u32 q = 0; q < 4; q++) {
        const size_t at = (size_t)j * LANES + lane + q * W;
        V slope = g * load(u + at);
        l[q] = l[q] + slope;
        a[q] = madd(slope, load(normalised + at), a[q]);
      }
    }
    UNROLL for (u32 q = 0; q < 4; q++) {
      store(level + lane + q * W, l[q] * share);
      store(along + lane + q * W, a[q] * share);
    }
  }
  for (u32 j = 0; j < M; j++) {
    float* row = u + (size_t)j * LANES;
    const float* x = normalised + (size_t)j * LANES;
    const V g = splat(gain[j]);
    gainSums[j] = dotRow(row, x);
    biasSums[j] = sumRow([&](u32 q) {
      V inner = madd(g, load(row + q * W), -load(level + q * W)) - load(x + q * W) * load(along + q * W);
      V slope = inner * load(deviation + q * W);
      store(row + q * W, slope);
      return slope;
    });
  }
}

} // namespace
