import { differenceOfEstimates, type IntervalEstimate } from "../statistics/difference-of-estimates";
import type { ClaimEstimate, ProtocolResult, Side } from "./claim";
import { count, type UnitText, unitText } from "./format";

/** One number of a claim under both protocols. */
export interface ProtocolChange {
  readonly quantity: string;
  readonly unit: string;
  readonly plain: ClaimEstimate;
  readonly tuned: ClaimEstimate;
  /** tuned − plain, with the interval that follows from theirs: protocols are taken as independent. */
  readonly difference: IntervalEstimate;
  /** Whether that interval leaves 0 out; unadjusted, however many numbers are compared. */
  readonly isSure: boolean;
}

/** The numbers of a claim that protocols are compared by, as far as both have them. */
export function protocolChanges(
  plainResult: ProtocolResult | undefined,
  tunedResult: ProtocolResult | undefined,
): ProtocolChange[] {
  const others = tunedResult?.estimates ?? [];
  return (plainResult?.estimates ?? []).flatMap((own) => {
    const tuned = others.find(({ quantity }) => quantity === own.quantity);
    if (own.sides === undefined || tuned === undefined) return [];
    const difference = differenceOfEstimates(own, tuned);
    const isSure = difference.low > 0 || difference.high < 0;
    return [{ quantity: own.quantity, unit: own.unit, plain: own, tuned, difference, isSure }];
  });
}

/** What `tuned` changes: the verdict, which numbers by how much, and what they are made of, under each. */
export function describeProtocols(
  plainResult: ProtocolResult | undefined,
  tunedResult: ProtocolResult | undefined,
): string {
  if (tunedResult === undefined) return "Not run under tuned.";
  const opening = `Under tuned${verdicts(tunedResult, plainResult)}: ${tunedResult.headline}.`;
  return [
    opening,
    ...describeShared(plainResult, tunedResult),
    ...describeNumbers(protocolChanges(plainResult, tunedResult)),
  ].join(" ");
}

/** Both verdicts, and what they are over where that differs: " partly as well", " partly (reproduced under plain)". */
function verdicts({ verdict, scope }: ProtocolResult, before: ProtocolResult | undefined): string {
  if (verdict === "not testable" || before === undefined) return ` ${verdict}`;
  if (isOtherwise(scope, before.scope)) {
    return `, over ${scope}, ${verdict} (under plain, over ${before.scope}, ${before.verdict})`;
  }
  return verdict === before.verdict ? ` ${verdict} as well` : ` ${verdict} (${before.verdict} under plain)`;
}

/** Whether verdicts are over different things; of one that is not there nothing is known. */
function isOtherwise(scope: string | undefined, before: string | undefined): boolean {
  return scope !== undefined && before !== undefined && scope !== before;
}

function describeShared(before: ProtocolResult | undefined, { scope }: ProtocolResult): string[] {
  if (before?.onShared === undefined || !isOtherwise(scope, before.scope)) return [];
  return [`Over what tuned has, plain gives: ${before.onShared}.`];
}

/** As many numbers are told in words; a table has room for all. */
const TOLD = 3;

function describeNumbers(changes: readonly ProtocolChange[]): string[] {
  if (changes.length === 0) return [];
  const size = ({ difference }: ProtocolChange): number => Math.abs(difference.estimate);
  const sure = changes.filter(({ isSure }) => isSure).sort((a, b) => size(b) - size(a));
  const tally = `Of ${count(changes.length, "number")} compared, ${sure.length} ${sure.length === 1 ? "differs" : "differ"} between the protocols by an interval that leaves 0 out, unadjusted`;
  if (sure.length === 0) return [`${tally}.`];
  const told = sure.slice(0, TOLD).map(describeChange).join("; ");
  return [`${tally}${sure.length > TOLD ? ", most of all" : ""}: ${told}.`];
}

/** "MNIST: dense − random +0.24 → +0.61 pp, by +0.37 [0.10, 0.64] (dense 98.41 → 98.70, random 98.17 → 98.09)" */
function describeChange({ quantity, unit, plain: before, tuned: after, difference }: ProtocolChange): string {
  const text = unitText(unit);
  const values = `${text.value(before.estimate)} → ${text.value(after.estimate)}${text.suffix}`;
  const { estimate, low, high } = difference;
  const interval = `${text.difference(estimate)} [${text.bound(low)}, ${text.bound(high)}]`;
  const seeds = before.n === after.n ? "" : `, n = ${before.n} and ${after.n}`;
  return `${quantity} ${values}, by ${interval}${seeds}${sidesText(before.sides, after.sides, text)}`;
}

function sidesText(before: readonly Side[] = [], after: readonly Side[] = [], { bound }: UnitText): string {
  const parts = before.flatMap(({ name, value }) => {
    const other = after.find((side) => side.name === name);
    return other === undefined ? [] : [`${name} ${bound(value)} → ${bound(other.value)}`];
  });
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
