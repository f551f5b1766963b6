import type { Engine } from "./engine";
import { createSparseEngine } from "./sparse";
import { createTfjsEngine } from "./tfjs";

/** What can compute: the sparse kernel, whose cost follows the connections, or masked dense layers on TensorFlow.js. */
export type EngineName = "sparse" | "tfjs";

/** The engine of that name. */
export async function createEngine(name: EngineName): Promise<Engine> {
  return name === "sparse" ? createSparseEngine() : createTfjsEngine();
}
