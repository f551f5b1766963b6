import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, type Protocol } from "../experiments/protocol";
import { holm } from "../statistics/holm";
import { pairedComparison } from "../statistics/paired-comparison";
import { besides, type Cell, cellsOf, differenceOf, pairsOf } from "./cells";

/** The data sets of the paper's claim, its Holm family, and what it says of them. */
export const matchedClaims: Readonly<Record<string, { gain: number; p: number | null; d: number | null }>> = {
  "fashion-mnist": { gain: 0.16, p: 0.036, d: 1.07 },
  "emnist-bymerge-116k": { gain: 0.43, p: null, d: null },
  covtype: { gain: 0.49, p: null, d: null },
};

/** What is held against what; `windows` is what neighbouring inputs alone give. */
export type MatchedContrast = "as stated" | "like for like, scattered" | "like for like, windows" | "windows";

const contrasts: Readonly<Record<MatchedContrast, readonly [structure: string, against: string]>> = {
  "as stated": ["matched", "ERK"],
  "like for like, scattered": ["matched, scattered", "ERK"],
  "like for like, windows": ["matched", "constant"],
  windows: ["matched", "matched, scattered"],
};

/** One start of RigL against another (percentage points, last epoch), paired by seed: every statistic of the paper. */
export interface MatchedGainRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  readonly contrast: MatchedContrast;
  readonly start: string;
  readonly against: string;
  readonly mean: number;
  /** 95 % t interval. */
  readonly low: number;
  readonly high: number;
  /** 95 % bootstrap interval. */
  readonly bootstrapLow: number;
  readonly bootstrapHigh: number;
  readonly n: number;
  /** Mean accuracies of both, in per cent. */
  readonly startAccuracy: number;
  readonly againstAccuracy: number;
  /** Paired t, two-sided; and Holm-adjusted over the paper's three data sets, null elsewhere. */
  readonly p: number;
  readonly adjustedP: number | null;
  /** Sign-flip, two-sided; and Holm-adjusted likewise. */
  readonly signFlipP: number;
  readonly adjustedSignFlipP: number | null;
  readonly welchP: number;
  readonly dz: number;
  /** Of the pooled standard deviation, ddof 1 and 0. */
  readonly dav: number;
  readonly dPopulation: number;
  readonly hedgesG: number;
  /** Between the arms. */
  readonly r: number;
}

/** Matched starts against the others, at every sparsity; cells of one pair are left out. */
export function matchedGainRows(runs: readonly PaperRun[]): MatchedGainRow[] {
  const cells = cellsOf(runs, ["rigl"]);
  const rows = (Object.keys(contrasts) as MatchedContrast[]).flatMap((contrast) => {
    const [start, against] = contrasts[contrast];
    return cells
      .filter(({ label }) => label === start)
      .flatMap((cell) => gain(cell, besides(cells, cell, against), contrast));
  });
  return rows.map((row) => ({ ...row, ...adjustment(row, rows) }));
}

type RawGain = Omit<MatchedGainRow, "adjustedP" | "adjustedSignFlipP">;

function gain(cell: Cell, baseline: Cell | undefined, contrast: MatchedContrast): RawGain[] {
  const found = differenceOf(baseline, cell);
  if (baseline === undefined || found === null || found.n < 2) return [];
  const { a, b } = pairsOf(baseline, cell);
  const { interval, signFlipP, welch, dz, dav, dPopulation, hedgesG, r } = pairedComparison(a, b);
  const { mean, low, high, n, p, a: againstAccuracy, b: startAccuracy } = found;
  const { protocol, dataset, sparsity, label } = cell;
  return [
    {
      ...{ protocol, dataset, sparsity, contrast, start: label, against: baseline.label, mean, low, high },
      ...{ bootstrapLow: interval.low, bootstrapHigh: interval.high, n, p, signFlipP, welchP: welch.p },
      ...{ startAccuracy, againstAccuracy, dz, dav, dPopulation, hedgesG, r },
    },
  ];
}

/** Holm over the paper's data sets, at one sparsity, of one contrast and protocol. */
function adjustment(row: RawGain, rows: readonly RawGain[]): Pick<MatchedGainRow, "adjustedP" | "adjustedSignFlipP"> {
  const family = rows.filter(
    ({ protocol, sparsity, contrast, dataset }) =>
      Object.hasOwn(matchedClaims, dataset) &&
      protocol === row.protocol &&
      sparsity === row.sparsity &&
      contrast === row.contrast,
  );
  const at = family.indexOf(row);
  if (at < 0) return { adjustedP: null, adjustedSignFlipP: null };
  return {
    adjustedP: holm(family.map(({ p }) => p))[at],
    adjustedSignFlipP: holm(family.map(({ signFlipP }) => signFlipP))[at],
  };
}

/** One reading of the paper's d and p, which it does not define, computed from our runs beside its own values. */
export interface ReadingRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  /** The two readings under which d = 1.07 and p = .036 can both be true. */
  readonly reading: "paired t, 5 seeds, d of pooled SD" | "unpaired t, 10 seeds, d of population SD";
  readonly n: number;
  readonly mean: number;
  readonly p: number;
  readonly d: number;
  /** Correlation between the arms; the first reading needs about .70. */
  readonly r: number;
  readonly paperGain: number;
  readonly paperP: number | null;
  readonly paperD: number | null;
}

/** matched − ERK at 90 % under both readings. */
export function readingRows(runs: readonly PaperRun[]): ReadingRow[] {
  const cells = cellsOf(runs, ["rigl"]).filter(({ sparsity }) => sparsity === mainSparsity);
  return cells.flatMap((cell) => {
    const erk = cell.label === "matched" ? besides(cells, cell, "ERK") : undefined;
    const published = matchedClaims[cell.dataset];
    if (erk === undefined || published === undefined) return [];
    const { a, b } = pairsOf(erk, cell);
    const [few, all] = [Math.min(gridSeeds, a.length), a.length];
    if (few < 2) return [];
    const first = pairedComparison(a.slice(0, few), b.slice(0, few));
    const second = pairedComparison(a, b);
    const { protocol, dataset } = cell;
    const paper = { paperGain: published.gain, paperP: published.p, paperD: published.d };
    return [
      {
        ...{ protocol, dataset, reading: "paired t, 5 seeds, d of pooled SD" as const, n: few },
        ...{ mean: first.meanDifference, p: first.pairedT.p, d: first.dav, r: first.r, ...paper },
      },
      {
        ...{ protocol, dataset, reading: "unpaired t, 10 seeds, d of population SD" as const, n: all },
        ...{ mean: second.meanDifference, p: second.welch.p, d: second.dPopulation, r: second.r, ...paper },
      },
    ];
  });
}
