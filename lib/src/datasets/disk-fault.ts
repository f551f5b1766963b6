import { dirname } from "node:path";
import { DataError } from "./data-error";

/** What a file system says where there is no room. */
export const fullDisk: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const forbidden = new Set(["EACCES", "EPERM", "EROFS"]);

/** Whether the file system, and not a server, refused. */
export function isDiskFault(error: unknown): error is NodeJS.ErrnoException {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && (fullDisk.has(code) || forbidden.has(code));
}

/** The refusal with what to do about it. */
export function explainDiskFault(error: NodeJS.ErrnoException, target: string, bytes: number): DataError {
  const folder = dirname(target);
  const message = fullDisk.has(error.code ?? "")
    ? `the disk is full (${error.code}); free at least ${bytes} bytes for ${folder}, or set PSN_DATA to a folder on another disk`
    : `no permission (${error.code} at ${error.path ?? folder}); make ${folder} readable and writable, or set PSN_DATA to a folder that is`;
  return new DataError(target, message, { cause: error });
}
