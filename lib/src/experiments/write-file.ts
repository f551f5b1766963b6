import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { thisProcess } from "../owner";

/**
 * Writes a file so that a reader sees all of it or what was there before; a failure leaves nothing beside it.
 *
 * @param writeBytes what puts the content into an open file; tests let it fail
 */
export function writeFileAtomically<Content extends string | Uint8Array>(
  file: string,
  content: Content,
  writeBytes: (handle: number, content: Content) => void = writeFileSync,
): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${thisProcess()}.tmp`;
  try {
    const handle = openSync(temporary, "w");
    try {
      writeBytes(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
