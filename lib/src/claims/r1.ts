import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, matchedSeeds, type Protocol } from "../experiments/protocol";
import { datasetLabel, percent } from "../figures/estimate";
import { cellsOf, missingRuns, type Wanted } from "./cells";
import { type Claim, type ClaimStatement, notTestable, type ProtocolResult, side, type Verdict } from "./claim";
import { adjustedText, count, datasetList, estimateText, plain, pText, signed } from "./format";
import { alpha } from "./margins";
import {
  type MatchedContrast,
  type MatchedGainRow,
  matchedClaims,
  matchedGainRows,
  type ReadingRow,
  readingRows,
} from "./r1-gains";

const claimed = Object.keys(matchedClaims);

const statement: ClaimStatement = {
  id: "R1",
  title: "A start matched to RigL's equilibrium beats ERK",
  paper: `RigL started from a lognormal profile matched to its own equilibrium beats RigL started from ERK: ${Object.entries(
    matchedClaims,
  )
    .map(([dataset, { gain }]) => `${dataset.startsWith("emnist") ? "EMNIST" : datasetLabel(dataset)} +${gain} pp`)
    .join(", ")} (p = .036 and d = 1.07 on Fashion-MNIST).`,
  hypothesis: `At ${percent(mainSparsity)}, matched − ERK is above 0 on all three data sets, and so is matched, scattered − ERK, where both have inputs drawn uniformly.`,
  test: `Paired t and exact sign-flip over ${matchedSeeds} seeds, last epoch, two-sided, each Holm-adjusted over the three data sets.`,
  margin: `A gain counts with mean > 0 and both adjusted p < ${alpha}. Reproduced: on all three data sets, as stated and like for like (scattered); partly: on some, or as stated only; else not reproduced.`,
  limits: `Matched profiles read windows of neighbouring inputs, ERK scattered ones. Beside the scattered profile, matched − constant holds windows against windows, over ${gridSeeds} seeds only, so it decides nothing. The third data set stands in for EMNIST Balanced.`,
  whatWouldChange:
    "The paper's definition of the matched profile, its input rule and its number of seeds; EMNIST Balanced itself.",
  notebook: "3-rigl",
  command: "npm run psn -- run rigl",
};

/** R1: matched beats ERK. */
export const r1: Claim = { statement, protocols: ["plain", "tuned"], judge };

/** Whether a gain is above 0 by both tests, adjusted where the data set is one of the paper's. */
function isGain(row: MatchedGainRow): boolean {
  return row.mean > 0 && isSure(row);
}

/** Whether it is below 0 by the same tests. */
function isLoss(row: MatchedGainRow): boolean {
  return row.mean < 0 && isSure(row);
}

function isSure({ p, adjustedP, signFlipP, adjustedSignFlipP }: MatchedGainRow): boolean {
  return (adjustedP ?? p) < alpha && (adjustedSignFlipP ?? signFlipP) < alpha;
}

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const labels = ["ERK", "matched", "matched, scattered"];
  const wanted: Wanted = { datasets: claimed, sparsities: [mainSparsity], labels, seeds: matchedSeeds };
  const missing = missingRuns(cellsOf(runs, ["rigl"]), [wanted]);
  const all = matchedGainRows(runs);
  const rows = all.filter(({ sparsity }) => sparsity === mainSparsity);
  const of = (contrast: MatchedContrast): MatchedGainRow[] =>
    rows.filter((row) => row.contrast === contrast && claimed.includes(row.dataset));
  const [stated, alike] = [of("as stated"), of("like for like, scattered")];
  const findings = [
    ...rows.map(describe),
    ...describePaperValues(stated),
    ...levels(all, "as stated"),
    ...levels(all, "like for like, scattered"),
    ...readingRows(runs).map(describeReading),
  ];
  const estimates = rows.map((row) => ({
    quantity: `${datasetLabel(row.dataset)}: ${row.start} − ${row.against}, ${percent(row.sparsity)} (${row.contrast})`,
    unit: "pp",
    estimate: row.mean,
    low: row.low,
    high: row.high,
    n: row.n,
    p: row.adjustedP ?? row.p,
    ...(judged.includes(row.contrast) && {
      sides: [side(row.start, row.startAccuracy), side(row.against, row.againstAccuracy)],
    }),
  }));
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const headline = stated
    .map((row) => `${datasetLabel(row.dataset)} ${adjustedText(row)}`)
    .concat(signs("as stated", stated), signs("like for like", alike))
    .join("; ");
  return { protocol, verdict: verdictOf(stated, alike), headline, findings, estimates, missing };
}

/** "as stated above 0 on Fashion-MNIST, below 0 on Forest Cover"; losses only where there are some. */
function signs(contrast: string, rows: readonly MatchedGainRow[]): string {
  const [gains, losses] = [isGain, isLoss].map((is) => rows.filter(is).map(({ dataset }) => dataset));
  const below = losses.length === 0 ? "" : `, below 0 on ${datasetList(losses)}`;
  return `${contrast} above 0 on ${datasetList(gains)}${below}`;
}

/** The contrasts that the verdict rests on. */
const judged: readonly MatchedContrast[] = ["as stated", "like for like, scattered"];

function verdictOf(stated: readonly MatchedGainRow[], alike: readonly MatchedGainRow[]): Verdict {
  if ([...stated, ...alike].every(isGain)) return "reproduced";
  return [...stated, ...alike].some(isGain) ? "partly" : "not reproduced";
}

function describe(row: MatchedGainRow): string {
  const adjusted = row.adjustedP === null ? "" : ` (Holm ${pText(row.adjustedP)})`;
  const published = row.contrast === "as stated" ? matchedClaims[row.dataset] : undefined;
  const paper = published === undefined ? "" : `; the paper: ${signed(published.gain)} pp`;
  return (
    `${datasetLabel(row.dataset)}, ${row.contrast}: ${row.start} − ${row.against} ${estimateText(row)}${adjusted}, ` +
    `sign-flip ${pText(row.signFlipP)}, d ${plain(row.dav)}, d_z ${plain(row.dz)}${paper}.`
  );
}

/** How many of the paper's values our intervals hold, and where those lie that they do not. */
function describePaperValues(stated: readonly MatchedGainRow[]): string[] {
  if (stated.length === 0) return [];
  const places = stated.map(({ dataset, low, high }) => {
    const { gain } = matchedClaims[dataset];
    const at = gain < low ? "below" : gain > high ? "above" : "in";
    return { at, text: `${signed(gain)} is ${at} ours on ${datasetLabel(dataset)}` };
  });
  const held = places.filter(({ at }) => at === "in").length;
  return [
    `As stated, the paper's value lies in our interval on ${held} of ${count(places.length, "data set")}: ${places.map(({ text }) => text).join(", ")}.`,
  ];
}

function levels(rows: readonly MatchedGainRow[], contrast: MatchedContrast): string[] {
  const own = rows.filter((row) => row.contrast === contrast);
  if (own.length === 0) return [];
  const above = own.filter(({ low }) => low > 0).length;
  const below = own.filter(({ high }) => high < 0).length;
  return [
    `At all levels, ${contrast}: of ${count(own.length, "cell")} (data set × sparsity) the interval of the gain is above 0 in ${above} and below 0 in ${below}.`,
  ];
}

function describeReading({ dataset, reading, mean, p, d, r, n, paperP, paperD }: ReadingRow): string {
  const paper = paperP === null || paperD === null ? "" : `; the paper: ${pText(paperP)}, d ${plain(paperD)}`;
  return `${datasetLabel(dataset)}, read as ${reading}: ${signed(mean)} pp, n = ${n}, ${pText(p)}, d ${plain(d)}, r ${plain(r)}${paper}.`;
}
