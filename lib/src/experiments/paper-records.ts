import { join, resolve } from "node:path";
import { projectRoot } from "../datasets/folder";
import { openRecords, openResults, type Results } from "./results";
import { asStore, openStore, type RecordStore } from "./store";

/** Where records are; what is left out is where the paper's are. */
export interface RecordPlaces {
  /** A working store by its folder, taken from the working directory if relative. */
  readonly store?: string;
  /** A quick look has a store of its own. */
  readonly quick?: boolean;
  /** The folder of committed results. A quick look, and a store that is named, stand for themselves without any. */
  readonly results?: string;
  /** The runs that will be read: see `openResults`. */
  readonly ids?: readonly string[];
}

/** A working store over committed results, which can be read by themselves as well. */
export interface PaperRecords extends RecordStore {
  readonly committed: Pick<Results, "read">;
}

/** The records that count: those of the working store, and beneath them the committed ones. New ones go to the store. */
export async function openPaperRecords(places: RecordPlaces = {}): Promise<PaperRecords> {
  const { quick = false, ids } = places;
  const store = openStore(storeFolder(places));
  const isAlone = quick || places.store !== undefined;
  const folder = places.results ?? (isAlone ? null : resultsFolder());
  if (folder === null) return { ...store, committed: { read: () => null } };
  const results = await openResults({ folder, ids });
  return { ...openRecords({ results, store }), committed: results };
}

/**
 * Where new records go: the store that is named, else PSN_STORE (from the root of the repository if relative), else
 * `data/runs`; those of quick looks to `data/quick`.
 *
 * @throws RangeError where that is a file
 */
export function storeFolder({ store, quick = false }: Pick<RecordPlaces, "store" | "quick"> = {}): string {
  if (store !== undefined) return asStore(resolve(store), "--store");
  const chosen = process.env.PSN_STORE;
  if (chosen && !quick) return asStore(resolve(projectRoot(), chosen), "PSN_STORE");
  return join(projectRoot(), "data", quick ? "quick" : "runs");
}

/** Where committed results are. */
export function resultsFolder(): string {
  return join(projectRoot(), "data", "results");
}
