import type { LayerBudget } from "../profiles/allocation";
import type { Family } from "../profiles/families";
import { fanInProfile } from "../profiles/fan-in-profile";
import type { Random } from "../random";
import { erkBudget, layerBudget, uniformBudget } from "../topology/budgets";
import type { Topology } from "../topology/topology";
import type { TransplantKeep } from "../topology/transplant";
import type { TopologyUpdate } from "../topology/update";
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
    }
  | {
      /**
       * What stays of the final masks of another run, with fresh weights. The other run has the same config but for
       * its own start and update, and is trained first.
       */
      readonly kind: "transplant";
      readonly from: { readonly start: Start; readonly update: TopologyUpdate };
      readonly keep: TransplantKeep;
    };

/** A start that needs no training of another network. */
export type WiredStart = Exclude<Start, { kind: "transplant" }>;

/**
 * How connections are shared out among layers: equal density, Erdős–Rényi-kernel, or a sparsity in [0, 1) for each
 * layer (0 is dense).
 */
export type Budget = "uniform" | "erk" | readonly number[];

export interface StartConfig {
  /** Inputs, hidden widths, classes. */
  readonly sizes: readonly number[];
  /** Share of absent connections in the sparse layers together, in [0, 1); 0 is dense. */
  readonly sparsity: number;
  readonly budget: Budget;
  /** Keep the first, the output layer dense and outside the budget. */
  readonly denseInput?: boolean;
  readonly denseOutput: boolean;
  readonly start: WiredStart;
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

/** Inputs, neurons and connections of every layer. */
export function layerBudgets({ sizes, sparsity, budget, ...pinned }: Omit<StartConfig, "start">): LayerBudget[] {
  const share = budget === "erk" ? erkBudget : uniformBudget;
  const connections = typeof budget === "string" ? share(sizes, sparsity, pinned) : layerBudget(sizes, budget);
  return connections.map((nnz, l) => ({ inputs: sizes[l], neurons: sizes[l + 1], nnz }));
}

/** Whether a layer has fewer connections than it could: dense layers have no topology. */
export function isSparse({ inputs, neurons, nnz }: LayerBudget): boolean {
  return nnz < inputs * neurons;
}

function startTopology(
  start: Extract<Start, { kind: "random" | "profile" }>,
  layer: LayerBudget,
  rank: number,
  random: Random,
): Topology {
  if (start.kind === "random") return randomTopology({ ...layer, random });
  const { family, rule, permute } = start;
  const cv = typeof start.cv === "number" ? start.cv : start.cv[rank];
  return wire(fanInProfile({ family, cv }, layer), { inputs: layer.inputs, rule, permute, random });
}
