import { cvSparsities } from "../experiments/grids/cv";
import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, type Protocol, paperDatasets, sparsityLevels } from "../experiments/protocol";
import { datasetLabel, percent } from "../figures/estimate";
import { studentCritical } from "../statistics/distributions";
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
import { adjustedText, count, list, plain } from "./format";
import { alpha, gainMargin, settlingGain } from "./margins";
import { type Comparison, type GainRow, gainRows } from "./s2-gains";
import { togetherRows } from "./s2-together";
import { cvProfiles, largestCv, staticStructures } from "./structures";

const statement: ClaimStatement = {
  id: "S2",
  title: "No static profile beats uniform random",
  paper:
    "No static profile has an advantage over uniform random: 80–99.9 % sparsity, eight families, lognormal and power law, fan-in CV 0 to 2.5.",
  hypothesis:
    "In no cell (data set × sparsity × profile) is the gain of a profile over random above 0; nor is it, like for like, over a structure with the same input rule and no profile.",
  test: `One-sided paired t of the gain in every cell, n = ${gridSeeds} seeds, last epoch; Holm over all cells of the protocol, as stated and like for like each a family. The exact sign-flip test is not used: of ${gridSeeds} pairs its one-sided p cannot go below 1/${2 ** gridSeeds}, so it could never pass in families of this size. Constant fan-in, in windows or scattered, is what profiles are held against; it and ERK, another budget, are no profiles and not judged.`,
  margin: `Adjusted p < ${alpha}; like for like also a mean gain above ${gainMargin} pp. Reproduced: no profile beats random, and none like for like; not reproduced: some beat random, and some do like for like; partly: one of the two.`,
  amended:
    "Constant fan-in was judged as if it were a profile; its CV is 0, so it now is a baseline only. By the rule before, the verdict under plain was not reproduced: 28 of 360 cells as stated, and like for like a single one of 360, constant fan-in with scattered inputs over random. And after some of the runs on Fashion-MNIST, profiles that a thin layer makes constant fan-in again were left out of Holm's families.",
  limits: `Like for like: profiles in windows against constant fan-in in windows; scattered ones against random and against constant fan-in, scattered. With ${gridSeeds} seeds and so many cells only large gains pass Holm's first step; how large is said beside the result. Where a layer cannot have a CV, the nearest stands in for it; where no layer can be but even, a profile is constant fan-in again and left out.`,
  whatWouldChange: `A static profile with arbitrary hubs that gains more than ${settlingGain} pp at ${percent(mainSparsity)} over a structure with the same input rule.`,
  notebook: "2-static",
  command: "npm run psn -- run static cv",
};

/** S2: no profile beats random. */
export const s2: Claim = { statement, protocols: ["plain", "tuned"], judge };

const comparisons: readonly Comparison[] = ["as stated", "like for like"];

/** A gain counts as an advantage: as stated where it beats random, like for like where it is also large enough. */
function isAdvantage({ beats, comparison, mean }: GainRow): boolean {
  return beats && (comparison === "as stated" || mean > gainMargin);
}

function wanted(protocol: Protocol): Wanted[] {
  const labels = staticStructures.filter((label) => label !== "ERK");
  const grid = { datasets: paperDatasets, sparsities: sparsityLevels[protocol], labels, seeds: gridSeeds };
  if (protocol === "tuned") return [grid];
  const beyond = cvProfiles.filter((label) => !labels.includes(label));
  return [grid, { datasets: paperDatasets, sparsities: cvSparsities, labels: beyond, seeds: gridSeeds }];
}

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const missing = missingRuns(cellsOf(runs, ["static", "cv"]), wanted(protocol));
  const rows = gainRows(runs).filter(({ n }) => n > 1);
  const own = byComparison(rows);
  const findings = comparisons.flatMap((comparison, i) => [
    ...describe(comparison, own[i]),
    ...describeTogether(comparison, runs),
  ]);
  const estimates = [...own.flatMap(foremost).map(estimateOf), ...togetherEstimates(runs)];
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const { verdict, wins } = outcomeOf(rows);
  const headline = [wins, ...own.flatMap(foremostText)].join("; ");
  return { protocol, verdict, headline, findings, estimates, missing, ...overShared(runs, protocol) };
}

/** Rows by comparison, in the order of {@link comparisons}. */
function byComparison(rows: readonly GainRow[]): GainRow[][] {
  return comparisons.map((comparison) => rows.filter((row) => row.comparison === comparison));
}

/** The verdict that gains give, and in how many cells profiles have an advantage. */
function outcomeOf(rows: readonly GainRow[]): { verdict: Verdict; wins: string } {
  const [stated, alike] = byComparison(rows);
  const [statedWins, alikeWins] = [stated.filter(isAdvantage).length, alike.filter(isAdvantage).length];
  const verdict =
    statedWins === 0 && alikeWins === 0 ? "reproduced" : statedWins > 0 && alikeWins > 0 ? "not reproduced" : "partly";
  const wins = `profiles beat random in ${statedWins} of ${stated.length} cells, like for like in ${alikeWins} of ${alike.length}`;
  return { verdict, wins };
}

/** What the verdict is over, and of plain what it would be over the cells of tuned alone, Holm's families theirs. */
function overShared(runs: readonly PaperRun[], protocol: Protocol): Pick<ProtocolResult, "scope" | "onShared"> {
  const levels = sparsityLevels[protocol].map((sparsity) => percent(sparsity));
  const profiles = protocol === "plain" ? [...staticStructures, ...cvProfiles] : staticStructures;
  const scope = `sparsities of ${list(levels)} and CVs up to ${largestCv(profiles)}`;
  if (protocol === "tuned") return { scope };
  const shared = runs.filter(
    ({ experiment, record }) => experiment === "static" && sparsityLevels.tuned.includes(record.config.sparsity),
  );
  const { verdict, wins } = outcomeOf(gainRows(shared).filter(({ n }) => n > 1));
  return { scope, onShared: `${verdict} (${wins})` };
}

function describe(comparison: Comparison, rows: readonly GainRow[]): string[] {
  if (rows.length === 0) return [];
  const opening = openings[comparison];
  const wins = rows.filter(isAdvantage);
  const unadjusted = rows.filter(({ p }) => p < alpha).length;
  const worse = rows.filter(({ high }) => high < 0).length;
  return [
    `${opening}: ${wins.length} of ${count(rows.length, "cell")} show an advantage${levels(rows)} (unadjusted p < ${alpha} in ${unadjusted}, where chance alone gives about ${Math.round(alpha * rows.length)}; the whole interval is below 0 in ${worse}).`,
    ...describeLargest(opening, rows),
    `${opening}: of the median cell, a gain must reach ${plain(detectable(rows))} pp to pass Holm's first step.`,
    settling(opening, rows),
    ...perDataset(opening, rows),
  ];
}

/** The largest advantage, where there is one, and the largest gain, where that is another. */
function describeLargest(opening: string, rows: readonly GainRow[]): string[] {
  return [...new Set([...foremost(rows), ...largest(rows)])].map(
    (row) => `${opening}: the ${nameOf(row)} is ${adjustedText(row)}: ${cellText(row)}.`,
  );
}

/** ", 2 at 90 % and 14 at 98 %": at which sparsities advantages lie; nothing where there are none. */
function levels(rows: readonly GainRow[]): string {
  const wins = rows.filter(isAdvantage).map(({ sparsity }) => sparsity);
  const sparsities = [...new Set(wins)].sort((a, b) => a - b);
  const counts = sparsities.map((level) => `${wins.filter((own) => own === level).length} at ${percent(level)}`);
  return counts.length === 0 ? "" : `, ${list(counts)}`;
}

/** The profiles together: said beside the result, and no part of the verdict. */
function describeTogether(comparison: Comparison, runs: readonly PaperRun[]): string[] {
  const rows = togetherRows(runs).filter((row) => row.comparison === comparison);
  if (rows.length === 0) return [];
  const [{ against }] = rows;
  const above = rows.filter(({ adjustedP }) => adjustedP < alpha).length;
  const main = rows
    .filter(({ sparsity }) => sparsity === mainSparsity)
    .map((row) => `${datasetLabel(row.dataset)} ${adjustedText(row)}`);
  return [
    `${openings[comparison]}, profiles together (the mean of all in windows − ${against}; no part of the verdict): above 0 in ${above} of ${count(rows.length, "cell")}; at ${percent(mainSparsity)}: ${main.join("; ")}.`,
  ];
}

const openings: Readonly<Record<Comparison, string>> = { "as stated": "As stated", "like for like": "Like for like" };

function perDataset(opening: string, rows: readonly GainRow[]): string[] {
  return [...new Set(rows.map(({ dataset }) => dataset))].map((dataset) => {
    const own = rows.filter((row) => row.dataset === dataset);
    const [top] = foremost(own);
    const wins = own.filter(isAdvantage).length;
    return `${opening}, ${datasetLabel(dataset)}: an advantage in ${wins} of ${count(own.length, "cell")}; the ${nameOf(top)} is ${adjustedText(top)} (${top.structure} − ${top.against}, ${percent(top.sparsity)}).`;
  });
}

function settling(opening: string, rows: readonly GainRow[]): string {
  const own = rows.filter(({ sparsity }) => sparsity === mainSparsity);
  const above = own.filter(({ low }) => low > settlingGain).length;
  const below = own.filter(({ high }) => high < settlingGain).length;
  return `${opening}, at ${percent(mainSparsity)}: of ${count(own.length, "cell")}, the interval of the gain is above ${settlingGain} pp in ${above} and below it in ${below}.`;
}

/** The mean gain that the median cell needs for p < α/m, one-sided, with m cells in the family. */
function detectable(rows: readonly GainRow[]): number {
  const needed = rows
    .map(({ n, standardError }) => studentCritical(1 - (2 * alpha) / rows.length, n - 1) * standardError)
    .sort((a, b) => a - b);
  return needed[Math.floor(needed.length / 2)];
}

/** The cell with the largest mean gain, alone in a list; an empty list of none. */
function largest(rows: readonly GainRow[]): GainRow[] {
  return rows.length === 0 ? [] : [rows.reduce((a, b) => (b.mean > a.mean ? b : a))];
}

/** What is shown of some cells, alone in a list: the largest advantage, or where there is none the largest gain. */
function foremost(rows: readonly GainRow[]): GainRow[] {
  const wins = rows.filter(isAdvantage);
  return largest(wins.length > 0 ? wins : rows);
}

/** The same in the headline: "as stated, 2 at 90 % and 14 at 98 %, the largest advantage +2.04 pp …". */
function foremostText(rows: readonly GainRow[]): string[] {
  return foremost(rows).map(
    (row) => `${row.comparison}${levels(rows)}, the ${nameOf(row)} ${adjustedText(row)} (${cellText(row)})`,
  );
}

/** What a row that is the largest is. */
function nameOf(row: GainRow): string {
  return `largest ${isAdvantage(row) ? "advantage" : "gain"}`;
}

/** Of what is no part of the verdict, but is the same under both protocols: gains of the profiles together. */
function togetherEstimates(runs: readonly PaperRun[]): ClaimEstimate[] {
  return togetherRows(runs)
    .filter(({ sparsity }) => sparsity === mainSparsity)
    .map(({ dataset, against, mean, low, high, n, adjustedP, together, alone }) => ({
      quantity: `${datasetLabel(dataset)}: profiles together − ${against}, ${percent(mainSparsity)}`,
      ...{ unit: "pp", estimate: mean, low, high, n, p: adjustedP },
      sides: [side("profiles", together), side(against, alone)],
    }));
}

function cellText({ dataset, sparsity, structure, against }: GainRow): string {
  return `${structure} − ${against} on ${datasetLabel(dataset)} at ${percent(sparsity)}`;
}

function estimateOf(row: GainRow): ClaimEstimate {
  const { mean, low, high, n, adjustedP } = row;
  return {
    quantity: `${nameOf(row)} ${row.comparison}: ${cellText(row)}`,
    unit: "pp",
    estimate: mean,
    low,
    high,
    n,
    p: adjustedP,
  };
}
