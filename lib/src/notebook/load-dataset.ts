import type { Dataset } from "../datasets/dataset";
import type { DownloadOptions } from "../datasets/download";
import { type DatasetName, ensureDataset, loadDataset as load } from "../datasets/load";
import { megabytes, type Reporter } from "../datasets/reporter";
import { interruptSignal } from "./interrupt";
import { kernelDisplay } from "./kernel";
import { createDisplay, type ProgressDisplay } from "./progress-display";
import { describeCourse } from "./progress-words";

/**
 * Loads a data set, downloading what is missing: see `loadDataset` of datasets/load.ts. In a notebook a download is
 * shown in one line, and interrupting the kernel stops it.
 *
 * @throws RangeError for an unknown name; DataError if a file cannot be had or is not as it must be
 */
export function loadDataset(name: DatasetName, options: DownloadOptions = {}): Promise<Dataset> {
  return load(name, { ...notebookOptions(), ...options });
}

/** Downloads what is missing of data sets, so that workers find it. */
export async function bringDatasets(names: readonly string[]): Promise<void> {
  for (const name of names) await ensureDataset(name as DatasetName, notebookOptions());
}

function notebookOptions(): DownloadOptions {
  return kernelDisplay() === undefined ? {} : { reporter: notebookReporter(), signal: interruptSignal() };
}

/** One display for each file that is downloaded; nothing of files that are there, or come from a mirror at once. */
export function notebookReporter(clock: () => number = () => performance.now()): Reporter {
  const displays = new Map<string, { readonly display: ProgressDisplay; readonly start: number }>();
  return {
    note: () => undefined,
    warn: (text) => console.warn(text),
    progress(label, done, total) {
      const { display, start } = displays.get(label) ?? { display: createDisplay({ clock }), start: clock() };
      displays.set(label, { display, start });
      const [mine, all] = [done / 1e6, total / 1e6].map(Math.round);
      const seconds = (clock() - start) / 1000;
      if (done < total) display.show(`${label} ${describeCourse({ done: mine, total: all, pieces: "MB", seconds })}`);
      else display.end(`${label}: ${megabytes(total)} downloaded`);
    },
  };
}
