import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { openPromise } from "yauzl";
import { DataError } from "./data-error";
import { isDiskFault } from "./disk-fault";

/**
 * Writes one member of a zip archive to the file `output`, streaming.
 *
 * @param member its path in the archive, such as `gzip/emnist-balanced-train-images-idx3-ubyte.gz`
 * @param bytes its unpacked size; nothing is unpacked if the archive gives another
 * @throws DataError if the archive cannot be read or lacks the member
 */
export async function extractMember(
  archive: string,
  member: string,
  output: string,
  { bytes, signal }: { readonly bytes: number; readonly signal?: AbortSignal },
): Promise<void> {
  try {
    const zip = await openPromise(archive);
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName !== member) continue;
      if (entry.uncompressedSize !== bytes) {
        throw new DataError(archive, `${member} has ${entry.uncompressedSize} bytes, expected ${bytes}`);
      }
      return await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(output), { signal });
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DataError || isDiskFault(error)) throw error;
    throw new DataError(archive, `${member} cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
  throw new DataError(archive, `has no member ${member}; is it the archive that its publisher distributes?`);
}
