import { normalQuantile } from "./normal-quantile";

/**
 * The families of the paper (arXiv 2604.10560): the constant baseline, eight parametric families, and two
 * heavy-tailed laws. `power` is x^a; `power-law` is a Pareto tail.
 */
export const familyNames = [
  "constant",
  "linear",
  "power",
  "exponential",
  "logistic",
  "cosine",
  "gaussian",
  "logarithmic",
  "step",
  "lognormal",
  "power-law",
] as const;

export type FamilyName = (typeof familyNames)[number];

/** A family of one's own. */
export interface CustomFamily {
  readonly name: string;
  /**
   * Relative fan-in at relative rank x in (0, 1), finite and ≥ 0; only ratios matter. It must vary more as `a` grows,
   * and be constant at a = 0.
   */
  readonly shape: (x: number, a: number) => number;
  /** The largest `a` that makes sense; 10⁴ when absent. */
  readonly maximum?: number;
}

/** A family by name, or one's own. */
export type Family = FamilyName | CustomFamily;

/** What a family is called in tables. */
export function familyName(family: Family): string {
  return typeof family === "string" ? family : family.name;
}

/** A family as the allocation uses it: logarithms, so that steep shapes neither overflow nor vanish. */
export interface LogFamily {
  readonly name: string;
  /** ln r(x; a), prepared for one x because the parameter is searched for. */
  readonly at: (x: number) => (a: number) => number;
  /** Beyond this `a` nothing changes any more, or, for `linear`, fan-in would turn negative. */
  readonly maximum: number;
}

/** Steep enough that neighbouring neurons of any layer are at opposite bounds. */
const STEEP = 1e4;
/** Close enough to the limit a → ∞ for families that have one. */
const LIMIT = 1e9;
const LOGISTIC_SLOPE = 40;
const STEP_FROM = 0.9;

const families: Readonly<Record<FamilyName, Omit<LogFamily, "name">>> = {
  constant: { at: () => () => 0, maximum: 0 },
  linear: { at: (x) => (a) => Math.log1p(a * (2 * x - 1)), maximum: 1 },
  power: { at: scaled((x) => Math.log(x)), maximum: STEEP },
  exponential: { at: scaled((x) => x - 1), maximum: STEEP },
  logistic: { at: (x) => (a) => (a === 0 ? 0 : -softplus(LOGISTIC_SLOPE * (a / (1 + a) - x))), maximum: LIMIT },
  cosine: { at: scaled((x) => 2 * Math.log(Math.sin(Math.PI * x))), maximum: STEEP },
  gaussian: { at: (x) => (a) => -0.5 * (a * (x - 0.5)) ** 2, maximum: STEEP },
  logarithmic: { at: (x) => (a) => Math.log1p(-a * Math.log1p(-x)), maximum: LIMIT },
  step: { at: (x) => (a) => (x >= STEP_FROM ? Math.log1p(a) : 0), maximum: LIMIT },
  lognormal: { at: scaled(normalQuantile), maximum: STEEP },
  "power-law": { at: scaled((x) => -Math.log1p(-x)), maximum: STEEP },
};

/** r(x; a) = e^{a·g(x)}. */
function scaled(g: (x: number) => number): LogFamily["at"] {
  return (x) => {
    const value = g(x);
    return (a) => a * value;
  };
}

/** ln(1 + e^u) without overflow. */
function softplus(u: number): number {
  return Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u)));
}

/** @throws RangeError for a name that is not in {@link familyNames} */
export function logFamily(family: Family): LogFamily {
  if (typeof family !== "string") return fromCustom(family);
  if (!Object.hasOwn(families, family)) {
    throw new RangeError(`family "${family}" is unknown; use one of ${familyNames.join(", ")}, or { name, shape }`);
  }
  return { name: family, ...families[family] };
}

function fromCustom({ name, shape, maximum = STEEP }: CustomFamily): LogFamily {
  if (typeof shape !== "function" || !(maximum >= 0 && maximum < Infinity)) {
    throw new RangeError(`family "${name}": needs shape(x, a) and, if given, a finite maximum ≥ 0 (it is ${maximum})`);
  }
  const at = (x: number) => (a: number) => {
    const value = shape(x, a);
    if (value >= 0 && value < Infinity) return Math.log(value);
    throw new RangeError(
      `family "${name}": shape(${x}, ${a}) is ${value}; it must be finite and ≥ 0 for every a up to ` +
        `${maximum}: lower the family's maximum or mend its shape`,
    );
  };
  return { name, at, maximum };
}

/**
 * The raw curve r(x; a) of a family, before it is scaled to a budget and clipped to the layer.
 *
 * @param a shape parameter, 0 … the family's maximum (1 for `linear`); 0 is constant, larger varies more
 * @returns r as a function of relative rank x in (0, 1)
 * @throws RangeError when `a` is outside its range
 */
export function profileShape(family: Family, a: number): (x: number) => number {
  const { name, at, maximum } = logFamily(family);
  if (!(a >= 0 && a <= maximum)) {
    throw new RangeError(`profileShape: a = ${a} is not in 0 … ${maximum}, the range of family "${name}"`);
  }
  return (x) => Math.exp(at(x)(a));
}
