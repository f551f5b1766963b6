import { datasetLabel, enumerate } from "../figures/estimate";

/** A number with its sign, the minus a real one: "+0.16", "−0.05", "0.00" where it rounds to nothing. */
export function signed(value: number, digits: number = 2): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number.isNaN(value)) return "–";
  if (Number(text) === 0) return text;
  return value < 0 ? `−${text}` : `+${text}`;
}

/** A number that needs no plus, the minus a real one; "–" where it does not exist. */
export function plain(value: number, digits: number = 2): string {
  return signed(value, digits).replace("+", "");
}

/** "p = .012", "p < .001", "p = 1". */
export function pText(p: number): string {
  if (Number.isNaN(p)) return "p –";
  if (p < 0.001) return "p < .001";
  if (p > 0.999) return "p = 1";
  return `p = ${p.toFixed(3).replace(/^0/, "")}`;
}

/** What {@link estimateText} writes of: any estimate with an interval. */
export interface EstimateText {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly p?: number | null;
}

/** "+0.16 pp [0.02, 0.30], n = 10, p = .012"; without interval where there is none, without p where none is given. */
export function estimateText({ mean, low, high, n, p = null }: EstimateText, unit: string = "pp"): string {
  const interval = Number.isFinite(low) && Number.isFinite(high) ? ` [${plain(low)}, ${plain(high)}]` : "";
  return `${signed(mean)} ${unit}${interval}, n = ${n}${p === null ? "" : `, ${pText(p)}`}`;
}

/** The same with the p that is adjusted for its family, named so; without p where there is none. */
export function adjustedText({ adjustedP, ...row }: EstimateText & { readonly adjustedP: number | null }): string {
  return `${estimateText({ ...row, p: null })}${adjustedP === null ? "" : `, Holm ${pText(adjustedP)}`}`;
}

/** "0.35 to 0.45", or with another word between; one number where both ends read the same, "–" of nothing. */
export function range(values: readonly number[], digits: number = 2, to: string = " to "): string {
  if (values.length === 0) return "–";
  const [low, high] = [plain(Math.min(...values), digits), plain(Math.max(...values), digits)];
  return low === high ? low : `${low}${to}${high}`;
}

/** "a", "a and b", "a, b and c"; "none" of nothing. */
export function list(items: readonly string[]): string {
  return items.length === 0 ? "none" : enumerate(items);
}

/** Data sets by the names that readers know. */
export function datasetList(datasets: readonly string[]): string {
  return list(datasets.map(datasetLabel));
}

/** "1 structure", "17 structures". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** How numbers of a unit are written. */
export interface UnitText {
  /** "%" of shares, else the unit itself. */
  readonly name: string;
  /** What follows a value in a sentence: " pp", " %", nothing of a ratio or an r. */
  readonly suffix: string;
  /** A value; of a ratio or an r, which are no gains, without a plus. */
  readonly value: (number: number) => string;
  /** A difference of values, always with its sign. */
  readonly difference: (number: number) => string;
  /** The end of an interval. */
  readonly bound: (number: number) => string;
}

/** Digits by unit: three of a ratio, an r and a share, which stands in per cent; two of percentage points and the rest. */
export function unitText(unit: string): UnitText {
  const isShare = unit === "share";
  const isGain = unit !== "ratio" && unit !== "r";
  const [factor, digits] = isShare ? [100, 1] : [1, isGain ? 2 : 3];
  const bound = (number: number): string => plain(factor * number, digits);
  const difference = (number: number): string => signed(factor * number, digits);
  const name = isShare ? "%" : unit;
  return { name, suffix: isGain ? ` ${name}` : "", value: isGain ? difference : bound, difference, bound };
}

type Bounded = Pick<EstimateText, "mean" | "low" | "high">;

/** What stands in a table's cell, unbroken: "+0.57 [0.35, 0.79]"; without interval where there is none. */
export function gainText(estimate: Bounded, unit: string = "pp"): string {
  return bounded(unitText(unit).difference, estimate, unit);
}

/** The same of a value that need be no gain: "0.913 [0.804, 0.963]" of an r. */
export function valueText(estimate: Bounded, unit: string): string {
  return bounded(unitText(unit).value, estimate, unit);
}

function bounded(text: (number: number) => string, { mean, low, high }: Bounded, unit: string): string {
  const { bound } = unitText(unit);
  const hasInterval = Number.isFinite(low) && Number.isFinite(high);
  return `${text(mean)}${hasInterval ? `\u00A0[${bound(low)},\u00A0${bound(high)}]` : ""}`;
}

/** Likewise of an accuracy (0 … 1), in per cent, with half the width of its interval: "88.31 ± 0.20". */
export function accuracyText({ mean, low, high }: Bounded): string {
  const half = 50 * (high - low);
  return `${plain(100 * mean)}${Number.isFinite(half) ? `\u00A0±\u00A0${plain(half)}` : ""}`;
}
