import type { TrainProgress } from "../training/loop";

/** A run that is being computed. */
export interface RunInFlight {
  readonly label: string;
  /** Null until its first step. */
  readonly training: TrainProgress | null;
}

/** Where a grid stands. Runs are counted once, however often they are in the grid. */
export interface GridProgress {
  /** Runs recorded before, finished now, failed now; and in all. */
  readonly recorded: number;
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  /** Runs that another process is computing on the same store. */
  readonly elsewhere: number;
  /** Runs finished a minute, parts of runs included; null before anything is known. */
  readonly perMinute: number | null;
  readonly secondsLeft: number | null;
  readonly inFlight: readonly RunInFlight[];
}

/** Counts what becomes of the runs of a grid. */
export interface Tally {
  begin(id: string, label: string): void;
  train(id: string, training: TrainProgress): void;
  /** A run that was begun here has ended. */
  end(id: string, outcome: "done" | "failed"): void;
  /** A run that was not begun here is recorded, or failed elsewhere. */
  found(outcome: "recorded" | "failed"): void;
  elsewhere(runs: number): void;
  progress(): GridProgress;
}

/** A {@link Tally} of `total` runs, some of them recorded before, that tells every change. */
export function createTally(
  { total, recorded }: { readonly total: number; readonly recorded: number },
  tell: (progress: GridProgress) => void,
  clock: () => number = () => performance.now(),
): Tally {
  const counts = { recorded, done: 0, failed: 0, elsewhere: 0 };
  const inFlight = new Map<string, RunInFlight>();
  let computed = 0;
  let started: number | null = null;
  const progress = (): GridProgress => {
    const begun = [...inFlight.values()];
    const parts = begun.reduce((sum, { training }) => sum + (training ? training.step / training.steps : 0), 0);
    const minutes = started === null ? 0 : (clock() - started) / 60_000;
    const perMinute = minutes > 0 && computed + parts > 0 ? (computed + parts) / minutes : null;
    const left = total - counts.recorded - counts.done - counts.failed - parts;
    const secondsLeft = left <= 0 ? 0 : perMinute && (60 * left) / perMinute;
    return { ...counts, total, perMinute, secondsLeft, inFlight: begun };
  };
  const change = (): void => tell(progress());
  change();
  return {
    progress,
    begin(id, label) {
      started ??= clock();
      inFlight.set(id, { label, training: null });
      change();
    },
    train(id, training) {
      const run = inFlight.get(id);
      if (run) inFlight.set(id, { ...run, training });
      change();
    },
    end(id, outcome) {
      inFlight.delete(id);
      counts[outcome]++;
      computed++;
      change();
    },
    found(outcome) {
      counts[outcome]++;
      change();
    },
    elsewhere(runs) {
      if (counts.elsewhere === runs) return;
      counts.elsewhere = runs;
      change();
    },
  };
}
