#pragma once
// exp and log of vectors, to about one unit in the last place, the same in every build: no library is called.
// Polynomials as in Cephes (netlib.org/cephes, single/expf.c and logf.c).
#include "simd.h"

namespace {

INLINE V polynomial(V x, const float* c, u32 count) {
  V y = splat(c[0]);
  UNROLL for (u32 i = 1; i < count; i++) y = y * x + splat(c[i]);
  return y;
}

/** e^x for x ≤ 0; below −87, e^−87. NaN stays. */
INLINE V exponential(V x) {
  static const float c[] = {1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f,
                            4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f};
  const V low = splat(-87.0f), magic = splat(12582912.0f);
  VI below = (VI)(x < low);
  x = (V)(((VI)low & below) | ((VI)x & ~below));
  V shifted = x * splat(1.44269504088896341f) + magic; // the nearest integer is in the low bits
  V n = shifted - magic;
  V r = (x - n * splat(0.693359375f)) - n * splat(-2.12194440e-4f);
  V y = (polynomial(r, c, 6) * (r * r) + r) + splat(1.0f);
  return y * (V)((((VI)shifted - (VI)magic) << 23) + 0x3f800000);
}

/** log x for normal x > 0. NaN stays. */
INLINE V logarithm(V x) {
  static const float c[] = {7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                            -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f};
  VI bits = (VI)x - 0x3f3504f3; // so that the mantissa lies in √½ … √2
  V n = __builtin_convertvector(bits >> 23, V);
  V r = (V)((bits & 0x7fffff) + 0x3f3504f3) - splat(1.0f);
  V square = r * r;
  V y = polynomial(r, c, 9) * r * square + n * splat(-2.12194440e-4f) - splat(0.5f) * square;
  V result = (r + y) + n * splat(0.693359375f);
  VI ordered = (VI)(x == x);
  return (V)(((VI)result & ordered) | ((VI)x & ~ordered));
}

} // namespace
