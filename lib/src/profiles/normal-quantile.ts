const { jStat } = require("jstat") as { jStat: { normal: { inv(p: number, mean: number, sd: number): number } } };

/** Φ⁻¹(p), the standard normal quantile, for p in (0, 1). */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}
