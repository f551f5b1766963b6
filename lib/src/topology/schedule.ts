/**
 * The share of a layer's connections that an update at a training step moves: α/2·(1 + cos(π·t/T_end)), and 0 from
 * T_end on (arXiv 1911.11134, §3).
 *
 * @param step training step t ≥ 0
 * @param alpha share at the start, in [0, 1]
 * @param end step T_end > 0 at which topology updates stop
 */
export function cosineDropFraction(
  step: number,
  { alpha, end }: { readonly alpha: number; readonly end: number },
): number {
  if (!(step >= 0)) throw new RangeError(`cosineDropFraction: step is ${step}; it must be ≥ 0`);
  if (!(alpha >= 0 && alpha <= 1)) throw new RangeError(`cosineDropFraction: alpha is ${alpha}; it must be in [0, 1]`);
  if (!(end > 0)) throw new RangeError(`cosineDropFraction: end is ${end}; it must be a step above 0`);
  return step < end ? (alpha / 2) * (1 + Math.cos((Math.PI * step) / end)) : 0;
}

/**
 * The share of a layer's connections that an update moves: it falls by half a cosine, or stays α until T_end
 * (as in arXiv 2501.19107, ζ).
 */
export function dropFraction(
  step: number,
  { decay, ...schedule }: { readonly alpha: number; readonly end: number; readonly decay: "cosine" | "constant" },
): number {
  const falling = cosineDropFraction(step, schedule);
  return decay === "cosine" || step >= schedule.end ? falling : schedule.alpha;
}

/** When topology is updated. */
export interface UpdateTimes {
  /** Steps between updates, ΔT ≥ 1. */
  readonly interval: number;
  /** Step T_end; there is no update from it on. */
  readonly end: number;
  /**
   * The first update comes after one interval (steps are counted 1, 2, …) or, as in the reference code
   * (google-research/rigl `rigl/sparse_optimizers_base.py`), at step 0.
   */
  readonly firstUpdate: "interval" | "zero";
}

/** Whether the topology is updated at a training step. */
export function isUpdateStep(step: number, { interval, end, firstUpdate }: UpdateTimes): boolean {
  if (!Number.isSafeInteger(step) || step < 0)
    throw new RangeError(`isUpdateStep: step is ${step}; it must be an integer ≥ 0`);
  if (!Number.isSafeInteger(interval) || interval < 1) {
    throw new RangeError(`isUpdateStep: interval is ${interval}; it must be an integer ≥ 1`);
  }
  const first = firstUpdate === "zero" ? 0 : interval;
  return step % interval === 0 && step >= first && step < end;
}
