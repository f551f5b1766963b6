#pragma once
// LayerNorm over the features of each example (arXiv 1607.06450), then ReLU. Rows are features, so all sums over
// features run down the rows, lane by lane.
#include "simd.h"

namespace {

constexpr float NORM_EPSILON = 1e-5f;
constexpr u32 NV = W == 16 ? 8 : 4; // vectors of lanes at a time; more lanes than are asked for do no harm

/**
 * Mean and variance of NV vectors of lanes over M rows, in one pass: about the mean of the first rows, which keeps
 * the loss of digits below a factor of 1 + M/16 whatever the values.
 */
INLINE void moments(u32 M, const float* z, V (&mean)[NV], V (&variance)[NV]) {
  const u32 first = M < 16 ? M : 16;
  const V share = splat(1.0f / (float)M);
  V shift[NV] = {}, sum[NV] = {}, squares[NV] = {};
  for (u32 j = 0; j < first; j++)
    UNROLL for (u32 q = 0; q < NV; q++) shift[q] = shift[q] + load(z + (size_t)j * LANES + q * W);
  UNROLL for (u32 q = 0; q < NV; q++) shift[q] = shift[q] * splat(1.0f / (float)first);
  for (u32 j = 0; j < M; j++) {
    UNROLL for (u32 q = 0; q < NV; q++) {
      const V d = load(z + (size_t)j * LANES + q * W) - shift[q];
      sum[q] = sum[q] + d;
      squares[q] = madd(d, d, squares[q]);
    }
  }
  UNROLL for (u32 q = 0; q < NV; q++) {
    const V d = sum[q] * share;
    mean[q] = shift[q] + d;
    variance[q] = relu(squares[q] * share - d * d);
  }
}

/**
 * z [M][B] becomes relu(gain · x̂ + offset); kept for the way back: x̂ [M][B], and 1/√(variance + ε) [B].
 */
void normForward(u32 M, u32 lanes, const float* gain, const float* offset, float* z, float* normalised,
                 float* deviation) {
  for (u32 lane = 0; lane < lanes; lane += NV * W) {
    V mean[NV], variance[NV];
    moments(M, z + lane, mean, variance);
    UNROLL for (u32 q = 0; q < NV; q++) {
      variance[q] = splat(1) / squareRoot(variance[q] + splat(NORM_EPSILON));
      store(deviation + lane + q * W, variance[q]);
    }
    for (u32 j = 0; j < M; j++) {
      const V g = splat(gain[j]), o = splat(offset[j]);
      UNROLL for (u32 q = 0; q < NV; q++) {
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
void normBackward(u32 M, u32 lanes, const float* gain, const float* normalised, const float* deviation, float* u,
                  Partial* gainSums, Partial* biasSums) {
  const V share = splat(1.0f / (float)M);
  float along[LANES] __attribute__((aligned(64))), level[LANES] __attribute__((aligned(64)));
  for (u32 lane = 0; lane < lanes; lane += NV * W) {
    V a[NV] = {}, l[NV] = {};
    for (u32 j = 0; j < M; j++) {
      const V g = splat(gain[j]);
      UNROLL for (u32 q = 0; q < NV; q++) {
        const size_t at = (size_t)j * LANES + lane + q * W;
        V slope = g * load(u + at);
        l[q] = l[q] + slope;
        a[q] = madd(slope, load(normalised + at), a[q]);
      }
    }
    UNROLL for (u32 q = 0; q < NV; q++) {
      store(level + lane + q * W, l[q] * share);
      store(along + lane + q * W, a[q] * share);
    }
  }
  for (u32 j = 0; j < M; j++) {
    float* row = u + (size_t)j * LANES;
    const float* x = normalised + (size_t)j * LANES;
    const V g = splat(gain[j]);
    gainSums[j] = dotRow(lanes, row, x) + Partial{}; // never −0, whatever the other lanes
    biasSums[j] = sumRow(lanes, [&](u32 q) {
      V inner = madd(g, load(row + q * W), -load(level + q * W)) - load(x + q * W) * load(along + q * W);
      V slope = inner * load(deviation + q * W) + V{}; // 0 where there is no example, never −0
      store(row + q * W, slope);
      return slope;
    });
  }
}

} // namespace
