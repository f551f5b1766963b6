import type { PaperRun } from "../experiments/part";
import type { IntervalEstimate } from "../statistics/difference-of-estimates";
import { type Claim, type ClaimId, type ClaimResult, claimResult, type Verdict } from "./claim";
import { e1 } from "./e1";
import { e2 } from "./e2";
import type { EstimateText } from "./format";
import { g1 } from "./g1";
import { g2 } from "./g2";
import { h1 } from "./h1";
import { r1 } from "./r1";
import { r2 } from "./r2";
import { s1 } from "./s1";
import { s2 } from "./s2";

/** The paper's claims, in its order. */
export const claims: readonly Claim[] = [s1, s2, g1, g2, r1, r2, e1, e2, h1];

/** One claim as a line of the ledger. */
export interface LedgerRow {
  readonly claim: ClaimId;
  readonly title: string;
  /** What the paper says. */
  readonly paper: string;
  /** Our value under `plain`, with its intervals and n; or what is not yet run. */
  readonly ours: string;
  /** That of `plain`, the protocol nearest the paper's. */
  readonly verdict: Verdict;
  /** Null where the claim's experiments do not run under `tuned`. */
  readonly tuned: Verdict | null;
  /** Our value under `tuned`. */
  readonly oursTuned: string | null;
  /** What `tuned` changes. */
  readonly change: string;
  readonly notebook: string;
  readonly command: string;
}

/** Every claim with its verdict, of the runs that are recorded. */
export function claimResults(runs: readonly PaperRun[]): ClaimResult[] {
  return claims.map((claim) => claimResult(claim, runs));
}

/** The claims ledger. */
export function ledger(runs: readonly PaperRun[]): LedgerRow[] {
  return claimResults(runs).map(ledgerRow);
}

/** The line of the ledger for one claim. */
export function ledgerRow({ id, title, paper, results, verdict, change, notebook, command }: ClaimResult): LedgerRow {
  const under = (protocol: string) => results.find((result) => result.protocol === protocol);
  const ours = under("plain")?.headline ?? "not run under plain";
  const { verdict: tuned = null, headline: oursTuned = null } = under("tuned") ?? {};
  return { claim: id, title, paper, ours, verdict, tuned, oursTuned, change, notebook, command };
}

/** One number of a claim under both protocols, as a line of a table. Intervals are those that the claim's test names. */
export interface ChangeRow {
  readonly claim: ClaimId;
  readonly quantity: string;
  readonly unit: string;
  readonly plain: EstimateText;
  readonly tuned: EstimateText;
  /** tuned − plain; n is that of the protocol with fewer. */
  readonly difference: EstimateText;
  /** Whether the interval of the difference leaves 0 out. */
  readonly isSure: boolean;
}

/** The numbers that protocols are compared by, of all claims, as far as both are recorded. */
export function changeRows(results: readonly ClaimResult[]): ChangeRow[] {
  return results.flatMap(({ id, changes }) =>
    changes.map(({ quantity, unit, plain, tuned, difference, isSure }) => {
      const cell = ({ estimate: mean, low, high }: IntervalEstimate, n: number): EstimateText => {
        return { mean, low, high, n };
      };
      const [before, after] = [cell(plain, plain.n), cell(tuned, tuned.n)];
      const between = cell(difference, Math.min(plain.n, tuned.n));
      return { claim: id, quantity, unit, plain: before, tuned: after, difference: between, isSure };
    }),
  );
}
