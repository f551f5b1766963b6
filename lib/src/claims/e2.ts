import type { PaperRun } from "../experiments/part";
import { mainSparsity, matchedSeeds, type Protocol, paperDatasets } from "../experiments/protocol";
import { datasetLabel, percent } from "../figures/estimate";
import { cellsOf, missingRuns } from "./cells";
import { type Claim, type ClaimStatement, notTestable, type ProtocolResult, side, type Verdict } from "./claim";
import { datasetList, plain, pText, signed } from "./format";
import { alpha } from "./margins";
import {
  type RefinementContrastRow,
  type RefinementTestRow,
  refinementContrastRows,
  refinementMargin,
  refinementTests,
} from "./refinement";

const statement: ClaimStatement = {
  id: "E2",
  title: "A matched start refines instead of rearranging",
  paper:
    "Starting at RigL's equilibrium lets the optimiser refine weights rather than rearrange topology (qualitative).",
  hypothesis: `At ${percent(mainSparsity)}, RigL from a matched start rewires less than from ERK, and changes the weights of lasting connections no less.`,
  test: `Share of the final connections that were not there at the start, and relative L2 change of the weights of connections there at both times; layers weighted by connections; paired by seed, n = ${matchedSeeds}. Rewiring: two-sided paired t; its exact sign-flip p stands beside it, unadjusted, and decides nothing. Weight change: one-sided paired t of "lower by ${percent(refinementMargin)} or more". Holm over data sets and both tests, for matched and for matched, scattered each.`,
  margin: `${percent(refinementMargin)} of ERK's mean. Reproduced: rewiring lower by that much and surely lower (adjusted p < ${alpha}), weight change surely not lower by as much, on every data set, for matched and, like for like, for matched, scattered; partly: rewiring so on at least one data set for matched (weight change alone is no part of the claim: no difference at all would pass it); else not reproduced.`,
  limits:
    "How much is rewired is set mostly by the drop fraction and the number of updates, which no start changes; a connection dropped and grown again later counts as lasting.",
  whatWouldChange: "A start from which fewer connections move while accuracy gains as much.",
  notebook: "5-equilibria",
  command: "npm run psn -- run rigl",
};

/** E2: refinement rather than rearrangement. */
export const e2: Claim = { statement, protocols: ["plain", "tuned"], judge };

const matchedStarts: readonly string[] = ["matched", "matched, scattered"];

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const labels = ["ERK", ...matchedStarts];
  const missing = missingRuns(cellsOf(runs, ["rigl"]), [
    { datasets: paperDatasets, sparsities: [mainSparsity], labels, seeds: matchedSeeds },
  ]);
  const contrasts = refinementContrastRows(runs).filter(({ start }) => matchedStarts.includes(start));
  const [stated, alike] = matchedStarts.map((start) => refinementTests(contrasts, start, alpha));
  const findings = [...stated, ...alike].map((test) => describe(test, contrasts));
  const estimates = [...stated, ...alike].flatMap(({ dataset, start, rewired, weightChange, ...p }) =>
    (
      [
        ["rewired", rewired, p.rewiredP],
        ["weight change", weightChange, p.weightChangeP],
      ] as const
    ).map(([name, { relative, erk, own, low, high, n }, adjusted]) => {
      const quantity = `${datasetLabel(dataset)}: ${name}, ${start} − ERK, relative`;
      const sides = [side(start, own), side("ERK", erk)];
      return { quantity, unit: "share", estimate: relative, low: low / erk, high: high / erk, n, p: adjusted, sides };
    }),
  );
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const isBoth = ({ isLessRewired, isRefinedAsMuch }: RefinementTestRow): boolean => isLessRewired && isRefinedAsMuch;
  const less = stated.filter(({ isLessRewired }) => isLessRewired);
  const verdict: Verdict = [...stated, ...alike].every(isBoth)
    ? "reproduced"
    : less.length > 0
      ? "partly"
      : "not reproduced";
  const headline =
    `rewired ${relatives(stated, "rewired")} % against ERK (like for like ${relatives(alike, "rewired")} %), weight change ` +
    `${relatives(stated, "weightChange")} % (${relatives(alike, "weightChange")} %); less rewired by ${percent(refinementMargin)} on ` +
    `${datasetList(less.map(({ dataset }) => dataset))}, both as claimed on ${datasetList(stated.filter(isBoth).map(({ dataset }) => dataset))}; n = ${matchedSeeds}`;
  return { protocol, verdict, headline, findings, estimates, missing };
}

function relatives(tests: readonly RefinementTestRow[], measure: "rewired" | "weightChange"): string {
  const values = tests.map((test) => 100 * test[measure].relative);
  return `${signed(Math.min(...values), 1)} to ${signed(Math.max(...values), 1)}`;
}

function describe(test: RefinementTestRow, contrasts: readonly RefinementContrastRow[]): string {
  const { dataset, start, rewired, weightChange, rewiredP, weightChangeP } = test;
  const others = contrasts
    .filter((row) => row.dataset === dataset && row.start === start)
    .filter(({ measure }) => measure === "explored" || measure === "grown")
    .map(
      ({ measure, relative }) =>
        `${measure === "grown" ? "grown an update" : "explored"} ${signed(100 * relative, 1)} %`,
    );
  const margin = percent(refinementMargin);
  const unsure = rewired.relative <= -refinementMargin ? "may rearrange" : "does not rearrange";
  const refines = test.isRefinedAsMuch ? `refines as much to within ${margin}` : `may refine less by ${margin}`;
  const outcome = `${test.isLessRewired ? "rearranges" : unsure} less by ${margin}, ${refines}`;
  return (
    `${datasetLabel(dataset)}, ${start}: ${outcome}: rewired ${share(rewired.own)} where ERK has ${share(rewired.erk)} ` +
    `(${relativeText(rewired)}, Holm ${pText(rewiredP)}, sign-flip ${pText(rewired.signFlipP)}); weight change ${plain(weightChange.own)} where ERK has ` +
    `${plain(weightChange.erk)} (${relativeText(weightChange)}, Holm ${pText(weightChangeP)} of lower by ${margin}); ` +
    `${[...others, `n = ${rewired.n}`].join(", ")}.`
  );
}

function share(value: number): string {
  return `${plain(100 * value, 1)} %`;
}

function relativeText({ relative, low, high, erk }: RefinementContrastRow): string {
  return `${signed(100 * relative, 1)} % [${plain((100 * low) / erk, 1)}, ${plain((100 * high) / erk, 1)}]`;
}
