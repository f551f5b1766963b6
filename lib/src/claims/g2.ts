import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, type Protocol, paperDatasets } from "../experiments/protocol";
import { datasetLabel, distinct, percent } from "../figures/estimate";
import { clusteredCorrelation, fewestClusters } from "../statistics/clustered-correlation";
import { pearson } from "../statistics/correlation";
import { partialCorrelation } from "../statistics/partial-correlation";
import { cellsOf, missingRuns, type Wanted } from "./cells";
import {
  type Claim,
  type ClaimEstimate,
  type ClaimStatement,
  notTestable,
  type ProtocolResult,
  side,
  type Verdict,
} from "./claim";
import { type ConcentrationRow, concentrationRows, type GradientStatistic } from "./concentration";
import { count, datasetList, list, plain } from "./format";
import { cvProfiles, largestCv, staticStructures } from "./structures";

/** From which r on the CV counts as a predictor of the raw ratio. */
export const strongCorrelation = 0.8;

/** What the lower end of r with raw/null must exceed for more than the null to be predicted. */
export const substantialCorrelation = 0.5;

/** What fan-in CV is correlated with. */
export type Predicted = "raw" | "null" | "raw/null" | "raw given null";

/** Pearson's r over structures between fan-in CV and gradient concentration at the end of training. */
export interface CvCorrelationRow {
  readonly protocol: Protocol;
  /** Null for the structures of all data sets together. */
  readonly dataset: string | null;
  readonly statistic: GradientStatistic;
  readonly with: Predicted;
  readonly r: number;
  /**
   * 95 %: Fisher's; over all data sets, where a structure comes more than once, by bootstrap over structures, and NaN
   * for too few of them.
   */
  readonly low: number;
  readonly high: number;
  /** Number of structures: what varies, and what the interval is over. */
  readonly n: number;
  /** Number of data sets that they are on. */
  readonly datasets: number;
}

const statement: ClaimStatement = {
  id: "G2",
  title: "Fan-in CV predicts the gradient hierarchy",
  paper: "Fan-in CV predicts the strength of the gradient hierarchy, r = 0.93.",
  hypothesis: `At ${percent(mainSparsity)}, over the structures of the static and cv grids, fan-in CV correlates with the concentration of gradients on hubs, beyond what uneven fan-ins give by themselves.`,
  test: `Pearson's r over structures (means over ${gridSeeds} seeds and sparse layers at the end of training) of fan-in CV with the raw ratios of L2 norm and sum, with their mechanical null, with raw/null, and with mean |∂L/∂w|; Fisher's 95 % interval on a data set, by bootstrap over structures where all are taken together.`,
  margin: `On a data set, raw: r at least ${strongCorrelation} for L2 norm and sum; beyond the null: the lower end of r with raw/null above ${substantialCorrelation} for both. Reproduced: both on every data set; partly: raw on at least one; else not reproduced.`,
  amended:
    'Wording alone: partly read "raw on at least one, which the null explains", which the rule never asked. Rule and verdicts are as they were.',
  limits:
    "Structures are what varies, so the interval speaks of these families, not of networks. Under tuned the cv grid is not run: the CVs end at 1 there.",
  whatWouldChange: "Raw/null rising with CV in structures that have windows and in such as do not.",
  notebook: "4-gradients",
  command: "npm run psn -- run static cv",
};

/** G2: CV predicts concentration. */
export const g2: Claim = { statement, protocols: ["plain", "tuned"], judge };

/**
 * Fan-in CV against gradient concentration at 90 %, data set by data set and over all of them.
 *
 * @param structures these alone; all when not given
 */
export function cvCorrelationRows(runs: readonly PaperRun[], structures?: readonly string[]): CvCorrelationRow[] {
  const chosen = structures === undefined ? runs : runs.filter(({ label }) => structures.includes(label));
  const points = concentrationRows(chosen).filter(
    ({ sparsity, layer, raw, cv }) =>
      sparsity === mainSparsity && layer === null && Number.isFinite(raw) && Number.isFinite(cv),
  );
  return [...new Set(points.map(({ protocol }) => protocol))].flatMap((protocol) => {
    const own = points.filter((point) => point.protocol === protocol);
    const datasets = [...new Set(own.map(({ dataset }) => dataset))];
    const perDataset = datasets.flatMap((dataset) =>
      correlations(
        own.filter((point) => point.dataset === dataset),
        dataset,
      ),
    );
    return datasets.length < 2 ? perDataset : [...perDataset, ...correlations(own, null)];
  });
}

function correlations(points: readonly ConcentrationRow[], dataset: string | null): CvCorrelationRow[] {
  const quantities = (["raw", "null", "raw/null", "raw given null"] as const).flatMap((predicted) =>
    (["l2", "sum"] as const).map((statistic) => [predicted, statistic] as const),
  );
  return [...quantities, ["raw", "mean"] as const].map(([predicted, statistic]) => {
    const own = points.filter((point) => point.statistic === statistic);
    const { r, interval } = correlate(own, predicted, dataset === null);
    const { protocol } = points[0];
    const [n, datasets] = [own.map(({ structure }) => structure), own.map((point) => point.dataset)].map(
      (names) => distinct(names).length,
    );
    return { protocol, dataset, statistic, with: predicted, r, low: interval.low, high: interval.high, n, datasets };
  });
}

/** Enough for an interval that no verdict rests on. */
const RESAMPLES = 2_000;

function correlate(
  points: readonly ConcentrationRow[],
  predicted: Predicted,
  pooled: boolean,
): { r: number; interval: { low: number; high: number } } {
  const cv = points.map((point) => point.cv);
  const none = points.map((point) => point.null);
  const raw = points.map((point) => point.raw);
  const given = predicted === "raw given null" ? none : undefined;
  const overNull = points.map((point) => point.overNull);
  const values = { raw, null: none, "raw/null": overNull, "raw given null": raw }[predicted];
  const structures = points.map(({ structure }) => structure);
  if (pooled && distinct(structures).length >= fewestClusters) {
    return clusteredCorrelation(cv, values, structures, { resamples: RESAMPLES, given });
  }
  const found = given === undefined ? pearson(cv, values) : partialCorrelation(cv, values, given);
  return pooled ? { ...found, interval: { low: Number.NaN, high: Number.NaN } } : found;
}

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const missing = missingRuns(cellsOf(runs, ["static", "cv"]), wanted(protocol));
  const rows = cvCorrelationRows(runs);
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  const of = (dataset: string | null): CvCorrelationRow[] => rows.filter((row) => row.dataset === dataset);
  const findings = [...datasets.map((dataset) => describe(dataset, of(dataset))), ...describeReadings(rows)];
  const structures = structuresOf(protocol);
  const shared = structures === staticStructures ? rows : cvCorrelationRows(runs, staticStructures);
  const estimates = [...rows.map((row) => estimateOf(row)), ...comparedEstimates(shared)];
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const scope = `${count(structures.length, "structure")} with CVs up to ${largestCv(structures)}`;
  return { protocol, ...outcomeOf(rows), findings, estimates, missing, scope, onShared: told(outcomeOf(shared)) };
}

interface Outcome {
  readonly verdict: Verdict;
  readonly headline: string;
}

function outcomeOf(rows: readonly CvCorrelationRow[]): Outcome {
  const of = (dataset: string | null): CvCorrelationRow[] => rows.filter((row) => row.dataset === dataset);
  const raw = paperDatasets.filter((dataset) => isRaw(of(dataset)));
  const both = raw.filter((dataset) => isBeyondNull(of(dataset)));
  const verdict: Verdict =
    both.length === paperDatasets.length ? "reproduced" : raw.length > 0 ? "partly" : "not reproduced";
  const pooled = of(null);
  const text = (predicted: Predicted, statistic: GradientStatistic): string =>
    rText(pick(pooled, predicted, statistic));
  const headline =
    `all data sets together: r = ${text("raw", "l2")} raw (L2), ${text("raw", "sum")} (sum); null alone ` +
    `${text("null", "l2")} (L2); raw/null ${text("raw/null", "l2")} (L2), ${text("raw/null", "sum")} (sum); mean |∂L/∂w| ` +
    `${text("raw", "mean")}; raw on ${datasetList(raw)}, beyond the null on ${datasetList(both)}; n = ${numberOf(pooled)}`;
  return { verdict, headline };
}

function told({ verdict, headline }: Outcome): string {
  return `${verdict} (${headline})`;
}

function estimateOf({ dataset, with: predicted, statistic, r, low, high, n }: CvCorrelationRow): ClaimEstimate {
  const quantity = `${nameOf(dataset)}: CV and ${predicted} (${statistic})`;
  return { quantity, unit: "r", estimate: r, low, high, n, p: null };
}

/** Numbers that protocols are compared by: of all data sets together, over the structures that both protocols have. */
function comparedEstimates(shared: readonly CvCorrelationRow[]): ClaimEstimate[] {
  const pooled = shared.filter(({ dataset }) => dataset === null);
  return pooled
    .filter((row) => row.with === "raw" || row.with === "raw/null")
    .map((row) => {
      const { quantity, ...own } = estimateOf(row);
      const none = pooled.filter((other) => other.with === "null" && other.statistic === row.statistic);
      const sides = none.map(({ r }) => side("r of the null alone", r));
      return { ...own, quantity: `${quantity}, CVs up to ${largestCv(staticStructures)}`, sides };
    });
}

function structuresOf(protocol: Protocol): readonly string[] {
  return protocol === "plain" ? [...new Set([...staticStructures, ...cvProfiles])] : staticStructures;
}

function wanted(protocol: Protocol): Wanted[] {
  const labels = structuresOf(protocol);
  return [{ datasets: paperDatasets, sparsities: [mainSparsity], labels, seeds: gridSeeds }];
}

function isRaw(rows: readonly CvCorrelationRow[]): boolean {
  return (["l2", "sum"] as const).every((statistic) => pick(rows, "raw", statistic).r >= strongCorrelation);
}

function isBeyondNull(rows: readonly CvCorrelationRow[]): boolean {
  return (["l2", "sum"] as const).every((statistic) => pick(rows, "raw/null", statistic).low > substantialCorrelation);
}

function pick(rows: readonly CvCorrelationRow[], predicted: Predicted, statistic: GradientStatistic): CvCorrelationRow {
  return rows.find((row) => row.with === predicted && row.statistic === statistic)!;
}

function describe(dataset: string | null, rows: readonly CvCorrelationRow[]): string {
  const parts = (["l2", "sum"] as const).map((statistic) => {
    const text = (predicted: Predicted): string => rText(pick(rows, predicted, statistic));
    return `${nameOfStatistic(statistic)} r = ${text("raw")} raw, ${text("null")} for the null alone, ${text("raw/null")} for raw/null, ${text("raw given null")} given the null`;
  });
  return `${nameOf(dataset)}: ${parts.join("; ")}; mean |∂L/∂w| ${rText(pick(rows, "raw", "mean"))}; ${numberOf(rows)}.`;
}

/** "25 structures", "25 structures on 4 data sets" */
function numberOf(rows: readonly CvCorrelationRow[]): string {
  const { dataset, n, datasets } = pick(rows, "raw", "l2");
  return `${count(n, "structure")}${dataset === null ? ` on ${count(datasets, "data set")}` : ""}`;
}

/** The data sets on which the two readings of "beyond the null" disagree; nothing where there are none. */
function describeReadings(rows: readonly CvCorrelationRow[]): string[] {
  const parts = (["l2", "sum"] as const).flatMap((statistic) => {
    const places = distinct(rows.map(({ dataset }) => dataset)).flatMap((dataset) => {
      if (dataset === null) return [];
      const own = rows.filter((row) => row.dataset === dataset);
      const [over, given] = [pick(own, "raw/null", statistic), pick(own, "raw given null", statistic)];
      return signOf(over) * signOf(given) < 0
        ? [`${datasetLabel(dataset)} (${plain(over.r)} and ${plain(given.r)})`]
        : [];
    });
    return places.length === 0 ? [] : [`for the ${nameOfStatistic(statistic)} on ${list(places)}`];
  });
  if (parts.length === 0) return [];
  return [
    `Two readings of "beyond the null" disagree: r with raw/null and r of raw given the null surely have opposite signs ${list(parts)}. The verdict rests on raw/null.`,
  ];
}

/** The sign of r, 0 where its interval does not leave 0 out. */
function signOf({ low, high }: CvCorrelationRow): number {
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}

function nameOfStatistic(statistic: "l2" | "sum"): string {
  return statistic === "l2" ? "L2 norm" : "sum";
}

function nameOf(dataset: string | null): string {
  return dataset === null ? "All data sets" : datasetLabel(dataset);
}

function rText({ r, low, high }: CvCorrelationRow): string {
  return `${plain(r)} [${plain(low)}, ${plain(high)}]`;
}
