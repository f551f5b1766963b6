/** Keeps long work in the event loop's company: short calls, and a breath between them. */
export interface Pace {
  /** How many steps to ask for in one call, so that it takes about a tenth of a second. */
  stepsAtATime(): number;
  /** Runs `work`, which does so many steps, and learns from it how long a step takes. */
  timed<T>(steps: number, work: () => T): T;
  /**
   * Lets the event loop run if it has not for a tenth of a second; says whether it did.
   *
   * @throws the signal's reason when aborted
   */
  pause(): Promise<boolean>;
}

/** In milliseconds: progress and abort come at least five times a second. */
const BREATH = 100;

/** A {@link Pace} that stops when the signal does. What is computed does not depend on it. */
export function createPace(signal?: AbortSignal, clock: () => number = () => performance.now()): Pace {
  let perStep = BREATH; // unknown yet: one step at first
  let last = clock();
  return {
    stepsAtATime: () => Math.max(1, Math.floor(BREATH / perStep)),
    timed(steps, work) {
      const start = clock();
      const result = work();
      perStep = Math.max((clock() - start) / steps, 1e-3);
      return result;
    },
    async pause() {
      if (clock() - last < BREATH) return false;
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      last = clock();
      return true;
    },
  };
}
