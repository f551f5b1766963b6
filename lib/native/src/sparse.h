#pragma once
// Sparse layers on one chunk. A connection costs one multiply-add of a row [B] forward, one for its gradient, and,
// behind the first layer, one for the gradient of its input.
#include "blocks.h"
#include "optimizer.h"

namespace {

constexpr size_t TILE_BYTES = (WASM ? 4 : 8) * W * sizeof(float);

template <u32 T> struct Vectors {
  static constexpr u32 TILE = T; // vectors held in registers: at W = 16, all lanes of a row
};

/** Calls run(), to be inlined, with the Vectors that suit so many lanes, and these, as a constant where they are all. */
template <class Run> INLINE void byLanes(u32 lanes, Run run) {
#if PSN_WIDTH == 16
  if (lanes == 32) run(Vectors<2>{}, 32);
  else if (lanes == 64) run(Vectors<4>{}, 64);
  else if (lanes == 96) run(Vectors<6>{}, 96);
  else run(Vectors<8>{}, LANES);
#else
  if (lanes < LANES) run(Vectors<WASM ? 4 : 8>{}, lanes);
  else run(Vectors<WASM ? 4 : 8>{}, LANES);
#endif
}

/** a[B part] += Σ weight × operand row, in the order of the entries. */
template <u32 TILE>
INLINE void addRows(V (&a)[TILE], const float* base, const u32* operand, const float* weight, u32 count) {
  u32 e = 0;
  for (; W < 16 && !WASM && e + 2 <= count; e += 2) {
    const float *row = aligned<TILE_BYTES>(base + operand[e]), *second = aligned<TILE_BYTES>(base + operand[e + 1]);
    const V w = splat(weight[e]), v = splat(weight[e + 1]);
    UNROLL for (u32 q = 0; q < TILE; q++) a[q] = madd(v, load(second + q * W), madd(w, load(row + q * W), a[q]));
  }
  for (; e < count; e++) {
    const float* row = aligned<TILE_BYTES>(base + operand[e]);
    const V w = splat(weight[e]);
    UNROLL for (u32 q = 0; q < TILE; q++) a[q] = madd(w, load(row + q * W), a[q]);
  }
}

template <u32 TILE>
INLINE void forwardTiles(const Blocks& blocks, const float* weights, const float* bias, u32 lanes, const float* x,
                         float* y, bool on) {
  for (u32 s = 0; s < blocks.segments; s++) {
    const u32 flags = blocks.row[s], row = flags & ROW, from = blocks.start[s], count = blocks.start[s + 1] - from;
    if (W < 16 && count == 0) { // a neuron that reads nothing
      const V constant = on ? relu(splat(bias[row])) : splat(bias[row]);
      float* out = aligned<ROW_BYTES>(y + (size_t)row * LANES);
      for (u32 q = 0; q < lanes; q += 8 * W) {
        UNROLL for (u32 h = 0; h < 8; h++) store(out + q + h * W, constant);
      }
      continue;
    }
    for (u32 tile = 0; tile < (W == 16 ? 1 : lanes / (TILE * W)); tile++) {
      float* out = aligned<TILE_BYTES>(y + (size_t)row * LANES + tile * TILE * W);
      V a[TILE];
      if (flags & FIRST) {
        UNROLL for (u32 q = 0; q < TILE; q++) a[q] = splat(bias[row]);
      } else {
        UNROLL for (u32 q = 0; q < TILE; q++) a[q] = load(out + q * W);
      }
      addRows(a, x + tile * TILE * W, blocks.operand.data + from, weights + from, count);
      if (on && (flags & LAST)) {
        UNROLL for (u32 q = 0; q < TILE; q++) a[q] = relu(a[q]);
      }
      UNROLL for (u32 q = 0; q < TILE; q++) store(out + q * W, a[q]);
    }
  }
}

/** y [M][B] = weights · x [N][B] + bias on `lanes` lanes, and max(0, ·) of it if asked for. */
void sparseForward(const Blocks& blocks, const float* weights, const float* bias, u32 lanes, const float* x, float* y,
                   bool on) {
  byLanes(lanes, [&](auto vectors, u32 constant) __attribute__((always_inline)) {
    forwardTiles<vectors.TILE>(blocks, weights, bias, constant, x, y, on);
  });
}

/** Gradients of a sparse layer's weights, sixteen at a time, as they leave the loops below. */
struct Gradients {
  const Pass& pass;
  const Weights& weights;
  const u32* toForward; // [E] where the forward pass has its copy of a weight; null where there is none
  float* forward;
  u32 done = 0;
  Partial ring[64];

  INLINE void flush() {
    V g[GROUP / W];
    reduce(ring + (done & 63), g);
    for (u32 h = 0; h < GROUP / W; h++) receive(pass, weights, done + h * W, g[h]);
    if (toForward && pass.last && pass.rule) {
      UNROLL for (u32 k = 0; k < GROUP; k++) forward[toForward[done + k]] = weights.value[done + k];
    }
    done += GROUP;
  }
  /** `reached` gradients are in the ring. */
  INLINE void advance(u32 reached) {
    if (reached - done < 32) return;
    while (reached - done >= GROUP) flush();
  }
  /** Those of K connections from `e` on: products of a row that they share with one of each. */
  template <u32 K> INLINE void take(u32 lanes, const float* own, const float* operands, const u32* operand, u32 e) {
    const float* rows[K];
    Partial found[K];
    UNROLL for (u32 k = 0; k < K; k++) rows[k] = operands + operand[e + k];
    dotRows<K>(lanes, own, rows, found);
    UNROLL for (u32 k = 0; k < K; k++) ring[(e + k) & 63] = found[k];
    advance(e + K);
  }
  void finish(u32 E) {
    if (done >= E) return;
    for (u32 e = E; e < roundUp(E, GROUP); e++) ring[e & 63] = Partial{};
    while (done < E) flush();
  }
};

#if PSN_WIDTH == 16
/** One stretch of a segment of at most 32 entries: `own` in registers gives weight gradients; `d` gathers them. */
template <u32 TILE, bool INPUTS>
INLINE void stretch(V (&d)[TILE], const V (&own)[TILE], const float* operands, const Blocks& blocks,
                    const float* weights, Partial* ring, u32 from, u32 to) {
  for (u32 e = from; e < to; e++) {
    const float* row = operands + blocks.operand[e];
    const V w = INPUTS ? splat(weights[e]) : V{};
    V r = load(row), p = own[0] * r;
    if (INPUTS) d[0] = madd(w, r, d[0]);
    UNROLL for (u32 q = 1; q < TILE; q++) {
      r = load(row + q * W);
      p = madd(own[q], r, p);
      if (INPUTS) d[q] = madd(w, r, d[q]);
    }
    ring[e & 63] = asOverAll(TILE * W, p);
  }
}

template <u32 TILE, bool INPUTS>
INLINE void backwardSegment(const Blocks& blocks, Gradients& gradients, u32 s, u32, const float* own, const float* operands,
                            float* inputs, Partial* sums) {
  V o[TILE], d[TILE];
  UNROLL for (u32 q = 0; q < TILE; q++) {
    o[q] = load(own + q * W);
    d[q] = INPUTS && !(blocks.row[s] & FIRST) ? load(inputs + q * W) : V{};
  }
  const u32 end = blocks.start[s + 1];
  for (u32 e = blocks.start[s]; e < end;) {
    const u32 to = end - e > 32 ? e + 32 : end;
    stretch<TILE, INPUTS>(d, o, operands, blocks, gradients.weights.value.data, gradients.ring, e, to);
    gradients.advance(e = to);
  }
  if (!INPUTS) return;
  const u32 row = blocks.row[s];
  if (row & LAST) sums[row & ROW] = sumRow(TILE * W, [&](u32 q) { return d[q] = whereOn(o[q], d[q]); }); // as finishRow()
  UNROLL for (u32 q = 0; q < TILE; q++) store(inputs + q * W, d[q]);
}
#else
template <u32 TILE, bool INPUTS>
INLINE void backwardSegment(const Blocks& blocks, Gradients& gradients, u32 s, u32 lanes, const float* own, const float* operands,
                            float* inputs, Partial* sums) {
  const u32 from = blocks.start[s], end = blocks.start[s + 1];
  for (u32 tile = 0; INPUTS && tile < lanes / (TILE * W); tile++) {
    V d[TILE];
    float* out = aligned<TILE_BYTES>(inputs + tile * TILE * W);
    UNROLL for (u32 q = 0; q < TILE; q++) d[q] = blocks.row[s] & FIRST ? V{} : load(out + q * W);
    addRows(d, operands + tile * TILE * W, blocks.operand.data + from, gradients.weights.value.data + from, end - from);
    UNROLL for (u32 q = 0; q < TILE; q++) store(out + q * W, d[q]);
  }
  u32 e = from;
  for (; WASM && e + 4 <= end; e += 4) gradients.take<4>(lanes, own, operands, blocks.operand.data, e);
  for (; e + 2 <= end; e += 2) gradients.take<2>(lanes, own, operands, blocks.operand.data, e);
  if (e < end) gradients.take<1>(lanes, own, operands, blocks.operand.data, e);
  if (INPUTS && (blocks.row[s] & LAST)) sums[blocks.row[s] & ROW] = finishRow(lanes, inputs, own);
}
#endif

template <u32 TILE, bool INPUTS>
INLINE void backwardTiles(const Blocks& blocks, Gradients& gradients, u32 lanes, const float* own,
                          const float* operands, float* inputs, Partial* sums) {
  for (u32 s = 0; s < blocks.segments; s++) {
    const u32 row = blocks.row[s] & ROW;
    const float* held = own + (size_t)row * LANES;
    float* out = INPUTS ? inputs + (size_t)row * LANES : nullptr;
    if (INPUTS && blocks.start[s] == blocks.start[s + 1]) { // nobody reads this input
      __builtin_memset(out, 0, lanes * sizeof(float));
      sums[row] = Partial{};
      continue;
    }
    backwardSegment<TILE, INPUTS>(blocks, gradients, s, lanes, held, operands, out, sums);
  }
  gradients.finish(blocks.start[blocks.segments]);
}

/**
 * All gradients of a sparse layer, from `lanes` lanes. Rows of the blocks are held, the others stream by: in the first
 * layer, rows are neurons, own is dy [M][B] and operands x [N][B]; behind it, rows are inputs, own is x and operands dy,
 * and `inputs` [N][B] becomes dx, with the sums of its rows in `sums` [N].
 */
template <bool INPUTS>
void sparseBackward(const Blocks& blocks, Gradients& gradients, u32 lanes, const float* own, const float* operands,
                    float* inputs, Partial* sums) {
  byLanes(lanes, [&](auto vectors, u32 constant) __attribute__((always_inline)) {
    backwardTiles<vectors.TILE, INPUTS>(blocks, gradients, constant, own, operands, inputs, sums);
  });
}

} // namespace
