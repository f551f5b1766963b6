import { jStat } from "jstat";

/** Φ⁻¹(p), the standard normal quantile, for p in (0, 1). */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}
