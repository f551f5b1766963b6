import type { RunConfig } from "../training/config";
import { identify } from "./identify";
import type { RecordedRun } from "./run-grid";
import type { RecordStore } from "./store";

/** One run of an experiment, with the name of its structure or start as tables and figures show it. */
export interface GridRun {
  readonly label: string;
  readonly config: RunConfig;
}

/** The runs of one experiment under one protocol on one data set: what is packed, reported and committed together. */
export interface ExperimentPart {
  /** "static-plain-fashion-mnist" */
  readonly name: string;
  readonly experiment: string;
  readonly protocol: "plain" | "tuned";
  readonly dataset: string;
  readonly runs: readonly GridRun[];
  /** A second stage, which follows from the records of the first: those of its runs for which they suffice. */
  readonly secondStage?: (runs: RecordedRun[]) => GridRun[];
}

/** Which parts are wanted; what is left out takes all. */
export interface PartFilter {
  readonly experiments?: readonly string[];
  readonly protocol?: "plain" | "tuned";
  readonly dataset?: string;
  readonly quick?: boolean;
}

/** Gives the parts that a filter lets through. */
export type PartSource = (filter: PartFilter) => ExperimentPart[];

/** A recorded run and where it belongs. */
export interface PaperRun extends RecordedRun {
  readonly experiment: string;
  readonly protocol: ExperimentPart["protocol"];
}

/** The second stage of a part, as far as the records of the first suffice; `whole` where none of those is missing. */
export function secondStage(
  part: ExperimentPart,
  store: Pick<RecordStore, "look">,
): { readonly runs: readonly GridRun[]; readonly whole: boolean } {
  if (part.secondStage === undefined) return { runs: [], whole: true };
  const records = identify(part.runs).flatMap(({ label, id }): RecordedRun[] => {
    const { record } = store.look(id);
    return record === null ? [] : [{ label, record }];
  });
  return { runs: part.secondStage(records), whole: records.length === part.runs.length };
}
