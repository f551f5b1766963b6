import type { DatasetName } from "../datasets/catalogue";
import { datasetChecksums } from "../datasets/load";
import type { GridRun } from "./part";
import { runId } from "./run-id";

/** A run with its id and the checksums of its data, which are part of it. */
export interface IdentifiedRun extends GridRun {
  readonly id: string;
  readonly checksums: Readonly<Record<string, string>>;
}

/** The runs with their ids. */
export function identify(runs: readonly GridRun[]): IdentifiedRun[] {
  return runs.map((run) => {
    const checksums = datasetChecksums(run.config.dataset as DatasetName);
    return { ...run, checksums, id: runId(run.config, checksums) };
  });
}
