/**
 * What is wrong with a data file: a bad download, a wrong checksum, or contents that do not parse.
 *
 * The message says what was found, what is allowed, and what to do; `file` and `offset` say where.
 */
export class DataError extends Error {
  override readonly name = "DataError";
  /** The file as the caller named it. */
  readonly file: string;
  /** Where in the (unpacked) file, in bytes from its start, if the fault has a place. */
  readonly offset: number | undefined;

  constructor(file: string, message: string, where: { offset?: number; line?: number; cause?: unknown } = {}) {
    const line = where.line === undefined ? "" : `, line ${where.line}`;
    const place = where.offset === undefined ? "" : `${line}, byte ${where.offset}`;
    super(`${file}${place}: ${message}`, where.cause === undefined ? undefined : { cause: where.cause });
    this.file = file;
    this.offset = where.offset;
  }
}
