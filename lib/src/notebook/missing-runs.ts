import type { ExperimentPart } from "../experiments/part";
import { minutesLeft, partStatus, type RunStatus } from "../experiments/part-status";
import type { RecordStore } from "../experiments/store";
import type { NotebookSettings } from "./parameters";
import { isQuiet } from "./progress-display";
import { duration } from "./progress-words";

/** What runs are missing from. */
export interface MissingFrom {
  readonly experiment: string;
  readonly parts: readonly ExperimentPart[];
  /** The same parts with all their runs: what those took tells what the others would take. */
  readonly whole: readonly ExperimentPart[];
  readonly records: RecordStore;
  readonly settings: Pick<NotebookSettings, "compute" | "rerun" | "workers">;
}

/** How many runs are missing, how long they would take with so many workers, and how to get them. */
export function describeMissing(
  missing: number,
  { experiment, parts, whole, records, settings }: MissingFrom,
  quiet: boolean = isQuiet(),
): string {
  const command = `\`npm run psn -- run ${experiment}\``;
  const { workers, compute, rerun } = settings;
  // How long hangs on the machine: no notebook that is executed twice shall differ by that.
  const time = quiet ? "" : `, ${timeText(minutesOf({ parts, whole, records }), workers)}`;
  if (rerun) return `${missing} are not recorded${time}`;
  if (compute) return `${missing} are not recorded${time}: they are computed now, and kept as they come`;
  if (quiet) return `${missing} are not recorded: ${command} computes them`;
  return `${missing} are not recorded${time}: compute: true in the first cell computes them here, ${command} in a terminal`;
}

function timeText(minutes: number | null, workers: number): string {
  if (minutes === null) return "and no run like them is that would tell how long they take";
  const rest = Math.max(1, Math.round(minutes / workers));
  return `about ${rest < 60 ? `${rest} min` : duration(60 * rest)} with ${workers} ${workers === 1 ? "worker" : "workers"}`;
}

/** Core minutes that parts still need; null where nothing tells. */
function minutesOf({ parts, whole, records }: Pick<MissingFrom, "parts" | "whole" | "records">): number | null {
  const statusOf = (part: ExperimentPart): RunStatus[] => [...partStatus(part, records).runs.values()];
  const peers = whole.map(statusOf);
  const minutes = parts.map((part, i) => minutesLeft(statusOf(part), peers[i], peers.flat()));
  return minutes.reduce((sum, each) => (sum === null || each === null ? null : sum + each), 0);
}
