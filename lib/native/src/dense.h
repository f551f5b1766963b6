#pragma once
// Dense layers on one chunk, and the dense gradient of any layer: matrix products in tiles of 6 × 4 vectors.
#include "optimizer.h"

namespace {

constexpr u32 TR = WASM ? 4 : 6;         // rows of a tile
constexpr u32 TQ = W == 16 ? 4 : 2;      // vectors of a tile's row
constexpr u32 DEPTH = 128;               // terms of a sum at a time, so that operands stay in the first-level cache

/** c [R][Q·W] (+)= a · b, summing k = 0 … K − 1 in order; a(r, k) at a[r·rs + k·ks], b and c by rows. */
template <u32 R, u32 Q>
INLINE void tileHere(const float* a, size_t rs, size_t ks, const float* b, size_t ldb, u32 K, float* c, size_t ldc,
                     bool add) {
  V sum[R][Q];
  UNROLL for (u32 r = 0; r < R; r++) {
    UNROLL for (u32 q = 0; q < Q; q++) sum[r][q] = add ? load(c + r * ldc + q * W) : V{};
  }
  for (u32 k = 0; k < K; k++) {
    V row[Q];
    const float* from = aligned<(Q == 3 ? 1 : Q) * W * sizeof(float)>(b + k * ldb);
    UNROLL for (u32 q = 0; q < Q; q++) row[q] = load(from + q * W);
    UNROLL for (u32 r = 0; r < R; r++) {
      const V left = splat(a[r * rs + k * ks]);
      UNROLL for (u32 q = 0; q < Q; q++) sum[r][q] = madd(left, row[q], sum[r][q]);
    }
  }
  UNROLL for (u32 r = 0; r < R; r++) {
    UNROLL for (u32 q = 0; q < Q; q++) store(c + r * ldc + q * W, sum[r][q]);
  }
}

template <u32 R, u32 Q>
void tile(const float* a, size_t rs, size_t ks, const float* b, size_t ldb, u32 K, float* c, size_t ldc, bool add) {
  tileHere<R, Q>(a, rs, ks, b, ldb, K, c, ldc, add);
}

typedef void (*Tile)(const float*, size_t, size_t, const float*, size_t, u32, float*, size_t, bool);
template <u32 Q> Tile tileOfRows(u32 rows) {
  static const Tile byRows[] = {tile<1, Q>, tile<2, Q>, tile<3, Q>, tile<4, Q>, tile<5, Q>, tile<6, Q>};
  return byRows[rows - 1];
}
/** The tile for at most TR rows of at most TQ vectors, or 2 · TR rows of one. */
Tile tileFor(u32 rows, u32 vectors) {
  if constexpr (W == 16) if (rows > TR) return tile<2 * TR, 1>;
  if (vectors == TQ) return tileOfRows<TQ>(rows);
  if (TQ == 4 && vectors == 3) return tileOfRows<3>(rows);
  return vectors == 2 ? tileOfRows<2>(rows) : tileOfRows<1>(rows);
}


/** c [rows][B] (+)= a [rows][K] · b [K][B], on `lanes` lanes or more, K in blocks whose part of b stays in the first-level cache. */
void lanesProduct(const float* a, size_t rs, size_t ks, u32 rows, u32 K, const float* b, float* c, bool add,
                  u32 lanes) {
  for (u32 lane = 0; lane < lanes; lane += TQ * W) {
    for (u32 k = 0; k < K; k += DEPTH) {
      for (u32 r = 0; r < rows; r += TR) {
        const u32 count = smaller(TR, rows - r), terms = smaller(DEPTH, K - k);
        const float *left = a + r * rs + k * ks, *right = b + (size_t)k * LANES + lane;
        float* out = c + (size_t)r * LANES + lane;
        // In WebAssembly, a call by pointer costs as much as most of the ten terms that a gradient of inputs has.
        if (WASM && count == TR && ks == 1) tileHere<TR, TQ>(left, rs, 1, right, LANES, terms, out, LANES, add || k > 0);
        else tileFor(count, TQ)(left, rs, ks, right, LANES, terms, out, LANES, add || k > 0);
      }
    }
  }
}

/** A finished row of input gradients, `lanes` lanes of it: 0 where ReLU was off. Returns its running sums, the bias's gradient. */
INLINE Partial finishRow(u32 lanes, float* gradient, const float* x) {
  gradient = aligned<ROW_BYTES>(gradient);
  x = aligned<ROW_BYTES>(x);
  return sumRow(lanes, [&](u32 q) {
    V g = whereOn(load(x + q * W), load(gradient + q * W));
    store(gradient + q * W, g);
    return g;
  });
}

/** dx [N][B] = weights [N][M'] · dy [M][B], 0 where ReLU was off, and the sums [N] of its rows. */
void denseInputs(const float* weights, u32 N, u32 M, u32 lanes, const float* x, const float* dy, float* dx,
                 Partial* sums) {
  const u32 ld = roundUp(M, GROUP);
  const u32 some = M > DEPTH ? N : 4 * TR; // with few neurons, rows are finished while they are in the first-level cache
  for (u32 i = 0; i < N; i += some) {
    const u32 to = smaller(N, i + some);
    lanesProduct(weights + (size_t)i * ld, ld, 1, to - i, M, dy, dx + (size_t)i * LANES, false, lanes);
    for (u32 r = i; r < to; r++) sums[r] = finishRow(lanes, dx + (size_t)r * LANES, x + (size_t)r * LANES);
  }
}

/** The transpose of dy [M][B], `lanes` lanes of it, as [B][ld], columns beyond M zero up to the next group or to ld. */
void transposeRows(const float* dy, u32 M, u32 lanes, float* out, u32 ld) {
  for (u32 j = 0; j < M; j += 4) {
    for (u32 b = 0; b < lanes; b += 4) {
      V4 r[4];
      for (u32 i = 0; i < 4; i++) r[i] = j + i < M ? *(const V4*)(dy + (size_t)(j + i) * LANES + b) : V4{};
      V4 a = SHUFFLE4(r[0], r[1], 0, 4, 1, 5), c = SHUFFLE4(r[2], r[3], 0, 4, 1, 5);
      V4 d = SHUFFLE4(r[0], r[1], 2, 6, 3, 7), e = SHUFFLE4(r[2], r[3], 2, 6, 3, 7);
      *(V4*)(out + (size_t)b * ld + j) = SHUFFLE4(a, c, 0, 1, 4, 5);
      *(V4*)(out + (size_t)(b + 1) * ld + j) = SHUFFLE4(a, c, 2, 3, 6, 7);
      *(V4*)(out + (size_t)(b + 2) * ld + j) = SHUFFLE4(d, e, 0, 1, 4, 5);
      *(V4*)(out + (size_t)(b + 3) * ld + j) = SHUFFLE4(d, e, 2, 3, 6, 7);
    }
  }
  for (u32 j = roundUp(M, 4); j < smaller(roundUp(M, GROUP), ld); j++)
    for (u32 b = 0; b < lanes; b++) out[(size_t)b * ld + j] = 0;
}

/** As outerProduct() where the last of four vectors is padding: three in two rows, as many as V8 need not spill. */
void outerProductOfThree(const float* x, u32 rows, const float* dyT, u32 lanes, float* out, size_t ldOut) {
  for (u32 i = 0; i < rows; i += 2) {
    const Tile two = i + 1 < rows ? tile<2, 3> : tile<1, 3>;
    two(x + (size_t)i * LANES, LANES, 1, dyT, GROUP, lanes, out + i * ldOut, ldOut, false);
  }
  for (u32 i = 0; i < rows; i++) store(out + i * ldOut + 3 * W, V{});
}

/** out [rows][ldOut] = x [rows][B] · dyT [B][M'], over `lanes` lanes: the gradient of every weight of `rows` inputs. */
void outerProduct(const float* x, u32 rows, const float* dyT, u32 M, u32 lanes, float* out, size_t ldOut) {
  const u32 ld = roundUp(M, GROUP);
  if (WASM && M > 2 * W && M <= 3 * W) return outerProductOfThree(x, rows, dyT, lanes, out, ldOut);
  for (u32 j = 0; j < ld; j += TQ * W) {
    const u32 vectors = smaller(TQ, (ld - j) / W);
    const u32 some = rows == 2 * TR && vectors == 1 ? rows : TR;
    for (u32 i = 0; i < rows; i += some) {
      const u32 count = smaller(some, rows - i);
      tileFor(count, vectors)(x + (size_t)i * LANES, LANES, 1, dyT + j, ld, lanes, out + i * ldOut + j, ldOut, false);
    }
  }
}

/** y [M][B] = W · x + bias, and max(0, ·) if asked for; weights [N][M']. */
void denseForward(const float* weights, const float* bias, u32 N, u32 M, u32 lanes, const float* x, float* y,
                  bool on) {
  for (u32 j = 0; j < M; j++)
    for (u32 q = 0; q < lanes; q += W) store(y + (size_t)j * LANES + q, splat(bias[j]));
  lanesProduct(weights, 1, roundUp(M, GROUP), M, N, x, y, true, lanes);
  for (u32 j = 0; on && j < M; j++) {
    float* row = y + (size_t)j * LANES;
    for (u32 q = 0; q < lanes; q += W) store(row + q, relu(load(row + q)));
  }
}

/** Gradients of a dense layer's weights, a few inputs at a time; `mask` [N][M'], where given, has 1 for connections. */
void denseBackward(const Pass& pass, const Weights& weights, const u8* mask, u32 N, u32 M, u32 lanes,
                   const float* x, const float* dyT, float* panel) {
  const u32 ld = roundUp(M, GROUP);
  for (u32 i = 0, count; i < N; i += count) {
    // Sums of one vector wait for each other: twice the rows, where they are whole, keep the processor busy.
    count = ld == W && N - i >= 2 * TR ? 2 * TR : smaller(TR, N - i);
    outerProduct(x + (size_t)i * LANES, count, dyT, M, lanes, panel, ld);
    for (size_t k = 0; k < (size_t)count * ld; k += GROUP) {
      const size_t at = (size_t)i * ld + k;
      V ones[GROUP / W];
      if (mask) widen(*reinterpret_cast<const Bytes*>(mask + at), ones);
      for (u32 h = 0; h < GROUP / W; h++) {
        const V g = asOverAll(lanes, load(panel + k + h * W));
        receive(pass, weights, at + h * W, mask ? g * ones[h] : g);
      }
    }
  }
}

} // namespace
