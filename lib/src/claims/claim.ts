import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { inOrder } from "./order";
import { describeProtocols, type ProtocolChange, protocolChanges } from "./protocol-change";

/** The nine claims of the paper. */
export type ClaimId = "S1" | "S2" | "R1" | "R2" | "G1" | "G2" | "E1" | "E2" | "H1";

/**
 * What the records say of a claim. `not testable` is also the verdict where runs that the test needs are not recorded:
 * a part of them never gives one; and where they are too few for the test to say either.
 */
export type Verdict = "reproduced" | "partly" | "not reproduced" | "not testable";

/** What a claim says and how it is judged: fixed before the full runs, but for what `amended` says. */
export interface ClaimStatement {
  readonly id: ClaimId;
  readonly title: string;
  /** What the paper says, with its numbers. */
  readonly paper: string;
  readonly hypothesis: string;
  readonly test: string;
  /** The margin, and which outcome gives which verdict. */
  readonly margin: string;
  /** What of test and margin was changed after the first full runs, why, and what the verdict was before. */
  readonly amended?: string;
  readonly limits: string;
  readonly whatWouldChange: string;
  /** The notebook that shows it: "2-static". */
  readonly notebook: string;
  /** What recomputes it from nothing. */
  readonly command: string;
}

/** One of the numbers that an estimate is made of: "dense", 98.41. */
export interface Side {
  readonly name: string;
  readonly value: number;
}

/** A {@link Side} of a name and a value. */
export function side(name: string, value: number): Side {
  return { name, value };
}

/** A number that a verdict rests on. NaN where a value does not exist; null where it has no place. */
export interface ClaimEstimate {
  /** "Fashion-MNIST: dense − random, 90 %" */
  readonly quantity: string;
  /** "pp", "ratio", "r", … */
  readonly unit: string;
  readonly estimate: number;
  /** Ends of the interval that the claim's test names: of 95 %, but for E1, which names two one-sided bounds of 95 %. */
  readonly low: number;
  readonly high: number;
  /** How many seeds (or what the claim's test names) it is over. */
  readonly n: number;
  /** Adjusted for its family where the claim's test says so. */
  readonly p: number | null;
  /** What it is made of; given for the numbers that protocols are compared by. */
  readonly sides?: readonly Side[];
}

/** What the records of one protocol say of a claim. All texts are composed from numbers. */
export interface ProtocolResult {
  readonly protocol: Protocol;
  readonly verdict: Verdict;
  /** Our value, to stand beside the paper's: "+0.16 pp [0.02, 0.30], n = 10, p = .012". */
  readonly headline: string;
  /** What was found, a sentence each; also where the verdict is `not testable`, of what is recorded. */
  readonly findings: readonly string[];
  readonly estimates: readonly ClaimEstimate[];
  /** What the test needs and is not recorded; empty where nothing is missing. */
  readonly missing: readonly string[];
  /** What the verdict is over, where that is not the same under both protocols. */
  readonly scope?: string;
  /** What the same test says of those runs alone that the other protocol has as well. */
  readonly onShared?: string;
}

/** A claim, with what judges it. */
export interface Claim {
  readonly statement: ClaimStatement;
  /** The protocols under which its experiments run. */
  readonly protocols: readonly Protocol[];
  /** @param runs of that protocol, of any experiment */
  readonly judge: (runs: readonly PaperRun[], protocol: Protocol) => ProtocolResult;
}

/** A claim and what the records say of it. */
export interface ClaimResult extends ClaimStatement {
  /** That of `plain`, the protocol nearest the paper's. */
  readonly verdict: Verdict;
  readonly results: readonly ProtocolResult[];
  /** What `tuned` changes: which numbers, by how much, and what of them; and that in words. */
  readonly changes: readonly ProtocolChange[];
  readonly change: string;
}

/** Judges a claim under each of its protocols. What it says does not depend on the order of the records. */
export function claimResult({ statement, protocols, judge }: Claim, runs: readonly PaperRun[]): ClaimResult {
  const ordered = inOrder(runs);
  const results = protocols.map((protocol) =>
    judge(
      ordered.filter((run) => run.protocol === protocol),
      protocol,
    ),
  );
  const plain = results.find(({ protocol }) => protocol === "plain");
  const tuned = results.find(({ protocol }) => protocol === "tuned");
  const verdict = plain?.verdict ?? "not testable";
  return {
    ...statement,
    verdict,
    results,
    changes: protocolChanges(plain, tuned),
    change: describeProtocols(plain, tuned),
  };
}

/** The result where a test lacks runs, or a number that does not exist. */
export function notTestable(
  protocol: Protocol,
  missing: readonly string[],
  found: Partial<Pick<ProtocolResult, "findings" | "estimates">> = {},
): ProtocolResult {
  const headline = `not yet run: ${missing.join("; ")}`;
  return { protocol, verdict: "not testable", headline, findings: [], estimates: [], ...found, missing };
}
