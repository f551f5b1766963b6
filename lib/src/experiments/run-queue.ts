import { setTimeout as sleep } from "node:timers/promises";
import type { Claim, Claims } from "./claims";
import type { IdentifiedRun } from "./identify";
import type { RecordStore } from "./store";

/** A run that nobody else computes. */
export interface ClaimedRun {
  readonly run: IdentifiedRun;
  readonly claim: Claim;
}

/** Runs to compute, on a store where others compute too. */
export interface RunQueue {
  /** The next run to compute, as soon as there is one; null when every run is computed or being computed here. */
  next(): Promise<ClaimedRun | null>;
}

export interface QueueOptions {
  readonly store: RecordStore;
  readonly claims: Claims;
  /** What `store.version` said when the queue's runs were found missing. */
  readonly versions: ReadonlyMap<string, string>;
  /** Another process has recorded the run (null), or why it failed. */
  readonly onFound: (run: IdentifiedRun, failure: string | null) => void;
  /** So many runs are being computed by others. */
  readonly onElsewhere: (runs: number) => void;
  /** Milliseconds between two looks at them. */
  readonly patience?: number;
  readonly signal: AbortSignal;
}

/** Hands out runs in their order; those that others have claimed are looked at again, until they are there or free. */
export function createQueue(runs: readonly IdentifiedRun[], options: QueueOptions): RunQueue {
  const { claims, patience = 500, signal, onElsewhere } = options;
  const pending = [...runs];
  const elsewhere: IdentifiedRun[] = [];
  return {
    async next() {
      for (;;) {
        for (let run = pending.shift(); run !== undefined; run = pending.shift()) {
          signal.throwIfAborted();
          const claim = claims.take(run.id);
          if (claim === null) elsewhere.push(run);
          else if (isSettled(run, options)) claim.release();
          else return { run, claim };
        }
        onElsewhere(elsewhere.length);
        if (elsewhere.length === 0) return null;
        await sleep(patience, undefined, { signal });
        pending.push(...elsewhere.splice(0));
      }
    },
  };
}

/** Whether another process has computed the run since it was found missing; tells if so. */
function isSettled(run: IdentifiedRun, { store, versions, onFound }: QueueOptions): boolean {
  if (store.version(run.id) === versions.get(run.id)) return false;
  const failure = store.read(run.id) === null ? store.failure(run.id) : null;
  const isSettled = failure !== null || store.look(run.id).record !== null;
  if (isSettled) onFound(run, failure);
  return isSettled;
}
