import type { LayerBudget } from "../profiles/allocation";
import type { Family } from "../profiles/families";
import { fanInProfile } from "../profiles/fan-in-profile";
import type { Random } from "../random";
import { erkBudget, uniformBudget } from "../topology/budgets";
import type { Topology } from "../topology/topology";
import { randomTopology } from "../wiring/random-topology";
import { type WiringRule, wire } from "../wiring/wire";

/** The topology of a network before training. */
export type Start =
  | { readonly kind: "dense" }
  | { readonly kind: "random" }
  | {
      readonly kind: "profile";
      readonly family: Family;
      /** Fan-in CV of every sparse layer, or one for each of them. */
      readonly cv: number | readonly number[];
      readonly rule: WiringRule;
      /** Deal fan-ins to neurons in random order. */
      readonly permute: boolean;
    };

export interface StartConfig {
  /** Inputs, hidden widths, classes. */
  readonly sizes: readonly number[];
  /** Share of absent connections in the sparse layers together, in [0, 1); 0 is dense. */
  readonly sparsity: number;
  /** How connections are shared out among layers. */
  readonly budget: "uniform" | "erk";
  /** Keep the output layer dense and outside the budget. */
  readonly denseOutput: boolean;
  readonly start: Start;
}

/**
 * The topology of every layer; null is dense, also where the budget makes a layer dense. Each layer draws from its own
 * fork of `random`.
 *
 * @throws RangeError when sizes, sparsity or CVs are impossible; the message says which
 */
export function startTopologies(config: StartConfig, random: Random): (Topology | null)[] {
  const { sizes, start } = config;
  const layers = layerBudgets(config);
  const sparse = layers.filter(isSparse);
  if (start.kind === "dense") return layers.map(() => null);
  if (start.kind === "profile" && typeof start.cv !== "number" && start.cv.length !== sparse.length) {
    throw new RangeError(
      `startTopologies: ${start.cv.length} CVs for ${sparse.length} sparse layers of [${sizes.join(", ")}]; ` +
        "give one for each, or a single number for all",
    );
  }
  return layers.map((layer, l) => {
    const rank = sparse.indexOf(layer);
    return rank < 0 ? null : startTopology(start, layer, rank, random.fork(`wiring ${l}`));
  });
}

function layerBudgets({ sizes, sparsity, budget, denseOutput }: StartConfig): LayerBudget[] {
  const share = budget === "erk" ? erkBudget : uniformBudget;
  return share(sizes, sparsity, { denseOutput }).map((nnz, l) => ({ inputs: sizes[l], neurons: sizes[l + 1], nnz }));
}

function isSparse({ inputs, neurons, nnz }: LayerBudget): boolean {
  return nnz < inputs * neurons;
}

function startTopology(
  start: Exclude<Start, { kind: "dense" }>,
  layer: LayerBudget,
  rank: number,
  random: Random,
): Topology {
  if (start.kind === "random") return randomTopology({ ...layer, random });
  const { family, rule, permute } = start;
  const cv = typeof start.cv === "number" ? start.cv : start.cv[rank];
  return wire(fanInProfile({ family, cv }, layer), { inputs: layer.inputs, rule, permute, random });
}
