import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { holm } from "../statistics/holm";
import { besides, type Cell, cellsOf, differenceOf } from "./cells";
import { alpha } from "./margins";
import { cvProfiles, scatteredProfiles, windowProfiles } from "./structures";

/**
 * How a profile is judged. `as stated`: against uniform random, as the paper puts it. `like for like`: against a
 * structure that has the same input rule and no profile: `constant` for profiles in windows, `random` and
 * `constant, scattered` for those with scattered inputs. Constant fan-in is never judged itself: it is no profile.
 */
export type Comparison = "as stated" | "like for like";

/** Gain of a profile over what it is held against (percentage points, last epoch) in one cell, paired by seed. */
export interface GainRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  readonly structure: string;
  readonly against: string;
  readonly comparison: Comparison;
  readonly mean: number;
  /** 95 % t interval; NaN for one pair, as the p values are. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly standardError: number;
  /** One-sided paired t, of no gain. */
  readonly p: number;
  /** Holm-adjusted over all cells of the protocol and the comparison. */
  readonly adjustedP: number;
  /** An adjusted p, one-sided, below {@link alpha}. */
  readonly beats: boolean;
}

const contrasts: readonly { comparison: Comparison; structures: readonly string[]; against: string }[] = [
  {
    comparison: "as stated",
    structures: [...new Set([...windowProfiles, ...cvProfiles, ...scatteredProfiles])],
    against: "random",
  },
  { comparison: "like for like", structures: [...new Set([...windowProfiles, ...cvProfiles])], against: "constant" },
  { comparison: "like for like", structures: scatteredProfiles, against: "random" },
  { comparison: "like for like", structures: scatteredProfiles, against: "constant, scattered" },
];

/** Every profile of the static and cv grids in every cell, both ways. */
export function gainRows(runs: readonly PaperRun[]): GainRow[] {
  const cells = cellsOf(runs, ["static", "cv"]);
  const rows = contrasts.flatMap(({ comparison, structures, against }) =>
    cells
      .filter((cell) => structures.includes(cell.label) && !isFlat(cell))
      .flatMap((cell) => {
        const gain = gainOver(cell, besides(cells, cell, against));
        return gain === null ? [] : [{ ...gain, against, comparison }];
      }),
  );
  return adjusted(rows);
}

/** Whether a profile's layers are too thin for its CV and have fan-ins as equal as they can be: it is `constant` again. */
function isFlat({ runs }: Cell): boolean {
  const { start } = runs[0].record.config;
  return start.kind === "profile" && [start.cv].flat().every((cv) => cv === 0);
}

type RawGain = Omit<GainRow, "adjustedP" | "beats">;

function gainOver(cell: Cell, baseline: Cell | undefined): Omit<RawGain, "against" | "comparison"> | null {
  const gain = differenceOf(baseline, cell);
  if (gain === null) return null;
  const { protocol, dataset, sparsity, label } = cell;
  const { mean: centre, low, high, n, standardError, gainP } = gain;
  return {
    protocol,
    dataset,
    sparsity,
    structure: label,
    mean: centre,
    low,
    high,
    n,
    standardError,
    p: gainP,
  };
}

/** Holm over each protocol and comparison; cells of one pair have no p and are no part of the family. */
function adjusted(rows: readonly RawGain[]): GainRow[] {
  const families = new Map<string, RawGain[]>();
  for (const row of rows) {
    if (Number.isNaN(row.p)) continue;
    const key = `${row.protocol} ${row.comparison}`;
    families.set(key, [...(families.get(key) ?? []), row]);
  }
  const found = new Map<RawGain, number>();
  for (const family of families.values()) {
    holm(family.map(({ p }) => p)).forEach((p, i) => {
      found.set(family[i], p);
    });
  }
  return rows.map((row) => {
    const adjustedP = found.get(row) ?? Number.NaN;
    return { ...row, adjustedP, beats: adjustedP < alpha };
  });
}
