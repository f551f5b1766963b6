import { openRecords, openResults } from "../experiments/results";
import { openStore, type RecordStore } from "../experiments/store";
import { resultsFolder } from "./pack";
import { type Selection, storeFolder } from "./selection";

/**
 * The records that count: those of the working store and, for the paper's runs, the committed ones. A store that was
 * named stands for itself.
 */
export async function selectRecords(selection: Selection): Promise<RecordStore> {
  const warn = (message: string): void => void process.stderr.write(`${message}\n`);
  const store = openStore(storeFolder(selection), warn);
  if (selection.quick || selection.store !== undefined) return store;
  return openRecords({ results: await openResults({ folder: resultsFolder(), warn }), store });
}
