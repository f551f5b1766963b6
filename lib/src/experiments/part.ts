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
  /** A second stage, which needs the records of the first. */
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

/** The second stage of a part: none, or null where a record of the first is missing. */
export function secondStage(part: ExperimentPart, store: Pick<RecordStore, "look">): GridRun[] | null {
  if (part.secondStage === undefined) return [];
  const records: RecordedRun[] = [];
  for (const { label, id } of identify(part.runs)) {
    const { record } = store.look(id);
    if (record === null) return null;
    records.push({ label, record });
  }
  return part.secondStage(records);
}
