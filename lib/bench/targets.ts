import { INTERVAL, percent, type Results } from "./parts";

/** What the sparse engine has to reach on a core with AVX-512, and whether it does. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly holds: boolean;
}

type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** A peer's cost over that of the sparse engine, by sparsity. */
const ratios: readonly [peer: string, name: string, bounds: Readonly<Record<string, Bound>>][] = [
  [
    "pytorch-masked",
    "PyTorch masked",
    {
      0: { atLeast: 0.85 },
      0.9: { atLeast: 7 },
      0.95: { atLeast: 12 },
      0.99: { atLeast: 36 },
      0.999: { atLeast: 65 },
    },
  ],
  ["pytorch-csr", "PyTorch CSR", { 0.9: { atLeast: 4 }, 0.99: { atLeast: 10 } }],
  ["tfjs", "tfjs-node", { 0.9: { atLeast: 20 }, 0.99: { atLeast: 100 } }],
  [
    "sparse-wasm",
    "WebAssembly",
    {
      0: { atMost: 4 },
      0.8: { atMost: 4 },
      0.9: { atMost: 4 },
      0.95: { atMost: 4 },
      0.99: { atMost: 4 },
      0.999: { atMost: 4 },
    },
  ],
];

/** Share of a step that RigL or LayerNorm may add, by sparsity. */
const overheads: readonly [what: "RigL" | "LayerNorm", bounds: Readonly<Record<string, number>>][] = [
  ["RigL", { 0.9: 0.07, 0.99: 0.18 }],
  ["LayerNorm", { 0.9: 0.15, 0.99: 0.15 }],
];

/** Those that something was measured for. */
export function judge(results: Results): Target[] {
  return [...judgeRatios(results), ...judgeOverheads(results)];
}

function judgeRatios({ costs }: Results): Target[] {
  return ratios.flatMap(([peer, name, bounds]) =>
    Object.entries(bounds).flatMap(([sparsity, bound]) => {
      const cost = costs.find((each) => each.peer === peer && each.sparsity === Number(sparsity));
      if (cost === undefined) return [];
      const { median } = cost.ratio;
      const holds = "atLeast" in bound ? median >= bound.atLeast : median <= bound.atMost;
      const wanted = "atLeast" in bound ? `≥ ${bound.atLeast}×` : `≤ ${bound.atMost}×`;
      const measured = `${median.toPrecision(3)}×${besides(costs, peer, cost.sparsity)}`;
      return [{ what: `${name} at ${percent(Number(sparsity))}`, wanted, measured, holds }];
    }),
  );
}

const siblings: Readonly<Record<string, { readonly peer: string; readonly name: string }>> = {
  "pytorch-csr": { peer: "pytorch-tuned-csr", name: "with tuned buffers" },
  "pytorch-masked": { peer: "pytorch-onednn", name: "on oneDNN" },
};

/** A peer of the same kind that no target is set for, so that nobody overlooks it. */
function besides(costs: Results["costs"], peer: string, at: number): string {
  const other = siblings[peer];
  const cost = costs.find((each) => each.peer === other?.peer && each.sparsity === at);
  return cost === undefined ? "" : `, ${other.name} ${cost.ratio.median.toPrecision(3)}×`;
}

function judgeOverheads(results: Results): Target[] {
  return overheads.flatMap(([what, bounds]) =>
    Object.entries(bounds).flatMap(([sparsity, bound]) => {
      const found = results.overheads.find((each) => each.what === what && each.sparsity === Number(sparsity));
      if (found === undefined) return [];
      const { median } = found.added;
      const named = what === "RigL" ? `RigL, ΔT = ${INTERVAL},` : what;
      return [
        {
          what: `${named} at ${percent(Number(sparsity))}`,
          wanted: `≤ +${percent(bound)}`,
          measured: `${median < 0 ? "−" : "+"}${percent(Math.abs(median))}`,
          holds: median <= bound,
        },
      ];
    }),
  );
}
