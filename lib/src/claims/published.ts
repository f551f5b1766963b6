import type { PaperRun } from "../experiments/part";
import { summary } from "../statistics/summary";
import { cellsOf } from "./cells";
import { type OwnRuns, type PublishedNumber, publishedNumbers } from "./published-numbers";

/** The least difference from a published value that needs an explanation, in percentage points. */
export const publishedMargin = 0.3;

/** A published number and what of ours stands beside it. Accuracies in per cent, differences ours − published. */
export interface PublishedRow {
  readonly source: string;
  readonly setting: string;
  readonly dataset: string;
  readonly quantity: string;
  readonly published: number;
  /** The epoch that the published number is of. Ours is of the best one beside a best one, else of the last. */
  readonly epoch: PublishedNumber["epoch"];
  readonly comparison: "same setting" | "other setting" | "not run";
  /** How our runs differ, or why there are none; "" where they repeat the setting. */
  readonly remark: string;
  /** Mean over seeds; null where there are no runs, with n = 0 and no difference (NaN). */
  readonly ours: number | null;
  readonly difference: number;
  /** 95 % t interval of the difference, the published number taken as exact; NaN for one run. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Whether the difference is at most {@link publishedMargin}; null of anything but an accuracy of the same setting. */
  readonly within: boolean | null;
  /** Ours after the last and after the best epoch; null of anything but an accuracy. */
  readonly lastEpoch: number | null;
  readonly bestEpoch: number | null;
}

/** Every published number, beside ours as far as there are runs. */
export function publishedComparison(runs: readonly PaperRun[]): PublishedRow[] {
  return publishedNumbers.map((published) => {
    const { ours, dataset } = published;
    const own = ours === null ? [] : ownRuns(ours, dataset, runs);
    return own.length === 0 ? withoutRuns(published) : compare(published, own);
  });
}

function ownRuns(
  { experiment, protocol, label }: OwnRuns,
  dataset: string,
  runs: readonly PaperRun[],
): readonly PaperRun[] {
  const cell = cellsOf(runs, [experiment]).find(
    (each) => each.protocol === protocol && each.dataset === dataset && each.label === label,
  );
  return cell?.runs ?? [];
}

type Place = Pick<PublishedRow, "source" | "setting" | "dataset" | "quantity" | "published" | "epoch">;

function placeOf({ source, setting, dataset, quantity, value, epoch }: PublishedNumber): Place {
  return { source, setting, dataset, quantity, published: value, epoch };
}

function withoutRuns(published: PublishedNumber): PublishedRow {
  const { ours, why, dataset } = published;
  const choice = dataset === "emnist-balanced" ? ` --dataset ${dataset}` : "";
  const cure = `npm run psn -- run ${ours?.experiment}${choice}`;
  const remark = ours === null ? `not run here: ${why}` : `not yet run: ${cure} computes it`;
  return {
    ...placeOf(published),
    ...{ comparison: "not run", remark, ours: null, difference: Number.NaN, low: Number.NaN, high: Number.NaN },
    ...{ n: 0, within: null, lastEpoch: null, bestEpoch: null },
  };
}

function compare(published: PublishedNumber, runs: readonly PaperRun[]): PublishedRow {
  const { quantity, value, epoch, ours } = published;
  const isAccuracy = quantity === "test accuracy (%)";
  const last = summary(runs.map(({ record }) => 100 * record.result.accuracy));
  const best = summary(runs.map(({ record }) => 100 * record.result.bestAccuracy));
  const own = !isAccuracy ? summary(runs.map((run) => withInputs(run, quantity))) : epoch === "best" ? best : last;
  const difference = own.mean - value;
  const remark = ours?.differ?.(runs[0]) ?? "";
  const comparison = remark === "" ? "same setting" : "other setting";
  return {
    ...{ ...placeOf(published), comparison, remark, ours: own.mean, difference },
    ...{ low: own.interval.low - value, high: own.interval.high - value, n: own.n },
    within: isAccuracy && comparison === "same setting" ? Math.abs(difference) <= publishedMargin : null,
    lastEpoch: isAccuracy ? last.mean : null,
    bestEpoch: isAccuracy ? best.mean : null,
  };
}

/** Hidden neurons that have an input at the end: their share in all sparse layers, in per cent, or their number in one. */
function withInputs({ record }: PaperRun, quantity: PublishedNumber["quantity"]): number {
  const fanIns = record.result.layers.map(({ fanIn }) => fanIn[fanIn.length - 1]);
  const active = (values: readonly number[]): number => values.filter((k) => k > 0).length;
  if (quantity === "neurons of hidden layer 1 with inputs") return active(fanIns[0]);
  if (quantity === "neurons of hidden layer 2 with inputs") return active(fanIns[1]);
  const all = fanIns.flat();
  return (100 * active(all)) / all.length;
}
