/** The file system refused to keep a record: no fault of the run, and no run after it would fare better. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
}

const full = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** What the file system said, and what to do about it. */
export function storeFault(error: unknown, folder: string): StoreFault {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== undefined && full.has(code)) {
    return new StoreFault(`disk full (${code}): no room for another record in ${folder}; free space and run again`);
  }
  return new StoreFault(`no record can be written to ${folder}: ${message}; mend that and run again`);
}
