import type { PaperRun } from "../experiments/part";
import { mainSparsity, matchedSeeds, type Protocol, paperDatasets } from "../experiments/protocol";
import { datasetLabel, percent } from "../figures/estimate";
import { equivalenceToZero } from "../statistics/equivalence";
import { holm } from "../statistics/holm";
import { signFlip } from "../statistics/sign-flip";
import { transplantKeeps } from "../topology/transplant";
import { besides, type Cell, cellsOf, differenceOf, missingRuns, pairedDifference, pairsOf } from "./cells";
import {
  type Claim,
  type ClaimEstimate,
  type ClaimStatement,
  notTestable,
  type ProtocolResult,
  type Verdict,
} from "./claim";
import { adjustedText, count, datasetList, estimateText, pText, range } from "./format";
import { alpha } from "./margins";

/** H1: what arbitrary hubs may gain over ERK and count as nothing, in percentage points. */
export const arbitraryMargin = 0.2;

/** Differences of the transplant test, and what each says. The first two and the third are judged. */
const contrasts: readonly { readonly of: string; readonly over: string; readonly what: string }[] = [
  { of: "masks", over: "ERK", what: "all that RigL's masks give a static network" },
  { of: "masks", over: "fan-ins", what: "placement, beyond the sizes of hubs" },
  { of: "fan-ins", over: "ERK", what: "sizes of hubs alone, placed at random" },
  { of: "masks", over: "degrees", what: "which inputs meet in one neuron" },
  { of: "degrees", over: "fan-ins", what: "which inputs are used at all" },
  { of: "uncoupled", over: "ERK", what: "each layer's mask, not fitted to the next" },
  { of: "degrees", over: "ERK", what: "sizes of hubs, and which inputs are used" },
  { of: "fan-outs", over: "ERK", what: "used inputs alone, without hubs" },
  { of: "masks", over: "uncoupled", what: "coupling of hubs from layer to layer" },
  { of: "RigL", over: "masks", what: "moving connections during training" },
  { of: "RigL", over: "ERK", what: "RigL itself" },
];

/** One difference of the transplant test on one data set at 90 % (percentage points, last epoch), paired by seed. */
export interface TransplantRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  /** "masks − ERK" */
  readonly contrast: string;
  /** "masks" */
  readonly network: string;
  /** "ERK" */
  readonly baseline: string;
  readonly what: string;
  readonly mean: number;
  /** 95 % t interval. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Two-sided paired t. */
  readonly p: number;
  /** Holm-adjusted where the difference is one of those that must be above 0; else null. */
  readonly adjustedP: number | null;
  /** Exact sign-flip, two-sided; and Holm-adjusted likewise. */
  readonly signFlipP: number;
  readonly adjustedSignFlipP: number | null;
  /** Upper end of the 90 % interval, and whether the difference lies within ±{@link arbitraryMargin} by two one-sided tests. */
  readonly high90: number;
  readonly equivalence: "equivalent" | "different" | "inconclusive";
}

const statement: ClaimStatement = {
  id: "H1",
  title: "Which neurons become hubs matters more than how large they are",
  paper:
    "Which neurons become hubs matters more than how much fan-in varies: random hub placement gives nothing, optimisation-driven placement does (qualitative).",
  hypothesis: `At ${percent(mainSparsity)}, static networks on RigL's final masks beat ERK masks and RigL's fan-ins with inputs drawn anew; the latter do not beat ERK, and gain less over it than masks do over them.`,
  test: `Static networks with fresh weights, equal connections in each layer, n = ${matchedSeeds} seeds, last epoch, paired by seed: two-sided paired t of masks − ERK and masks − fan-ins, Holm over both on all data sets (the exact sign-flip test, Holm likewise, stands beside it and is no part of the rule); fan-ins − ERK by the upper end of its 90 % interval (one-sided 5 %, a part of the two one-sided tests of ±${arbitraryMargin} pp). "Matters more": (masks − fan-ins) − (fan-ins − ERK), two-sided paired t, unadjusted, for it is only asked in addition.`,
  margin: `${arbitraryMargin} pp. Reproduced: on every data set masks − ERK and masks − fan-ins above 0 (adjusted p < ${alpha}), fan-ins − ERK below ${arbitraryMargin} pp, and the first step larger than the second (p < ${alpha}); partly: masks − ERK and masks − fan-ins above 0 on at least one data set; else not reproduced.`,
  amended:
    "At first masks − ERK above 0 on one data set was enough for partly, which says nothing of placement, and nothing tested that placement matters more than size. Now partly needs masks − fan-ins above 0 there too, and reproduced needs the difference of the two steps. Before, the verdict under plain was partly. The sign-flip test came beside the paired t later; the rule is as it was.",
  limits:
    "A neuron's index means nothing by itself: placement is which inputs are used, which meet in one neuron, and which hubs feed which. Fan-ins are redrawn with inputs chosen evenly, which also takes away that RigL uses some inputs more; the chain's step degrees − fan-ins says how much.",
  whatWouldChange: "Arbitrary hubs of some size that gain more than the margin over ERK in static networks.",
  notebook: "6-hubs",
  command: "npm run psn -- run hubs",
};

/** H1: hub placement. */
export const h1: Claim = { statement, protocols: ["plain"], judge };

/** Every difference of the transplant test on every data set, at 90 %. */
export function transplantRows(runs: readonly PaperRun[]): TransplantRow[] {
  const cells = cellsOf(runs, ["hubs"]).filter(({ sparsity }) => sparsity === mainSparsity);
  const places = [...new Map(cells.map((cell) => [`${cell.protocol} ${cell.dataset}`, cell])).values()];
  const rows = places.flatMap((place) => {
    const own = cells.filter(({ protocol, dataset }) => protocol === place.protocol && dataset === place.dataset);
    return contrasts.flatMap((contrast) => transplantRow(own, contrast));
  });
  return [...new Set(rows.map(({ protocol }) => protocol))].flatMap((protocol) =>
    adjusted(rows.filter((row) => row.protocol === protocol)),
  );
}

function transplantRow(cells: readonly Cell[], { of, over, what }: (typeof contrasts)[number]): TransplantRow[] {
  const [cell, baseline] = [of, over].map((name) => cells.find(({ label }) => label === name));
  const found = differenceOf(baseline, cell);
  if (cell === undefined || baseline === undefined || found === null || found.n < 2) return [];
  const { a, b } = pairsOf(baseline, cell);
  const bounds = equivalenceToZero(
    b.map((value, i) => value - a[i]),
    { margin: arbitraryMargin },
  );
  const { protocol, dataset, sparsity } = cell;
  const { mean, low, high, n, p } = found;
  const place = { protocol, dataset, sparsity, contrast: `${of} − ${over}`, network: of, baseline: over, what };
  const tests = { p, adjustedP: null, signFlipP: signFlip(a, b), adjustedSignFlipP: null };
  return [{ ...place, mean, low, high, n, ...tests, high90: bounds.interval.high, equivalence: bounds.verdict }];
}

/** How much larger the step from fan-ins to masks is than that from ERK to fan-ins, on one data set at 90 %, in percentage points. */
export interface StepRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  /** (masks − fan-ins) − (fan-ins − ERK), paired by seed, with its 95 % t interval. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Two-sided paired t. */
  readonly p: number;
}

/** Placement against size of hubs, on every data set at 90 %; of data sets with two seeds or more of all three networks. */
export function stepRows(runs: readonly PaperRun[]): StepRow[] {
  const cells = cellsOf(runs, ["hubs"]).filter(({ sparsity }) => sparsity === mainSparsity);
  return cells.flatMap((masks) => {
    const [fanIns, erk] = ["fan-ins", "ERK"].map((label) => besides(cells, masks, label));
    if (masks.label !== "masks" || fanIns === undefined || erk === undefined) return [];
    const [size, placement] = [gainsBySeed(erk, fanIns), gainsBySeed(fanIns, masks)];
    const seeds = [...size.keys()].filter((seed) => placement.has(seed));
    if (seeds.length < 2) return [];
    const of = (gains: ReadonlyMap<number, number>): number[] => seeds.map((seed) => gains.get(seed)!);
    const { mean, low, high, n, p } = pairedDifference(of(size), of(placement));
    return [{ protocol: masks.protocol, dataset: masks.dataset, mean, low, high, n, p }];
  });
}

function gainsBySeed(baseline: Cell, cell: Cell): Map<number, number> {
  const { seeds, a, b } = pairsOf(baseline, cell);
  return new Map(seeds.map((seed, i) => [seed, b[i] - a[i]]));
}

const tested: readonly string[] = ["masks − ERK", "masks − fan-ins"];

function adjusted(rows: readonly TransplantRow[]): TransplantRow[] {
  const family = rows.filter(({ contrast }) => tested.includes(contrast));
  const p = holm(family.map((row) => row.p));
  const signFlipP = holm(family.map((row) => row.signFlipP));
  return rows.map((row) => {
    const at = family.indexOf(row);
    return at < 0 ? row : { ...row, adjustedP: p[at], adjustedSignFlipP: signFlipP[at] };
  });
}

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const labels = ["RigL", "ERK", ...transplantKeeps];
  const missing = missingRuns(cellsOf(runs, ["hubs"]), [
    { datasets: paperDatasets, sparsities: [mainSparsity], labels, seeds: matchedSeeds },
  ]);
  const rows = transplantRows(runs);
  const datasets = [...new Set(rows.map(({ dataset }) => dataset))];
  const of = (dataset: string): TransplantRow[] => rows.filter((row) => row.dataset === dataset);
  const steps = stepRows(runs);
  const findings = [...datasets.flatMap((dataset) => describe(dataset, of(dataset))), ...describeSteps(steps)];
  const estimates = [
    ...rows.map((row) => estimateOf(row, row.contrast, row.adjustedP)),
    ...steps.map((row) => estimateOf(row, stepName, row.p)),
  ];
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const learned = datasets.filter((dataset) => isAbove(of(dataset), "masks − ERK"));
  const placed = datasets.filter((dataset) => isAbove(of(dataset), "masks − fan-ins"));
  const arbitrary = datasets.filter((dataset) => isNothing(of(dataset)));
  const more = steps.filter(isMore).map(({ dataset }) => dataset);
  const some = learned.filter((dataset) => placed.includes(dataset));
  const all = some.filter((dataset) => arbitrary.includes(dataset) && more.includes(dataset));
  const verdict: Verdict =
    all.length === datasets.length ? "reproduced" : some.length > 0 ? "partly" : "not reproduced";
  const across = (contrast: string): string => between(rows.filter((row) => row.contrast === contrast));
  const headline =
    `masks − ERK ${across("masks − ERK")} pp, above 0 on ${datasetList(learned)}; masks − fan-ins ` +
    `${across("masks − fan-ins")} pp, above 0 on ${datasetList(placed)}; fan-ins − ERK ${across("fan-ins − ERK")} pp, ` +
    `nothing on ${datasetList(arbitrary)}; placement over size ${between(steps)} pp, more on ${datasetList(more)}; n = ${matchedSeeds}`;
  return { protocol, verdict, headline, findings, estimates, missing };
}

const stepName = "(masks − fan-ins) − (fan-ins − ERK)";

function estimateOf(
  { dataset, mean, low, high, n }: TransplantRow | StepRow,
  name: string,
  p: number | null,
): ClaimEstimate {
  return { quantity: `${datasetLabel(dataset)}: ${name}`, unit: "pp", estimate: mean, low, high, n, p };
}

/** "−0.05 to 0.39" */
function between(rows: readonly { readonly mean: number }[]): string {
  return range(rows.map(({ mean }) => mean));
}

/** Whether placement surely gives more than size. */
function isMore({ mean, p }: StepRow): boolean {
  return mean > 0 && p < alpha;
}

function describeSteps(steps: readonly StepRow[]): string[] {
  if (steps.length === 0) return [];
  const parts = steps.map((row) => `${datasetLabel(row.dataset)} ${estimateText(row)}`);
  const more = steps.filter(isMore).length;
  return [
    `Does placement matter more than size? ${stepName} is surely above 0 on ${more} of ${count(steps.length, "data set")}: ${parts.join("; ")}.`,
  ];
}

const judgedContrasts: readonly string[] = [...tested, "fan-ins − ERK"];

function isAbove(rows: readonly TransplantRow[], contrast: string): boolean {
  return rows.some(
    (row) => row.contrast === contrast && row.mean > 0 && row.adjustedP !== null && row.adjustedP < alpha,
  );
}

/** The estimate with its p; of one that must be above 0 with those of both tests, adjusted. */
function testsText(row: TransplantRow): string {
  if (row.adjustedSignFlipP === null) return estimateText(row);
  return `${adjustedText(row)} (sign-flip Holm ${pText(row.adjustedSignFlipP)})`;
}

/** Whether arbitrary hubs of the learned sizes gain less than the margin. */
function isNothing(rows: readonly TransplantRow[]): boolean {
  return rows.some(({ contrast, high90 }) => contrast === "fan-ins − ERK" && high90 < arbitraryMargin);
}

function describe(dataset: string, rows: readonly TransplantRow[]): string[] {
  const text = (judged: boolean): string =>
    rows
      .filter(({ contrast }) => judgedContrasts.includes(contrast) === judged)
      .map((row) => `${row.contrast} (${row.what}) ${testsText(row)}`)
      .join("; ");
  const beside = `${datasetLabel(dataset)}, beside the test: ${text(false)}.`;
  if (!judgedContrasts.every((judged) => rows.some(({ contrast }) => contrast === judged))) return [beside];
  const learned = isAbove(rows, "masks − ERK") ? "learned masks gain" : "learned masks show no sure gain";
  const arbitrary = isNothing(rows)
    ? `arbitrary hubs gain less than ${arbitraryMargin} pp`
    : `arbitrary hubs may gain ${arbitraryMargin} pp or more`;
  const placed = isAbove(rows, "masks − fan-ins") ? "placement counts" : "placement is not shown to count";
  const tost = rows.find(({ contrast }) => contrast === "fan-ins − ERK")!;
  const bound = ` Two one-sided tests of fan-ins − ERK within ±${arbitraryMargin} pp: ${tost.equivalence} (two-sided ${pText(tost.p)}).`;
  return [`${datasetLabel(dataset)}: ${learned}, ${arbitrary}, ${placed}: ${text(true)}.${bound}`, beside];
}
