import type { Interval } from "../statistics/samples";
import { closeMargin } from "./margins";

/** An interval of dense − structure against {@link closeMargin}: all of it within, all of it beyond, or neither. */
export type Closeness = "close" | "apart" | "inconclusive";

/** @param gap in percentage points */
export function closeness({ low, high }: Interval): Closeness {
  return high <= closeMargin ? "close" : low > closeMargin ? "apart" : "inconclusive";
}
