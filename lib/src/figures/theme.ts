/** The one look of all figures: Okabe & Ito's colours ("Color Universal Design", 2008), one font, a sober grid. */

import { familyNames } from "../profiles/families";

export const okabeIto = {
  black: "#000000",
  orange: "#E69F00",
  skyBlue: "#56B4E9",
  green: "#009E73",
  yellow: "#F0E442",
  blue: "#0072B2",
  vermillion: "#D55E00",
  purple: "#CC79A7",
} as const;

/** The three share their metrics, so that a text is as wide on every machine. */
export const fontFamily = "Arial, Helvetica, 'Liberation Sans', sans-serif";

/** Widths of one and of two journal columns (89 and 183 mm), in CSS pixels. */
export const columnWidth = { single: 336, double: 690 } as const;

/** In CSS pixels; 11 px are 8.25 pt in print, and nothing is smaller. */
export const fontSize = { tick: 11, text: 11.5, panel: 14 } as const;

export const grey = { text: "#222222", note: "#666666", axis: "#555555", grid: "#E6E6E6", band: "#DADADA" } as const;

/** How one method looks in every figure. Colour, dash and marker together are unique, so that a grey print can be read. */
export interface MethodStyle {
  readonly label: string;
  readonly color: string;
  /** A Plotly line dash. */
  readonly dash: string;
  /** A Plotly marker symbol. */
  readonly symbol: string;
}

const styles: Readonly<Record<string, MethodStyle>> = {
  dense: { label: "dense", color: okabeIto.black, dash: "solid", symbol: "line-ew-open" },
  random: { label: "random", color: "#7A7A7A", dash: "dot", symbol: "circle" },
  erk: { label: "ERK", color: okabeIto.blue, dash: "dash", symbol: "diamond" },
  constant: { label: "constant", color: okabeIto.skyBlue, dash: "dashdot", symbol: "square" },
  matched: { label: "matched", color: okabeIto.green, dash: "solid", symbol: "star" },
  lognormal: { label: "lognormal", color: okabeIto.vermillion, dash: "solid", symbol: "triangle-up" },
  "power law": { label: "power law", color: okabeIto.purple, dash: "9px,3px,2px,3px", symbol: "triangle-down" },
  linear: { label: "linear", color: okabeIto.blue, dash: "solid", symbol: "circle-open" },
  power: { label: "power", color: okabeIto.orange, dash: "solid", symbol: "diamond-open" },
  exponential: { label: "exponential", color: okabeIto.green, dash: "dash", symbol: "pentagon" },
  logistic: { label: "logistic", color: okabeIto.purple, dash: "solid", symbol: "x" },
  cosine: { label: "cosine", color: okabeIto.skyBlue, dash: "solid", symbol: "hexagon" },
  gaussian: { label: "gaussian", color: "#4D4D4D", dash: "solid", symbol: "cross" },
  logarithmic: { label: "logarithmic", color: okabeIto.orange, dash: "dash", symbol: "triangle-left" },
  step: { label: "step", color: okabeIto.blue, dash: "dot", symbol: "triangle-right" },
  "from its own masks": { label: "from its own masks", color: okabeIto.black, dash: "dashdot", symbol: "star-square" },
  "from its own fan ins": { label: "from its own fan-ins", color: okabeIto.black, dash: "dot", symbol: "star-diamond" },
};

/** The methods that have a style of their own, in the order in which figures list them. */
export const methods: readonly string[] = [
  "dense",
  "random",
  "erk",
  ...familyNames.map((family) => family.replace("-", " ")),
  "matched",
  "from its own masks",
  "from its own fan ins",
];

/**
 * The style of a method, by its name as it stands in a table: "dense", "ERK", "power-law", "lognormal CV 0.5",
 * "lognormal-2", "matched, scattered". A name may carry a CV; a lognormal's colour darkens with it, and its dash and
 * marker change. Scattered inputs keep the colour, and open the marker.
 *
 * @throws RangeError for a name without a style
 */
export function methodStyle(method: string): MethodStyle {
  const { base, cv, scattered } = parseMethod(method);
  const plain = styles[base];
  const style = cv === undefined ? plain : styleAt(base, cv);
  const label = cv === undefined ? plain.label : `${plain.label} CV ${cv}`;
  if (!scattered) return { ...style, label };
  const symbol = style.symbol.endsWith("-open") ? `${style.symbol}-dot` : `${style.symbol}-open`;
  return { color: style.color, dash: "2px,2px", symbol, label: `${label}, scattered` };
}

/** Sorts methods as figures list them: as in {@link methods}, then by CV, scattered inputs last. */
export function compareMethods(a: string, b: string): number {
  const [left, right] = [parseMethod(a), parseMethod(b)];
  return (
    methods.indexOf(left.base) - methods.indexOf(right.base) ||
    (left.cv ?? 0) - (right.cv ?? 0) ||
    Number(left.scattered) - Number(right.scattered)
  );
}

/** A method's name taken apart. */
export interface ParsedMethod {
  /** Key of the table of styles: "power law". */
  readonly base: string;
  readonly cv: number | undefined;
  /** Whether a profile's inputs are drawn uniformly, not in windows. */
  readonly scattered: boolean;
}

/** Splits "lognormal CV 0.5, scattered" into its method, its CV and its input rule. */
export function parseMethod(method: string): ParsedMethod {
  const [, profile, rule] = /^(.*?)(, scattered)?$/i.exec(method.trim()) ?? [];
  const [, name, cv] = /^(.*?)(?:[ ,-]*(?:cv)?[ =-]*(\d*\.?\d+))?$/i.exec(profile) ?? [];
  const plain = (name ?? "").toLowerCase().replace(/[-_]/g, " ").trim();
  const base = plain === "pareto" ? "power law" : plain;
  if (!Object.hasOwn(styles, base)) {
    throw new RangeError(
      `methodStyle: no style for "${method}"; known are ${methods.join(", ")}, each with or without a CV ` +
        '("lognormal CV 0.5") and ", scattered". Add a line to the table in figures/theme.ts.',
    );
  }
  return { base, cv: cv === undefined ? undefined : Number(cv), scattered: rule !== undefined };
}

const lognormalSteps: readonly { readonly cv: number; readonly dash: string; readonly symbol: string }[] = [
  { cv: 0, dash: "dot", symbol: "triangle-up-open" },
  { cv: 0.4, dash: "dashdot", symbol: "triangle-up-open" },
  { cv: 0.75, dash: "solid", symbol: "triangle-up" },
  { cv: 1.25, dash: "12px,3px,2px,3px", symbol: "triangle-up" },
  { cv: 1.75, dash: "10px,4px", symbol: "hourglass" },
  { cv: 2.25, dash: "dash", symbol: "bowtie" },
];

/** Of lognormals and power laws, the two families that go far, several CVs stand in one figure. */
function styleAt(base: string, cv: number): Omit<MethodStyle, "label"> {
  if (base === "lognormal") return lognormalStyle(cv);
  if (base !== "power law" || cv <= 1) return styles[base];
  return { color: mix(okabeIto.purple, "#5B1A45", (cv - 1) / 1.5), dash: "3px,2px", symbol: "triangle-down" };
}

function lognormalStyle(cv: number): Omit<MethodStyle, "label"> {
  const { dash, symbol } = lognormalSteps.filter((step) => step.cv <= cv).at(-1) ?? lognormalSteps[0];
  const color =
    cv < 1 ? mix(okabeIto.orange, okabeIto.vermillion, cv) : mix(okabeIto.vermillion, "#6B2A00", (cv - 1) / 1.5);
  return { color, dash, symbol };
}

/** The colour a share of the way (0 … 1, more is all the way) from one hexadecimal colour to another. */
export function mix(from: string, to: string, share: number): string {
  const t = Math.min(1, Math.max(0, share));
  const channel = (color: string, at: number): number => Number.parseInt(color.slice(at, at + 2), 16);
  const blend = (at: number): string =>
    Math.round(channel(from, at) * (1 - t) + channel(to, at) * t)
      .toString(16)
      .padStart(2, "0");
  return `#${blend(1)}${blend(3)}${blend(5)}`.toUpperCase();
}
