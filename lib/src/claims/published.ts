import type { PaperRun } from "../experiments/part";
import { summary } from "../statistics/summary";
import { type Cell, cellsOf } from "./cells";

/** The least difference from a published value that needs an explanation, in percentage points. */
export const publishedMargin = 0.3;

/** A number of another paper, for a setting that the `anchors` experiment repeats. */
interface Published {
  readonly source: string;
  /** The label of our runs. */
  readonly label: string;
  readonly dataset: string;
  readonly quantity: "test accuracy (%)" | "hidden neurons with inputs (%)";
  readonly value: number;
  /** The epoch that the number is of. */
  readonly epoch: "best" | "last";
}

const chts = "arXiv 2501.19107, Table 4 (3 seeds)";
const units = "arXiv 2501.19107, Table 7 (3 seeds)";
const accuracy = "test accuracy (%)";

const published: readonly Published[] = [
  { source: chts, label: "RigL 2501.19107", dataset: "mnist", quantity: accuracy, value: 98.61, epoch: "best" },
  { source: chts, label: "RigL 2501.19107", dataset: "fashion-mnist", quantity: accuracy, value: 89.91, epoch: "best" },
  { source: chts, label: "SET 2501.19107", dataset: "mnist", quantity: accuracy, value: 98.14, epoch: "best" },
  { source: chts, label: "SET 2501.19107", dataset: "fashion-mnist", quantity: accuracy, value: 89, epoch: "best" },
  {
    source: "arXiv 1911.11134, Appendix B",
    ...{ label: "RigL 1911.11134", dataset: "mnist", quantity: accuracy, value: 98.52, epoch: "last" },
  },
  ...[
    { dataset: "mnist", value: 29 },
    { dataset: "fashion-mnist", value: 55 },
  ].map(({ dataset, value }) => ({
    ...{ source: units, label: "RigL 2501.19107", dataset, quantity: "hidden neurons with inputs (%)" as const },
    ...{ value, epoch: "last" as const },
  })),
];

/** Our runs of a published setting beside its number. Accuracies in per cent, differences ours − published. */
export interface PublishedRow {
  readonly source: string;
  readonly setting: string;
  readonly dataset: string;
  readonly quantity: string;
  readonly published: number;
  /** The epoch that the published number is of, and ours beside it is of. */
  readonly epoch: "best" | "last";
  readonly ours: number;
  readonly difference: number;
  /** 95 % t interval of the difference, the published number taken as exact; NaN for one run. */
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Whether the difference is at most {@link publishedMargin}; null of anything but an accuracy. */
  readonly within: boolean | null;
  /** Ours after the last and after the best epoch; null of anything but an accuracy. */
  readonly lastEpoch: number | null;
  readonly bestEpoch: number | null;
}

/** Published numbers beside ours, of the settings that are recorded. */
export function publishedComparison(runs: readonly PaperRun[]): PublishedRow[] {
  const cells = cellsOf(runs, ["anchors"]);
  return published.flatMap((one) => {
    const cell = cells.find(({ label, dataset }) => label === one.label && dataset === one.dataset);
    return cell === undefined ? [] : [compare(one, cell)];
  });
}

function compare(one: Published, cell: Cell): PublishedRow {
  const { source, label, dataset, quantity, value, epoch } = one;
  const isAccuracy = quantity === accuracy;
  const last = summary(cell.runs.map(({ record }) => 100 * record.result.accuracy));
  const best = summary(cell.runs.map(({ record }) => 100 * record.result.bestAccuracy));
  const ours = !isAccuracy ? summary(cell.runs.map(activeShare)) : epoch === "best" ? best : last;
  const difference = ours.mean - value;
  return {
    ...{ source, setting: label, dataset, quantity, published: value, epoch, ours: ours.mean, difference },
    ...{ low: ours.interval.low - value, high: ours.interval.high - value, n: ours.n },
    within: isAccuracy ? Math.abs(difference) <= publishedMargin : null,
    lastEpoch: isAccuracy ? last.mean : null,
    bestEpoch: isAccuracy ? best.mean : null,
  };
}

/** Share of the hidden neurons, of all sparse layers together, that have an input at the end, in per cent. */
function activeShare({ record }: PaperRun): number {
  const fanIns = record.result.layers.flatMap(({ fanIn }) => fanIn[fanIn.length - 1]);
  return (100 * fanIns.filter((k) => k > 0).length) / fanIns.length;
}
