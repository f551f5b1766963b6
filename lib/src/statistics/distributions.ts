import { jStat } from "jstat";

/**
 * Two-sided p of a t statistic: P(|T| ≥ |t|) with df degrees of freedom (not necessarily whole).
 * NaN when t is NaN. Good to eight digits down to p ≈ 1e-15 (jstat, checked against scipy).
 */
export function studentTwoSided(t: number, df: number): number {
  if (Number.isNaN(t)) return Number.NaN;
  return Math.min(1, 2 * jStat.studentt.cdf(-Math.abs(t), df));
}

/** The t that leaves (1 − level)/2 in each tail, with df degrees of freedom; good to eight digits. */
export function studentCritical(level: number, df: number): number {
  return jStat.studentt.inv((1 + level) / 2, df);
}

/** Two-sided p of a standard normal statistic: P(|Z| ≥ |z|). NaN when z is NaN; 0 beyond |z| ≈ 8.2, p below 2e-16. */
export function normalTwoSided(z: number): number {
  if (Number.isNaN(z)) return Number.NaN;
  return Math.min(1, 2 * jStat.normal.cdf(-Math.abs(z), 0, 1));
}

/** The z that leaves (1 − level)/2 in each tail of the standard normal. */
export function normalCritical(level: number): number {
  return jStat.normal.inv((1 + level) / 2, 0, 1);
}
