import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { canonicalJson } from "./run-id";
import { asStore, openStore, type RecordStore, recordedIds } from "./store";

/** What came of joining stores. */
export interface MergeSummary {
  /** Records taken over. */
  readonly added: number;
  /** Records that were there, with the same result. */
  readonly equal: number;
  /** Files that were left where they are, and why. */
  readonly faults: readonly string[];
}

/** Two stores hold different results of one run. */
export class MergeConflict extends Error {
  override readonly name = "MergeConflict";
}

/**
 * Takes over the records of other stores that ours lacks: the working store, over what is committed beneath it. Records
 * of one run may differ in where and when they were computed, never in their result.
 *
 * @throws before anything is written: RangeError for what is no folder, MergeConflict naming the runs that disagree; then
 *   StoreFault where the file system refuses
 */
export function mergeStores(ours: RecordStore, folders: readonly string[]): MergeSummary {
  const sources = folders.map((folder) => {
    if (!existsSync(folder)) throw new RangeError(`There is no store ${folder}.`);
    return openStore(asStore(folder, "A store to merge"));
  });
  const known = new Map<string, { digest: string | null; folder: string }>();
  const disagreements: string[] = [];
  const faults: string[] = [];
  const additions: { source: RecordStore; id: string }[] = [];
  let equal = 0;
  for (const source of sources) {
    for (const id of recordedIds(source.folder)) {
      const { digest, fault, folder } = resultDigest(source, id);
      if (fault !== "") faults.push(`${source.folder}/${id}.json ${fault}`);
      if (digest === null) continue;
      const mine = known.get(id) ?? resultDigest(ours, id);
      if (mine.digest === null) additions.push({ source, id });
      else if (mine.digest === digest) equal++;
      else disagreements.push(`${id}: ${mine.folder} and ${folder}`);
      known.set(id, mine.digest === null ? { digest, folder } : mine);
    }
  }
  if (disagreements.length > 0) throw new MergeConflict(disagreementText(disagreements));
  for (const { source, id } of additions) ours.write(source.look(id).record!);
  return { added: additions.length, equal, faults };
}

function resultDigest(store: RecordStore, id: string): { digest: string | null; fault: string; folder: string } {
  const { record, fault, folder } = store.look(id);
  const digest = record && createHash("sha256").update(canonicalJson(record.result)).digest("hex");
  return { digest, fault, folder };
}

function disagreementText(disagreements: readonly string[]): string {
  const runs = `${disagreements.length} ${disagreements.length === 1 ? "run" : "runs"}`;
  return (
    `The results of ${runs} disagree, and nothing was merged; find out which is right, and delete the other ` +
    `(a committed one gives way to \`psn pack --replace\`):\n${disagreements.join("\n")}`
  );
}
