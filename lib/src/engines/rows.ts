import { pick } from "../datasets/arrays";
import type { Batch } from "./engine";

/** The rows `order` of a batch, copied out in that order. */
export function rowsOf(data: Batch, order: Uint32Array): Batch {
  const { rows, features, labels, scale } = data;
  return { ...pick(features, labels, features.length / rows, order), scale };
}
