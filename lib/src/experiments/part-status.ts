import { type Claims, openClaims } from "./claims";
import { type IdentifiedRun, identify } from "./identify";
import { type ExperimentPart, secondStage } from "./part";
import type { RecordStore } from "./store";

/** Where a run stands: failed means when last tried; missing, that none of the others is true. */
export type RunState = "done" | "failed" | "missing" | "in flight";

/** A run as a store knows it. */
export interface RunStatus {
  readonly state: RunState;
  readonly epochs: number;
  /** What it took; 0 unless done. */
  readonly seconds: number;
  readonly dataset: string;
}

/** How far a part has come. */
export interface PartStatus {
  readonly name: string;
  /** By id: runs may belong to several parts. */
  readonly runs: ReadonlyMap<string, RunStatus>;
  /** A second stage, of yet unknown size, waits for the records of the first. */
  readonly more: boolean;
  /** Files that cannot be trusted, and why. */
  readonly faults: readonly string[];
}

/** How far a part has come in a store, which is left as it is. */
export function partStatus(part: ExperimentPart, store: RecordStore): PartStatus {
  const later = secondStage(part, store);
  const claims = openClaims(store.folder);
  const faults: string[] = [];
  const runs = new Map<string, RunStatus>();
  for (const run of identify([...part.runs, ...later.runs])) {
    if (runs.has(run.id)) continue;
    const { record, fault } = store.look(run.id);
    if (fault !== "") faults.push(`${run.id}.json ${fault}`);
    const { dataset, epochs } = run.config;
    const state = record === null ? stateWithoutRecord(run, store, claims) : "done";
    runs.set(run.id, { state, epochs, dataset, seconds: record?.provenance.seconds ?? 0 });
  }
  return { name: part.name, runs, more: !later.whole, faults };
}

function stateWithoutRecord({ id }: IdentifiedRun, store: RecordStore, claims: Claims): RunState {
  if (claims.isTaken(id)) return "in flight";
  return store.failure(id) === null ? "missing" : "failed";
}

/** How many runs stand where. */
export function countStates(runs: Iterable<RunStatus>): Record<RunState, number> {
  const counts = { done: 0, failed: 0, missing: 0, "in flight": 0 };
  for (const { state } of runs) counts[state]++;
  return counts;
}

/**
 * Core minutes that runs still need: their epochs, at the pace of the `peers` that are done, or else of the `others` on
 * the same data sets; null where none is done.
 */
export function minutesLeft(
  runs: readonly RunStatus[],
  peers: readonly RunStatus[],
  others: readonly RunStatus[],
): number | null {
  const left = runs.filter(({ state }) => state !== "done");
  if (left.length === 0) return 0;
  const alike = others.filter(({ dataset }) => left.some((run) => run.dataset === dataset));
  const pace = secondsAnEpoch(peers) ?? secondsAnEpoch(alike);
  return pace && (pace * left.reduce((sum, { epochs }) => sum + epochs, 0)) / 60;
}

function secondsAnEpoch(runs: readonly RunStatus[]): number | null {
  const done = runs.filter(({ state }) => state === "done");
  if (done.length === 0) return null;
  const sum = (key: "seconds" | "epochs"): number => done.reduce((total, run) => total + run[key], 0);
  return sum("seconds") / sum("epochs");
}
