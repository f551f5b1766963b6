import { maximumCv } from "../profiles/fan-in-profile";
import { sparseLayers } from "./grids/variants";
import type { GridRun } from "./part";

/** A layer in which some structures cannot have the fan-in CV that their names ask for. */
export interface UnreachedCv {
  readonly dataset: string;
  readonly sparsity: number;
  /** From 0, among the sparse layers. */
  readonly layer: number;
  readonly inputs: number;
  readonly neurons: number;
  readonly meanFanIn: number;
  /** "lognormal CV 2", …: all that have the same CV instead, for the same reason. */
  readonly structures: readonly string[];
  /** The CV that they have; 0 stands for fan-ins as equal as whole numbers can be. */
  readonly got: number;
  /** The family reaches no CV so large in this layer, or whole numbers none so small but that of the most equal. */
  readonly reason: "above the ceiling" | "below what whole numbers give";
}

/** Where the structures of a grid do not have the CV that their names say, at what they have instead. */
export function unreachedCvs(runs: readonly GridRun[]): UnreachedCv[] {
  const rows = new Map<string, UnreachedCv & { structures: string[] }>();
  for (const { label, config } of runs) {
    const { start, dataset, sparsity } = config;
    const asked = Number(/ CV ([\d.]+)/.exec(label)?.[1] ?? Number.NaN);
    if (start.kind !== "profile" || Number.isNaN(asked)) continue;
    sparseLayers(config).forEach(({ inputs, neurons, nnz }, layer) => {
      const got = typeof start.cv === "number" ? start.cv : start.cv[layer];
      if (got === asked) return;
      const isAbove = asked > maximumCv(start.family, { inputs, neurons, nnz });
      const reason = isAbove ? "above the ceiling" : "below what whole numbers give";
      const place = { dataset, sparsity, layer, inputs, neurons, meanFanIn: nnz / neurons, got, reason } as const;
      const key = JSON.stringify(place);
      const row = rows.get(key) ?? { ...place, structures: [] };
      rows.set(key, row);
      if (!row.structures.includes(label)) row.structures.push(label);
    });
  }
  return [...rows.values()];
}
