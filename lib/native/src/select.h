#pragma once
// Exact top-k over a stream, in memory that follows k.
#include "memory.h"
#include "simd.h"

namespace {

/** Larger |x| is larger; of equals, the lower flat index is. Keys are unique. */
INLINE u64 keyOf(float x, u32 flat) {
  union {
    float value;
    u32 bits;
  } u = {x};
  return (u64)(u.bits & 0x7fffffff) << 32 | (u32)~flat;
}
INLINE u32 flatOf(u64 key) { return ~(u32)key; }

/** Puts keys above the pivot first, without a branch that could be mispredicted; returns how many they are. */
INLINE u32 partition(u64* keys, u32 from, u32 to, u64 pivot) {
  u32 above = from;
  for (u32 i = from; i < to; i++) {
    const u64 key = keys[i];
    keys[i] = keys[above];
    keys[above] = key;
    above += key > pivot;
  }
  return above;
}

/** A key of about the given rank among keys[from … to): that of a sorted sample. */
u64 sampleRank(const u64* keys, u32 from, u32 to, u32 rank) {
  constexpr u32 SAMPLE = 31;
  u64 sample[SAMPLE];
  const u32 count = to - from < SAMPLE ? to - from : SAMPLE;
  for (u32 i = 0; i < count; i++) {
    const u64 key = keys[from + (u64)i * (to - from) / count];
    u32 at = i;
    for (; at > 0 && sample[at - 1] < key; at--) sample[at] = sample[at - 1];
    sample[at] = key;
  }
  return sample[(u64)(rank - from) * count / (to - from)];
}

/** Reorders keys so that the k largest come first, the smallest of them last. All keys differ. */
void selectLargest(u64* keys, u32 count, u32 k) {
  if (k == 0) return;
  const u32 rank = k - 1;
  for (u32 low = 0, high = count; high - low > 1;) {
    const u64 pivot = sampleRank(keys, low, high, rank);
    const u32 above = partition(keys, low, high, pivot);
    if (rank < above) {
      high = above;
      continue;
    }
    // The pivot itself is the largest of the rest: bring it to its place.
    u32 at = above;
    while (keys[at] != pivot) at++;
    keys[at] = keys[above];
    keys[above] = pivot;
    if (rank == above) return;
    low = above + 1;
  }
}

/** The k largest of values that come with their flat indices, in any order. */
struct Largest {
  u32 k, count = 0, capacity;
  float limit = -1; // nothing below this is among the k largest; of equals, flat indices decide
  Array<u64> keys;

  explicit Largest(u32 wanted) : k(wanted), capacity(3 * wanted + 1024) { keys.reset(capacity + GROUP); }

  /** `values` of a vector, without those that have a bit in `excluded`. */
  INLINE void offer(const float* values, u32 n, u32 flat, u32 excluded) {
#if PSN_WIDTH == 16
    const __m512i bits = (__m512i)magnitude(load(values));
    const u32 chosen = _mm512_cmp_ps_mask((V)bits, splat(limit), _CMP_GE_OQ) & (0xffffu >> (16 - n)) & ~excluded;
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i flats = ~_mm512_add_epi32(_mm512_set1_epi32((int)flat), lanes);
    for (u32 half = 0; half < 2; half++) {
      const __m256i high = half ? _mm512_extracti64x4_epi64(bits, 1) : _mm512_castsi512_si256(bits);
      const __m256i low = half ? _mm512_extracti64x4_epi64(flats, 1) : _mm512_castsi512_si256(flats);
      const __m512i pair = _mm512_slli_epi64(_mm512_cvtepu32_epi64(high), 32) | _mm512_cvtepu32_epi64(low);
      const u32 mask = chosen >> (8 * half) & 0xff;
      _mm512_storeu_si512(keys.data + count, _mm512_maskz_compress_epi64((__mmask8)mask, pair));
      count += (u32)__builtin_popcount(mask);
    }
#else
    for (u32 i = 0; i < n; i++) {
      keys[count] = keyOf(values[i], flat + i);
      count += (__builtin_fabsf(values[i]) >= limit) & ~(excluded >> i);
    }
#endif
    if (count >= capacity) narrow();
  }
  /** A row of at most 64 values [n], padded to a group, without those that have a bit in `excluded`. */
  INLINE void offerRow(const float* values, u32 n, u32 flat, u64 excluded) {
    V bound = splat(limit);
    for (u32 at = 0; at < n; at += W) {
      if (!anyFrom(magnitude(load(values + at)), bound)) continue;
      offer(values + at, n - at < W ? n - at : W, flat + at, (u32)(excluded >> at));
      bound = splat(limit);
    }
  }
  /** Afterwards the k largest are the first keys. */
  void narrow() {
    if (count < k) return; // only where gradients are not finite
    selectLargest(keys.data, count, k);
    count = k;
    union {
      u32 bits;
      float value;
    } smallest = {(u32)(keys[k - 1] >> 32)};
    limit = smallest.value;
  }
};

/** Whether all values [n] are finite. */
bool areFinite(const float* values, size_t n) {
  float sum = 0;
  for (size_t i = 0; i < n; i++) sum += values[i] * 0.0f;
  return sum == sum;
}

} // namespace
