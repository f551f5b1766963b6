import { fullDisk } from "../datasets/disk-fault";

/** The file system refused to keep a record: no fault of the run, and no run after it would fare better. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
}

/** What the file system said, and what to do about it. */
export function storeFault(error: unknown, folder: string): StoreFault {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && fullDisk.has(code)) {
    return new StoreFault(`disk full (${code}): no room for another record in ${folder}; free space and run again`);
  }
  return new StoreFault(`no record can be written to ${folder}: ${message}; mend that and run again`);
}
