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

INLINE u64 medianOfThree(u64 a, u64 b, u64 c) {
  const u64 low = a < b ? a : b, high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}

/** Reorders keys so that the k largest come first, the smallest of them last (Hoare's quickselect). */
void selectLargest(u64* keys, u32 count, u32 k) {
  if (k == 0) return;
  int64_t low = 0, high = (int64_t)count - 1;
  const int64_t rank = (int64_t)k - 1;
  while (low < high) {
    const u64 pivot = medianOfThree(keys[low], keys[low + (high - low) / 2], keys[high]);
    int64_t i = low, j = high;
    while (i <= j) {
      while (keys[i] > pivot) i++;
      while (keys[j] < pivot) j--;
      if (i > j) break;
      const u64 key = keys[i];
      keys[i++] = keys[j];
      keys[j--] = key;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else return;
  }
}

/** The k largest of values that come in ascending order of their flat indices. */
struct Largest {
  u32 k, count = 0, capacity;
  float limit = -1; // what is not above this cannot be among the k largest
  Array<u64> keys;

  explicit Largest(u32 wanted) : k(wanted), capacity(3 * wanted + 1024) { keys.reset(capacity + GROUP); }

  /** `values` of a group; a NaN is no candidate. */
  INLINE void offer(const float* values, u32 n, u32 flat) {
    for (u32 i = 0; i < n; i++) {
      keys[count] = keyOf(values[i], flat + i);
      count += __builtin_fabsf(values[i]) > limit;
    }
    if (count >= capacity) narrow();
  }
  /** A row of values [n], padded to a group. */
  void offerRow(const float* values, u32 n, u32 flat) {
    for (u32 at = 0; at < n; at += W) {
      if (anyAbove(magnitude(load(values + at)), splat(limit))) offer(values + at, n - at < W ? n - at : W, flat + at);
    }
  }
  /** Afterwards the k largest are the first keys. */
  void narrow() {
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
  V sums = {};
  size_t at = 0;
  for (; at + W <= n; at += W) sums = sums + loadU(values + at) * splat(0);
  for (; at < n; at++) sum += values[at] * 0.0f;
  for (u32 i = 0; i < W; i++) sum += sums[i];
  return sum == sum;
}

} // namespace
