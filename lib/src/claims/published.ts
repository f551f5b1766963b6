import type { PaperRun } from "../experiments/part";
import { datasetLabel } from "../figures/estimate";
import { summary } from "../statistics/summary";
import { cellsOf } from "./cells";
import { estimateText, list } from "./format";
import { type OwnRuns, type PublishedNumber, publishedNumbers } from "./published-numbers";

/** The largest difference from a published value that needs no explanation, in percentage points. */
export const publishedMargin = 0.3;

/** Whether the whole interval of a difference lies within ±{@link publishedMargin}, none of it, or a part ("open"). */
export type Within = "yes" | "open" | "no";

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
  /** How our runs differ, be it so little that they repeat the setting; or why there are none. */
  readonly remark: string;
  /** Mean over seeds; null where there are no runs, with n = 0 and no difference (NaN). */
  readonly ours: number | null;
  readonly difference: number;
  /** 95 % t interval of the difference, the published number taken as exact; NaN for one run. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Null of anything but an accuracy of the same setting. */
  readonly within: Within | null;
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
  const [low, high] = [own.interval.low - value, own.interval.high - value];
  const other = ours?.differ?.(runs[0]);
  const comparison = other === undefined ? "same setting" : "other setting";
  return {
    ...{ ...placeOf(published), comparison, remark: other ?? ours?.remark ?? "", ours: own.mean, difference },
    ...{ low, high, n: own.n },
    within: isAccuracy && comparison === "same setting" ? withinMargin(low, high) : null,
    lastEpoch: isAccuracy ? last.mean : null,
    bestEpoch: isAccuracy ? best.mean : null,
  };
}

/** Of one run, which has no interval, nothing is known. */
function withinMargin(low: number, high: number): Within {
  if (low >= -publishedMargin && high <= publishedMargin) return "yes";
  return low > publishedMargin || high < -publishedMargin ? "no" : "open";
}

/** Whether what we train is what others trained, as far as accuracies of repeated settings say, in words. */
export function describePublished(rows: readonly PublishedRow[]): string {
  const judged = rows.filter(({ within }) => within !== null);
  if (judged.length === 0) return "No accuracy of a repeated setting is recorded yet.";
  const of = (within: Within): PublishedRow[] => judged.filter((row) => row.within === within);
  const [inside, open, outside] = [of("yes"), of("open"), of("no")];
  const verdict =
    outside.length > 0
      ? "Not in all settings"
      : open.length > 0
        ? `None is surely more than ${publishedMargin} pp off, nor are all surely within`
        : "Yes";
  const parts = [
    `${inside.length} of ${judged.length} ${judged.length === 1 ? "accuracy" : "accuracies"} surely within ${publishedMargin} pp of what is published`,
    `${open.length} open${listed(open)}`,
    `${outside.length} outside${listed(outside)}`,
  ];
  const causes = outside.map(({ setting, dataset, remark }) => ` ${setting} on ${datasetLabel(dataset)}: ${remark}.`);
  return `Is it the same RigL? ${verdict}: ${list(parts)}.${causes.join("")}`;
}

function listed(rows: readonly PublishedRow[]): string {
  const texts = rows.map(
    ({ setting, dataset, difference: mean, low, high, n }) =>
      `${setting} on ${datasetLabel(dataset)} ${estimateText({ mean, low, high, n })}`,
  );
  return texts.length === 0 ? "" : ` (${texts.join("; ")})`;
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
