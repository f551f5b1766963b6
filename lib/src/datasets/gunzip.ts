import { promisify } from "node:util";
import { gunzip as unzip } from "node:zlib";
import { DataError } from "./data-error";

const unzipped = promisify(unzip);

/**
 * Unpacks a gzip file whose unpacked size is known.
 *
 * @param bytes the exact unpacked size; no more memory than this is ever used for the result
 * @throws DataError if the file is not gzip, is cut off, or unpacks to another size
 */
export async function gunzip(
  packed: Uint8Array,
  { file, bytes }: { readonly file: string; readonly bytes: number },
): Promise<Uint8Array> {
  let unpacked: Uint8Array;
  try {
    unpacked = await unzipped(packed, { maxOutputLength: bytes, chunkSize: 2 ** 20 });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    const fault = tooLarge ? `unpacks to more than the expected ${bytes} bytes` : (error as Error).message;
    throw new DataError(file, `${fault}; remove the file to get it again`, { cause: error });
  }
  if (unpacked.length !== bytes) {
    throw new DataError(
      file,
      `unpacks to ${unpacked.length} bytes, expected ${bytes}; remove the file to get it again`,
    );
  }
  return unpacked;
}
