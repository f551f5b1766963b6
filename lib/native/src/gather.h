#pragma once
// The examples of a chunk, named by row, as activations [N][B]: a transposition, with bytes becoming floats on the way.
#include "memory.h"
#include "simd.h"

namespace {

/** A factor in two parts: a byte times the high one (16 bits) is exact, so products are rounded once, in any build. */
struct Scale {
  V high, low;
};

Scale scaleOf(double scale) {
  union {
    float value;
    u32 bits;
  } high = {(float)scale};
  high.bits &= 0xffffff00;
  return {splat(high.value), splat((float)(scale - high.value))};
}

/** 16 × 16 bytes transposed: four rounds of interleaving with the row eight further down. */
INLINE void transpose(Bytes (&a)[16]) {
  for (u32 round = 0; round < 4; round++) {
    Bytes b[16];
    UNROLL for (u32 i = 0; i < 8; i++) {
      b[2 * i] = SHUFFLE16(a[i], a[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      b[2 * i + 1] = SHUFFLE16(a[i], a[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    UNROLL for (u32 i = 0; i < 16; i++) a[i] = b[i];
  }
}

/** Sixteen features from `f` on of sixteen lanes; only those in `used`, if given. */
INLINE void gatherBytes(const u8* const* rows, u32 f, const Scale& scale, const u8* used, float* x) {
  Bytes a[16];
  UNROLL for (u32 i = 0; i < 16; i++) a[i] = *reinterpret_cast<const BytesU*>(rows[i] + f);
  transpose(a);
  for (u32 i = 0; i < 16; i++) {
    if (used && !used[f + i]) continue;
    float* out = aligned<GROUP * sizeof(float)>(x + (size_t)(f + i) * LANES);
    V v[GROUP / W];
    widen(a[i], v);
    UNROLL for (u32 h = 0; h < GROUP / W; h++) store(out + h * W, v[h] * scale.high + v[h] * scale.low);
  }
}

/** Four float features from `f` on of sixteen lanes. */
INLINE void gatherFloats(const u8* const* rows, u32 f, float scale, float* x) {
  const V4 factor = {scale, scale, scale, scale};
  for (u32 lane = 0; lane < 16; lane += 4) {
    V4 r[4];
    for (u32 i = 0; i < 4; i++)
      r[i] = *reinterpret_cast<const V4U*>(reinterpret_cast<const float*>(rows[lane + i]) + f) * factor;
    V4 a = SHUFFLE4(r[0], r[1], 0, 4, 1, 5), c = SHUFFLE4(r[2], r[3], 0, 4, 1, 5);
    V4 d = SHUFFLE4(r[0], r[1], 2, 6, 3, 7), e = SHUFFLE4(r[2], r[3], 2, 6, 3, 7);
    float* out = x + (size_t)f * LANES + lane;
    *(V4*)out = SHUFFLE4(a, c, 0, 1, 4, 5);
    *(V4*)(out + LANES) = SHUFFLE4(a, c, 2, 3, 6, 7);
    *(V4*)(out + 2 * LANES) = SHUFFLE4(d, e, 0, 1, 4, 5);
    *(V4*)(out + 3 * LANES) = SHUFFLE4(d, e, 2, 3, 6, 7);
  }
}

/** One feature of `lanes` lanes. */
void gatherFeature(const u8* const* rows, u32 lanes, u32 f, const Source& source, const Scale& scale, float* x) {
  float out[LANES] __attribute__((aligned(64)));
  for (u32 b = 0; b < lanes; b++)
    out[b] = source.isFloat ? reinterpret_cast<const float*>(rows[b])[f] : (float)rows[b][f];
  for (u32 b = 0; b < lanes; b += W) {
    V v = load(out + b);
    store(x + (size_t)f * LANES + b, source.isFloat ? v * splat((float)source.scale) : v * scale.high + v * scale.low);
  }
}

/** Finds the examples of a chunk; lanes beyond `count` repeat the first one, and their slopes will be 0. */
void findRows(const Source& source, const u32* order, u32 count, u32 N, const u8** rows) {
  const u8* features = static_cast<const u8*>(source.features);
  const size_t bytes = (size_t)N * (source.isFloat ? 4 : 1);
  for (u32 b = 0; b < LANES; b++) rows[b] = features + order[b < count ? b : 0] * bytes;
}

constexpr u32 LINE = 64, AHEAD = 2 * LINE; // bytes of a cache line, and how far ahead of its use one is asked for
/** Lanes at a time: WebAssembly cannot ask for lines, and processors by themselves follow a few rows, but not all. */
constexpr u32 TOGETHER = WASM ? 16 : LANES;

/** Asks for the cache line at `at` of `count` rows, each of which is read once, and then not for long. */
INLINE void ask(const u8* const* rows, u32 count, u32 at) {
  UNROLL for (u32 i = 0; i < count; i++) __builtin_prefetch(rows[i] + at, 0, 0);
}

/**
 * x [N][B], `lanes` lanes of it, of the examples at `rows`; inputs that are not in `used`, where given, may stay what
 * they were. In the order of x, whose rows are larger than what they are made of; lines of the examples are asked for
 * a few at a time, as the processor drops those that it has no room for.
 */
void gather(const Source& source, const u8* const* rows, u32 lanes, u32 N, const u8* used, float* x) {
  const Scale scale = scaleOf(source.scale);
  const u32 size = source.isFloat ? 4 : 1, bytes = N * size, whole = N - N % (16 / size);
  for (u32 b = 0; b < lanes; b++)
    for (u32 at = 0; at < smaller(AHEAD, bytes); at += LINE) ask(rows + b, 1, at);
  for (u32 first = 0; first < lanes; first += TOGETHER) {
    for (u32 f = 0; f < whole; f += 16 / size) {
      const u32 within = f * size % LINE, next = f * size - within + AHEAD;
      for (u32 lane = first; lane < smaller(lanes, first + TOGETHER); lane += 16) {
        if (next < bytes) ask(rows + lane + within / 4, 4, next); // sixteen rows in the four steps of a line
        if (source.isFloat) gatherFloats(rows + lane, f, (float)source.scale, x + lane);
        else gatherBytes(rows + lane, f, scale, used, x + lane);
      }
    }
  }
  for (u32 f = whole; f < N; f++) gatherFeature(rows, lanes, f, source, scale, x);
}

} // namespace
