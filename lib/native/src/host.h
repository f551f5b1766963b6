#pragma once
// What the native build adds to the kernel: memory, the choice of an instruction set, and flushing denormals to zero.
#include "types.h"
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif
#if defined(__linux__)
#include <sys/mman.h>
#endif

extern "C" {
extern const Kernel psn_kernel_portable;
#if defined(__x86_64__)
extern const Kernel psn_kernel_avx512, psn_kernel_avx512_unfused, psn_kernel_avx2, psn_kernel_avx2_unfused;
#endif
}

void* psn_allocate(u64 bytes) {
  void* memory = aligned_alloc(64, (bytes + 63) / 64 * 64);
  if (!memory) abort(); // as JavaScript itself does when memory ends
  return memset(memory, 0, bytes);
}
void psn_release(void* memory) { free(memory); }

/**
 * Asks Linux for pages of 2 MB under an array that is read in random order, where there are as many: each page saves
 * 512 entries of the processor's page tables. A refusal changes nothing but speed.
 */
inline void askForLargePages(const void* array, size_t bytes) {
#if defined(__linux__)
  constexpr size_t LARGE = 1 << 21;
  constexpr int COLLAPSE = 25; // MADV_COLLAPSE, of Linux 6.1: at once
  const size_t from = (reinterpret_cast<size_t>(array) + LARGE - 1) / LARGE * LARGE;
  const size_t to = (reinterpret_cast<size_t>(array) + bytes) / LARGE * LARGE;
  if (from >= to) return;
  void* const inside = reinterpret_cast<void*>(from);
  if (madvise(inside, to - from, MADV_HUGEPAGE) == 0) madvise(inside, to - from, COLLAPSE);
#else
  (void)array, (void)bytes;
#endif
}

constexpr u32 KERNELS = 5;

/** The kernels that this machine can run, the fastest first; returns how many. */
inline u32 availableKernels(const Kernel* (&found)[KERNELS]) {
  u32 n = 0;
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  if (avx512) found[n++] = &psn_kernel_avx512;
  if (avx2) found[n++] = &psn_kernel_avx2;
  if (avx512) found[n++] = &psn_kernel_avx512_unfused;
  if (avx2) found[n++] = &psn_kernel_avx2_unfused;
#endif
  found[n++] = &psn_kernel_portable;
  return n;
}

/**
 * While it lives, denormals are zero: dying units drive Adam's moments there, where arithmetic is many times slower.
 * Unfused kernels flush by hand, so that they agree with WebAssembly, which cannot.
 */
class FlushToZero {
public:
#if defined(__x86_64__)
  explicit FlushToZero(bool on) : saved(_mm_getcsr()) {
    if (on) _mm_setcsr(saved | 0x8040);
  }
  ~FlushToZero() { _mm_setcsr(saved); }

private:
  unsigned saved;
#else
  explicit FlushToZero(bool) {}
#endif
};
