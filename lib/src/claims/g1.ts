import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, type Protocol, paperDatasets } from "../experiments/protocol";
import { datasetLabel, percent } from "../figures/estimate";
import { type Cell, cellsOf, missingRuns } from "./cells";
import {
  type Claim,
  type ClaimEstimate,
  type ClaimStatement,
  notTestable,
  type ProtocolResult,
  side,
  type Verdict,
} from "./claim";
import { type Concentration, concentrationOf, epochsOf, type GradientStatistic } from "./concentration";
import { count, datasetList, list, plain, range } from "./format";

/** The structures of the static grid whose fan-in CV is 1. */
export const unevenStructures: readonly string[] = ["lognormal CV 1", "power-law CV 1", "lognormal CV 1, scattered"];

/** The paper's 2–5×, for the raw ratios of uneven structures. */
export const concentratedRange: readonly [number, number] = [2, 5];

/** What counts as the paper's "about 1×", for the ratios of random masks over their null. */
export const evenRange: readonly [number, number] = [0.8, 1.25];

/** What mean |∂L/∂w| of hubs over the rest must exceed, with its interval, to be more than mechanical. */
export const substantialRatio = 1.25;

/** How G1 stands on one data set: uneven structures together, and random. */
export interface HierarchyRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly statistic: GradientStatistic;
  readonly uneven: Concentration;
  readonly random: Concentration;
}

const statement: ClaimStatement = {
  id: "G1",
  title: "Structured profiles concentrate gradients on hubs",
  paper: "Structured profiles concentrate gradients on hub neurons 2–5×; random masks about 1×.",
  hypothesis: `At ${percent(mainSparsity)}, at the end of training, the top decile by fan-in gets more gradient than the rest where fan-in CV is 1 (${list(unevenStructures)}), and does not in random masks.`,
  test: `Hubs over the rest, geometric mean over structures and sparse layers, 95 % t interval over ${gridSeeds} seeds (of logarithms). Raw: the neurons' L2 norm and sum of gradients, which grow with fan-in by themselves. Substantive: mean |∂L/∂w|, which does not.`,
  margin: `Raw: the ratio of L2 norm or that of sum in ${concentratedRange.join("–")} for the uneven structures, with random's over its own null in ${evenRange.join("–")}. Substantive: the lower end for mean |∂L/∂w| above ${substantialRatio}. Reproduced: both on every data set; partly: one of them on at least one; else not reproduced.`,
  amended:
    "Raw asked for both ratios in 2–5 and both of random's, raw, in 0.8–1.25; substantive counted only where raw held. On all data sets that cannot pass: the few units by which a random mask's fan-ins differ give its sum a null of 1.25 to 1.49. The paper names no statistic, so either may hold now, random is held against its null, and substantive is judged by itself. By the rule before, the verdict under plain was not reproduced.",
  limits:
    "The paper does not say which statistic it takes. Gradients are those of the first 1024 training examples; where training has fitted them, little is left to share out.",
  whatWouldChange: "The paper's definition of a neuron's gradient; one that leaves fan-in out and still finds 2–5×.",
  notebook: "4-gradients",
  command: "npm run psn -- run static",
};

/** G1: gradients concentrate on hubs. */
export const g1: Claim = { statement, protocols: ["plain", "tuned"], judge };

/** Uneven structures against random at the end of training, at 90 %: a row for each data set and statistic. */
export function hierarchyRows(runs: readonly PaperRun[]): HierarchyRow[] {
  const cells = mainCells(runs);
  const keys = [...new Set(cells.map(({ protocol, dataset }) => JSON.stringify([protocol, dataset])))];
  return keys.flatMap((key) => {
    const [protocol, dataset] = JSON.parse(key) as [Protocol, string];
    const own = cells.filter((cell) => cell.protocol === protocol && cell.dataset === dataset);
    const uneven = own.filter(({ label }) => unevenStructures.includes(label));
    const random = own.filter(({ label }) => label === "random");
    if (uneven.length === 0 || random.length === 0) return [];
    return (["l2", "sum", "mean"] as const).map((statistic) => {
      return { protocol, dataset, statistic, uneven: atEnd(uneven, statistic), random: atEnd(random, statistic) };
    });
  });
}

function mainCells(runs: readonly PaperRun[]): Cell[] {
  return cellsOf(runs, ["static"]).filter(({ sparsity }) => sparsity === mainSparsity);
}

function atEnd(cells: readonly Cell[], statistic: GradientStatistic): Concentration {
  const epoch = epochsOf(cells[0]).slice(-1)[0] ?? 0;
  return concentrationOf(
    cells.flatMap((cell) => cell.runs),
    { layer: null, epoch, statistic },
  );
}

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const labels = ["random", ...unevenStructures];
  const wanted = { datasets: paperDatasets, sparsities: [mainSparsity], labels, seeds: gridSeeds };
  const missing = missingRuns(cellsOf(runs, ["static"]), [wanted]);
  const rows = hierarchyRows(runs);
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  const of = (dataset: string): HierarchyRow[] => rows.filter((row) => row.dataset === dataset);
  const findings = [...datasets.map((dataset) => describe(dataset, of(dataset))), ...overTime(runs)];
  const estimates = rows.flatMap(estimatesOf);
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const raw = datasets.filter((dataset) => isRaw(of(dataset)));
  const substantive = datasets.filter((dataset) => isSubstantive(of(dataset)));
  const isAll = [raw, substantive].every(({ length }) => length === datasets.length);
  const verdict: Verdict = isAll ? "reproduced" : raw.length + substantive.length > 0 ? "partly" : "not reproduced";
  const across = (statistic: GradientStatistic, of: (row: HierarchyRow) => number): string =>
    range(rows.filter((row) => row.statistic === statistic).map(of), 2, "–");
  const headline =
    `L2 norm ${across("l2", ({ uneven }) => uneven.raw)}×, sum ${across("sum", ({ uneven }) => uneven.raw)}× ` +
    `(random over its null ${across("l2", ({ random }) => random.overNull)}× and ${across("sum", ({ random }) => random.overNull)}×); ` +
    `mean |∂L/∂w| ${across("mean", ({ uneven }) => uneven.raw)}×; raw on ${datasetList(raw)}, ` +
    `substantive on ${datasetList(substantive)}; n = ${gridSeeds}`;
  return { protocol, verdict, headline, findings, estimates, missing };
}

function isRaw(rows: readonly HierarchyRow[]): boolean {
  return rawStatistics(rows).length > 0;
}

/** By which statistics the raw claim holds. */
function rawStatistics(rows: readonly HierarchyRow[]): string[] {
  return rows
    .filter(({ statistic }) => statistic !== "mean")
    .filter(({ uneven, random }) => isWithin(uneven.raw, concentratedRange) && isWithin(random.overNull, evenRange))
    .map(({ statistic }) => (statistic === "l2" ? "L2 norm" : "sum"));
}

function isSubstantive(rows: readonly HierarchyRow[]): boolean {
  return rows.some(({ statistic, uneven }) => statistic === "mean" && uneven.rawLow > substantialRatio);
}

function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

function describe(dataset: string, rows: readonly HierarchyRow[]): string {
  const parts = rows.map(({ statistic, uneven, random }) => {
    if (statistic === "mean") return `mean |∂L/∂w| ${ratioText(uneven)}, random ${ratioText(random)}`;
    const name = statistic === "l2" ? "L2 norm" : "sum";
    return `${name} ${ratioText(uneven)} where the null gives ${plain(uneven.null)} (raw/null ${plain(uneven.overNull)} [${plain(uneven.overNullLow)}, ${plain(uneven.overNullHigh)}]), random ${ratioText(random)} (null ${plain(random.null)}, raw/null ${plain(random.overNull)})`;
  });
  const raw = isRaw(rows) ? `holds by ${list(rawStatistics(rows))}` : "does not hold";
  return `${datasetLabel(dataset)}: the raw claim ${raw}, mean |∂L/∂w| is ${substance(rows)}: ${parts.join("; ")}; ${count(rows[0].uneven.n, "seed")}.`;
}

/** Where the interval of the substantive ratio lies. */
function substance(rows: readonly HierarchyRow[]): string {
  if (isSubstantive(rows)) return `surely above ${substantialRatio}`;
  const isBelow = rows.some(({ statistic, uneven }) => statistic === "mean" && uneven.rawHigh <= substantialRatio);
  return isBelow ? `surely not above ${substantialRatio}` : `not surely above ${substantialRatio}`;
}

/** Where the mean |∂L/∂w| of the uneven structures stood highest during training. */
function overTime(runs: readonly PaperRun[]): string[] {
  const cells = mainCells(runs).filter(({ label }) => unevenStructures.includes(label));
  return [...new Set(cells.map(({ dataset }) => dataset))].flatMap((dataset) => {
    const own = cells.filter((cell) => cell.dataset === dataset);
    const members = own.flatMap((cell) => cell.runs);
    const course = epochsOf(own[0]).map((epoch) => {
      return { epoch, ...concentrationOf(members, { layer: null, epoch, statistic: "mean" }) };
    });
    if (course.length === 0) return [];
    const top = course.reduce((a, b) => (b.raw > a.raw ? b : a));
    return [
      `${datasetLabel(dataset)}: mean |∂L/∂w| of hubs over the rest is ${plain(course[0].raw)} before training, highest after ${count(top.epoch, "epoch")} at ${ratioText(top)}, and ${plain(course[course.length - 1].raw)} at the end.`,
    ];
  });
}

function ratioText({ raw, rawLow, rawHigh }: Concentration): string {
  return `${plain(raw)}× [${plain(rawLow)}, ${plain(rawHigh)}]`;
}

function estimatesOf({ dataset, statistic, uneven, random }: HierarchyRow): ClaimEstimate[] {
  const name = { mean: "mean |∂L/∂w|", l2: "L2 norm", sum: "sum of |∂L/∂w|" }[statistic];
  const raw = (who: string, { raw, rawLow, rawHigh, n }: Concentration): ClaimEstimate => {
    const quantity = `${datasetLabel(dataset)}: ${name}, hubs over the rest, ${who}`;
    return { quantity, unit: "ratio", estimate: raw, low: rawLow, high: rawHigh, n, p: null };
  };
  const [structured, even] = [raw("CV 1", uneven), raw("random", random)];
  if (statistic === "mean") return [{ ...structured, sides: [side("random", random.raw)] }, even];
  const { overNull, overNullLow, overNullHigh, n } = uneven;
  const sides = [side("raw", uneven.raw), side("null", uneven.null)];
  const quantity = `${datasetLabel(dataset)}: ${name} over its null, CV 1`;
  const left = { quantity, unit: "ratio", estimate: overNull, low: overNullLow, high: overNullHigh, n, p: null, sides };
  return [structured, even, left];
}
