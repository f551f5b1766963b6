#pragma once
// Arrays that live as long as a network or a topology change; nothing is allocated inside a step. Every array counts
// towards the bytes that Kernel::bytes reports.
#include "types.h"

namespace {

inline u32 roundUp(u32 n, u32 to) { return (n + to - 1) / to * to; }
inline u32 smaller(u32 a, u32 b) { return a < b ? a : b; }

/** memcpy of n values; where there are none, pointers may be null. */
template <class T> void copyValues(T* to, const T* from, size_t n) {
  if (n > 0) __builtin_memcpy(to, from, n * sizeof(T));
}

template <class T> struct Array {
  T* data = nullptr;
  size_t capacity = 0;

  /** Makes room for n values and a group of padding, all zero; what was there is lost. */
  void reset(u64 n) {
    if (n + GROUP > capacity) {
      psn_release(data);
      data = static_cast<T*>(psn_allocate((n + GROUP) * sizeof(T)));
      capacity = (size_t)n + GROUP;
    } else {
      __builtin_memset(data, 0, capacity * sizeof(T));
    }
  }
  /** As reset(), but values that are there stay, whatever they are. */
  void atLeast(u64 n) {
    if (n + GROUP > capacity) reset(n);
  }
  void release() {
    psn_release(data);
    data = nullptr;
    capacity = 0;
  }
  size_t bytes() const { return capacity * sizeof(T); }
  T& operator[](size_t i) const { return data[i]; }
};

} // namespace
