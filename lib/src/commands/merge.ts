import { MergeConflict, mergeStores } from "../experiments/merge-stores";
import { openPaperRecords } from "../experiments/paper-records";
import { StoreFault } from "../experiments/store-fault";
import { parseCommand, selectionOptions } from "./selection";

/**
 * `psn merge <store…>`: joins the records of other machines into ours. The exit code is 1 when records disagree, with one
 * another or with what is committed.
 */
export async function mergeCommand(args: string[]): Promise<number> {
  const { quick, store } = selectionOptions;
  const { values, positionals } = parseCommand(args, { quick, store });
  if (positionals.length === 0)
    throw new RangeError("psn merge: name the folders whose records shall be joined to ours.");
  const ours = await openPaperRecords(values);
  try {
    const { added, equal, faults } = mergeStores(ours, positionals);
    for (const fault of faults) process.stderr.write(`left out: ${fault}\n`);
    process.stdout.write(`${added} records added to ${ours.folder}, ${equal} were there already.\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof MergeConflict || error instanceof StoreFault)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
