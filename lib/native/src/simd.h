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
#if defined(__wasm__)
// V8 moves all loads of a stretch of code to its beginning, and spills what does not fit into its 15 registers.
#define UNROLL_NATIVE _Pragma("nounroll")
#define WASM true
#else
#define UNROLL_NATIVE UNROLL
#define WASM false
#endif

namespace {

constexpr u32 W = PSN_WIDTH;
typedef float V __attribute__((vector_size(4 * PSN_WIDTH)));
typedef int32_t VI __attribute__((vector_size(4 * PSN_WIDTH)));
typedef float V4 __attribute__((vector_size(16)));
typedef int32_t I4 __attribute__((vector_size(16)));
typedef u8 Bytes __attribute__((vector_size(16)));
typedef V4 V4U __attribute__((aligned(4), may_alias));
typedef Bytes BytesU __attribute__((aligned(1), may_alias));

INLINE V load(const float* p) { return *reinterpret_cast<const V*>(p); }
INLINE void store(float* p, V v) { *reinterpret_cast<V*>(p) = v; }

/**
 * The same pointer, to an array that starts at a multiple of BYTES and is no longer: a mask that changes nothing tells
 * the WebAssembly backend that offsets do not wrap, so that it puts them into its loads and stores.
 */
template <size_t BYTES, class T> INLINE T* aligned(T* p) {
#if defined(__wasm__)
  return reinterpret_cast<T*>(reinterpret_cast<size_t>(p) & ~(BYTES - 1));
#else
  return p;
#endif
}
constexpr size_t ROW_BYTES = LANES * sizeof(float);

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
INLINE bool anyFrom(V x, V limit) { return _mm512_cmp_ps_mask(x, limit, _CMP_GE_OQ) != 0; }
#elif PSN_WIDTH == 8
INLINE V splat(float x) { return _mm256_set1_ps(x); }
INLINE V squareRoot(V x) { return _mm256_sqrt_ps(x); }
INLINE V madd(V a, V b, V c) { return PSN_FMA ? (V)_mm256_fmadd_ps(a, b, c) : a * b + c; }
INLINE V relu(V x) { return _mm256_max_ps(_mm256_setzero_ps(), x); }
INLINE V whereOn(V x, V v) { return _mm256_and_ps(_mm256_cmp_ps(x, _mm256_setzero_ps(), _CMP_GT_OQ), v); }
INLINE bool anyFrom(V x, V limit) { return _mm256_movemask_ps(_mm256_cmp_ps(x, limit, _CMP_GE_OQ)) != 0; }
#else
INLINE V splat(float x) { return V{x, x, x, x}; }
INLINE V madd(V a, V b, V c) { return a * b + c; }
INLINE V whereOn(V x, V v) { return (V)((VI)v & (VI)(x > splat(0))); }
#if defined(__SSE2__)
INLINE V squareRoot(V x) { return _mm_sqrt_ps(x); }
INLINE V relu(V x) { return _mm_max_ps(_mm_setzero_ps(), x); }
INLINE bool anyFrom(V x, V limit) { return _mm_movemask_ps(_mm_cmpge_ps(x, limit)) != 0; }
#elif defined(__wasm_simd128__)
INLINE V squareRoot(V x) { return (V)wasm_f32x4_sqrt((v128_t)x); }
INLINE V relu(V x) { return (V)wasm_f32x4_pmax((v128_t)x, (v128_t)splat(0)); }
INLINE bool anyFrom(V x, V limit) { return wasm_v128_any_true((v128_t)(x >= limit)); }
#else
INLINE V squareRoot(V x) {
  return V{__builtin_sqrtf(x[0]), __builtin_sqrtf(x[1]), __builtin_sqrtf(x[2]), __builtin_sqrtf(x[3])};
}
INLINE V relu(V x) { return (V)((VI)x & ~(VI)(x < splat(0))); }
INLINE bool anyFrom(V x, V limit) {
  VI reached = (VI)(x >= limit);
  return (reached[0] | reached[1] | reached[2] | reached[3]) != 0;
}
#endif
#endif

/** Sixteen bytes as floats. */
INLINE void widen(Bytes bytes, V (&out)[GROUP / W]) {
#if PSN_WIDTH == 16
  out[0] = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32((__m128i)bytes));
#elif PSN_WIDTH == 8
  out[0] = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32((__m128i)bytes));
  out[1] = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_unpackhi_epi64((__m128i)bytes, (__m128i)bytes)));
#else
  const Bytes zero = {};
  const Bytes low = SHUFFLE16(bytes, zero, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const Bytes high = SHUFFLE16(bytes, zero, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const Bytes halves[2] = {low, high};
  for (u32 h = 0; h < 2; h++) {
    // As 16-bit numbers, interleaved with zeros again: 32-bit ones.
    const Bytes a = SHUFFLE16(halves[h], zero, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
    const Bytes b = SHUFFLE16(halves[h], zero, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
    out[2 * h] = __builtin_convertvector((I4)a, V4);
    out[2 * h + 1] = __builtin_convertvector((I4)b, V4);
  }
#endif
}

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

/**
 * Lanes of a chunk that are computed for so many examples: those beyond the last one repeat the first, and have slopes
 * of +0. What lies in the other lanes is old, and no sum counts it. Inputs below 0 need all lanes, as products with
 * them are −0.
 */
INLINE u32 lanesFor(u32 count) {
  constexpr u32 STEP = W == 8 ? 64 : 32; // what sparse layers hold in registers, or half of it
  return (count + STEP - 1) / STEP * STEP;
}

/** A sum over `lanes` lanes as over all, whose zeros make a 0 of −0. */
INLINE V asOverAll(u32 lanes, V sum) { return lanes < LANES ? sum + V{} : sum; }

/** The running sums of a row of `lanes` lanes, given by vectors. */
template <class Row> INLINE Partial sumRow(u32 lanes, Row at) {
  V p[GROUP / W];
  UNROLL for (u32 h = 0; h < GROUP / W; h++) p[h] = at(h);
  UNROLL for (u32 t = 1; t < LANES / GROUP; t++) {
    if (t * GROUP >= lanes) break;
    UNROLL for (u32 h = 0; h < GROUP / W; h++) p[h] = p[h] + at(t * (GROUP / W) + h);
  }
  UNROLL for (u32 h = 0; h < GROUP / W; h++) p[h] = asOverAll(lanes, p[h]);
  return fold(p);
}

/** The running sums of the products of a row of `lanes` lanes and each of K other rows. */
template <u32 K>
INLINE void dotRows(u32 lanes, const float* a, const float* const (&others)[K], Partial (&sums)[K]) {
  constexpr u32 PART = WASM ? (K > 2 ? 1 : 2) : GROUP / W; // vectors at a time, so few that V8 need not spill them
  V p[K][GROUP / W];
  const float* b[K];
  a = aligned<ROW_BYTES>(a);
  UNROLL for (u32 k = 0; k < K; k++) b[k] = aligned<ROW_BYTES>(others[k]);
  UNROLL for (u32 part = 0; part < GROUP / W; part += PART) {
    UNROLL for (u32 h = part; h < part + PART; h++) {
      UNROLL for (u32 k = 0; k < K; k++) p[k][h] = load(a + h * W) * load(b[k] + h * W);
    }
    UNROLL_NATIVE for (u32 lane = GROUP; lane < LANES; lane += GROUP) {
      if (lane == lanes) break;
      const float* from = aligned<GROUP * sizeof(float)>(a + lane);
      UNROLL for (u32 k = 0; k < K; k++) {
        const float* other = aligned<GROUP * sizeof(float)>(b[k] + lane);
        UNROLL for (u32 h = part; h < part + PART; h++) p[k][h] = madd(load(from + h * W), load(other + h * W), p[k][h]);
      }
    }
  }
  UNROLL for (u32 k = 0; k < K; k++) {
    UNROLL for (u32 h = 0; h < GROUP / W; h++) p[k][h] = asOverAll(lanes, p[k][h]);
    sums[k] = fold(p[k]);
  }
}

/** The running sums of the products of two rows of `lanes` lanes. */
INLINE Partial dotRow(u32 lanes, const float* a, const float* b) {
  const float* const rows[1] = {b};
  Partial sums[1];
  dotRows<1>(lanes, a, rows, sums);
  return sums[0];
}

} // namespace
