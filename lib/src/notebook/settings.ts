/** What a notebook is asked to do, from the switches of `npm run paper` or the environment. */
export interface NotebookSettings {
  /** A first look in minutes: fewer seeds, levels and epochs. PSN_QUICK=1. */
  readonly quick: boolean;
  /** Compute every run again, recorded or not. PSN_RERUN=1. */
  readonly rerun: boolean;
}

/**
 * Reads PSN_QUICK and PSN_RERUN ("1" or "0"; unset means 0).
 *
 * @throws RangeError on any other value
 */
export function notebookSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): NotebookSettings {
  const flag = (name: string): boolean => {
    const value = environment[name] ?? "0";
    if (value === "0" || value === "1") return value === "1";
    throw new RangeError(`${name} is "${value}"; set it to 1 or 0`);
  };
  return { quick: flag("PSN_QUICK"), rerun: flag("PSN_RERUN") };
}
