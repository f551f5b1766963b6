#pragma once
// Vectors of W floats, by intrinsics where the vector extensions of GCC and clang do not reach. A multiply-add is fused
// only where madd() says so: everything is compiled with -ffp-contract=off, so that builds with equal PSN_FMA give
// equal bits at every width.
#include "types.h"
#if defined(__SSE2__)
#include <immintrin.h>
#elif defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__clang__)
#define SHUFFLE4(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#define SHUFFLE16(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE4(a, b, ...) __builtin_shuffle(a, b, (I4){__VA_ARGS__})
#define SHUFFLE16(a, b, ...) __builtin_shuffle(a, b, (Bytes){__VA_ARGS__})
#endif
#define INLINE inline __attribute__((always_inline))
#define UNROLL _Pragma("GCC unroll 16")

namespace {

constexpr u32 W = PSN_WIDTH;
typedef float V __attribute__((vector_size(4 * PSN_WIDTH)));
typedef int32_t VI __attribute__((vector_size(4 * PSN_WIDTH)));
typedef float V4 __attribute__((vector_size(16)));
typedef int32_t I4 __attribute__((vector_size(16)));
typedef u8 Bytes __attribute__((vector_size(16)));
typedef V VU __attribute__((aligned(4), may_alias));
typedef V4 V4U __attribute__((aligned(4), may_alias));
typedef Bytes BytesU __attribute__((aligned(1), may_alias));

INLINE V load(const float* p) { return *reinterpret_cast<const V*>(p); }
INLINE V loadU(const float* p) { return *reinterpret_cast<const VU*>(p); }
INLINE void store(float* p, V v) { *reinterpret_cast<V*>(p) = v; }
INLINE void storeU(float* p, V v) { *reinterpret_cast<VU*>(p) = v; }

#if PSN_WIDTH == 16
INLINE V splat(float x) { return _mm512_set1_ps(x); }
INLINE V squareRoot(V x) { return _mm512_sqrt_ps(x); }
INLINE V madd(V a, V b, V c) { return PSN_FMA ? (V)_mm512_fmadd_ps(a, b, c) : a * b + c; }
/** 0 where x < 0, else x: NaN stays. */
INLINE V relu(V x) { return _mm512_max_ps(_mm512_setzero_ps(), x); }
/** v where x > 0, else 0. */
INLINE V whereOn(V x, V v) {
  return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ), v);
}
INLINE bool anyAbove(V x, V limit) { return _mm512_cmp_ps_mask(x, limit, _CMP_GT_OQ) != 0; }
INLINE V fromBytes(const u8* p) {
  return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
}
#elif PSN_WIDTH == 8
INLINE V splat(float x) { return _mm256_set1_ps(x); }
INLINE V squareRoot(V x) { return _mm256_sqrt_ps(x); }
INLINE V madd(V a, V b, V c) { return PSN_FMA ? (V)_mm256_fmadd_ps(a, b, c) : a * b + c; }
INLINE V relu(V x) { return _mm256_max_ps(_mm256_setzero_ps(), x); }
INLINE V whereOn(V x, V v) { return _mm256_and_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ), v); }
INLINE bool anyAbove(V x, V limit) { return _mm256_movemask_ps(_mm256_cmp_ps(x, limit, _CMP_GT_OQ)) != 0; }
INLINE V fromBytes(const u8* p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p))));
}
#else
INLINE V splat(float x) { return V{x, x, x, x}; }
INLINE V madd(V a, V b, V c) { return a * b + c; }
INLINE V whereOn(V x, V v) { return (V)((VI)v & (VI)(x > splat(0))); }
#if defined(__SSE2__)
INLINE V squareRoot(V x) { return _mm_sqrt_ps(x); }
INLINE V relu(V x) { return _mm_max_ps(_mm_setzero_ps(), x); }
INLINE bool anyAbove(V x, V limit) { return _mm_movemask_ps(_mm_cmpgt_ps(x, limit)) != 0; }
#elif defined(__wasm_simd128__)
INLINE V squareRoot(V x) { return (V)wasm_f32x4_sqrt((v128_t)x); }
INLINE V relu(V x) { return (V)wasm_f32x4_pmax((v128_t)x, (v128_t)splat(0)); }
INLINE bool anyAbove(V x, V limit) { return wasm_v128_any_true((v128_t)(x > limit)); }
#else
INLINE V squareRoot(V x) {
  return V{__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]), __builtin_sqrtf(x[3])};
}
INLINE V relu(V x) { return (V)((VI)x & ~(VI)(x < splat(0))); }
INLINE bool anyAbove(V x, V limit) {
  VI above = (VI)(x > limit);
  return (above[0] | above[1] | above[2] | above[3]) != 0;
}
#endif
INLINE V fromBytes(const u8* p) { return V{(float)p[0], (float)p[1], (float)p[2], (float)p[3]}; }
#endif

INLINE V magnitude(V x) { return (V)((VI)x & ((VI){} + 0x7fffffff)); }

/** 16 running sums on their way to one number: all of them at W = 16, else already folded to four. */
#if PSN_WIDTH == 16
typedef V Partial;
#else
typedef V4 Partial;
#endif

/** Folds running sums [16] held in 16 / W vectors: lane l with l + 8, then with l + 4. */
INLINE Partial fold(const V (&p)[GROUP / W]) {
#if PSN_WIDTH == 16
  return p[0];
#elif PSN_WIDTH == 8
  V q = p[0] + p[1];
  return (V4)_mm256_castps256_ps128(q) + (V4)_mm256_extractf128_ps(q, 1);
#else
  return (p[0] + p[2]) + (p[1] + p[3]);
#endif
}

INLINE V4 sumOfFour(V4 a, V4 b, V4 c, V4 d) {
  V4 ab = SHUFFLE4(a, b, 0, 1, 4, 5) + SHUFFLE4(a, b, 2, 3, 6, 7);
  V4 cd = SHUFFLE4(c, d, 0, 1, 4, 5) + SHUFFLE4(c, d, 2, 3, 6, 7);
  return SHUFFLE4(ab, cd, 0, 2, 4, 6) + SHUFFLE4(ab, cd, 1, 3, 5, 7);
}

/** The sums of 16 partial sums, in order. The tree is that of fold(), then lane l with l + 2, then the last two. */
INLINE void reduce(const Partial* p, V (&sums)[GROUP / W]) {
#if PSN_WIDTH == 16
  V four[4];
  UNROLL for (u32 k = 0; k < 4; k++) {
    V a = _mm512_shuffle_f32x4(p[k], p[k + 4], 0x44) + _mm512_shuffle_f32x4(p[k], p[k + 4], 0xee);
    V b = _mm512_shuffle_f32x4(p[k + 8], p[k + 12], 0x44) + _mm512_shuffle_f32x4(p[k + 8], p[k + 12], 0xee);
    four[k] = _mm512_shuffle_f32x4(a, b, 0x88) + _mm512_shuffle_f32x4(a, b, 0xdd);
  }
  V ab = _mm512_shuffle_ps(four[0], four[1], 0x44) + _mm512_shuffle_ps(four[0], four[1], 0xee);
  V cd = _mm512_shuffle_ps(four[2], four[3], 0x44) + _mm512_shuffle_ps(four[2], four[3], 0xee);
  sums[0] = _mm512_shuffle_ps(ab, cd, 0x88) + _mm512_shuffle_ps(ab, cd, 0xdd);
#else
  V4 four[4];
  for (u32 k = 0; k < 4; k++) four[k] = sumOfFour(p[4 * k], p[4 * k + 1], p[4 * k + 2], p[4 * k + 3]);
#if PSN_WIDTH == 8
  sums[0] = (V)_mm256_set_m128(four[1], four[0]);
  sums[1] = (V)_mm256_set_m128(four[3], four[2]);
#else
  for (u32 k = 0; k < 4; k++) sums[k] = four[k];
#endif
#endif
}

/** The running sums of a row [B] of vectors. */
template <class Row> INLINE Partial sumRow(Row at) {
  V p[GROUP / W];
  UNROLL for (u32 h = 0; h < GROUP / W; h++) p[h] = at(h);
  UNROLL for (u32 t = 1; t < LANES / GROUP; t++) {
    UNROLL for (u32 h = 0; h < GROUP / W; h++) p[h] = p[h] + at(t * (GROUP / W) + h);
  }
  return fold(p);
}

/** The running sums of the products of two rows [B]. */
INLINE Partial dotRow(const float* a, const float* b) {
  V p[GROUP / W];
  UNROLL for (u32 h = 0; h < GROUP / W; h++) p[h] = load(a + h * W) * load(b + h * W);
  UNROLL for (u32 t = 1; t < LANES / GROUP; t++) {
    UNROLL for (u32 h = 0; h < GROUP / W; h++) {
      u32 lane = t * GROUP + h * W;
      p[h] = madd(load(a + lane), load(b + lane), p[h]);
    }
  }
  return fold(p);
}

} // namespace
