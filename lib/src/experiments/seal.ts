import { createHash } from "node:crypto";

/** What a sealed file holds somewhere: this and 64 hex digits, the sha256 of the file with zeros in their place. */
const mark = "sha256:";

/** To be put into a file that will be sealed. */
export const openSeal: string = `${mark}${"0".repeat(64)}`;

/** The file with its checksum in place of the last {@link openSeal}. */
export function seal(bytes: Uint8Array): Uint8Array {
  const sealed = Buffer.from(bytes);
  const digest = createHash("sha256").update(sealed).digest("hex");
  sealed.write(digest, sealed.lastIndexOf(openSeal) + mark.length);
  return sealed;
}

/**
 * Does nothing where a sealed file is whole and unchanged. Decoders can hang or crash on one that is not.
 *
 * @throws Error otherwise
 */
export function checkSeal(bytes: Uint8Array): void {
  const open = Buffer.from(bytes);
  const start = open.lastIndexOf(mark) + mark.length;
  if (start < mark.length) throw new Error("it has no checksum: it is torn, or psn did not write it");
  const written = open.subarray(start, start + 64).toString("latin1");
  open.fill("0", start, start + 64);
  if (createHash("sha256").update(open).digest("hex") !== written) {
    throw new Error("its checksum does not fit: it is torn or was changed");
  }
}
