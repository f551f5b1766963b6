import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { extractMember } from "./archive";
import type { SourceFile } from "./catalogue";
import { DataError } from "./data-error";
import { explainDiskFault, isDiskFault } from "./disk-fault";
import { dataFolder, dataMirror, type Mirror } from "./folder";
import { claimPart, releasePart, removeLeftovers } from "./part-file";
import { quietReporter, type Reporter, terminalReporter } from "./reporter";
import { type Patience, TransferFault, transfer } from "./transfer";

export interface DownloadOptions {
  /** Where files are kept; by default PSN_DATA, else `data` in the repository. */
  readonly folder?: string;
  /** Tried before the public addresses; by default PSN_DATA_MIRROR. */
  readonly mirror?: Mirror | null;
  /** Who is told; by default the terminal (stderr). */
  readonly reporter?: Reporter;
  /** Tell of trouble only. */
  readonly quiet?: boolean;
  readonly patience?: Partial<Patience>;
  readonly signal?: AbortSignal;
}

type Origin =
  | { readonly kind: "copy"; readonly path: string }
  | { readonly kind: "web"; readonly address: string }
  | { readonly kind: "member"; readonly archive: SourceFile; readonly member: string };

interface Context {
  readonly folder: string;
  readonly mirror: Mirror | null;
  readonly reporter: Reporter;
  readonly patience: Patience;
  readonly signal?: AbortSignal;
}

/**
 * The path of a source file whose size and checksum have just been verified. It is looked for in the data folder,
 * then in the mirror, then at its public addresses or in its archive; whatever it came from, it is verified, and
 * written under a temporary name and renamed, so that a file under its own name is whole.
 *
 * @throws DataError with all that was tried and what to do; the signal's reason if aborted
 */
export async function ensureFile(source: SourceFile, options: DownloadOptions = {}): Promise<string> {
  const context: Context = {
    folder: options.folder ?? dataFolder(),
    mirror: options.mirror === undefined ? dataMirror() : options.mirror,
    reporter: options.quiet ? quietReporter(options.reporter) : (options.reporter ?? terminalReporter()),
    patience: { stallMs: 30_000, retries: 4, backoffMs: 1000, ...options.patience },
    signal: options.signal,
  };
  const target = join(context.folder, source.folder, source.file);
  try {
    return await findFile(source, target, context);
  } catch (error) {
    context.signal?.throwIfAborted();
    throw isDiskFault(error) ? explainDiskFault(error, target, source.bytes) : error;
  }
}

async function findFile(source: SourceFile, target: string, context: Context): Promise<string> {
  const { reporter, signal } = context;
  const label = `${source.folder}/${source.file}`;
  signal?.throwIfAborted();
  const present = await faultOf(target, source, signal);
  if (present === null) return target;
  const tried = present === "is not there" ? [] : [`${target} ${present}`];
  for (const fault of tried) reporter.warn(`${fault}; getting it again`);
  await mkdir(dirname(target), { recursive: true });
  for (const origin of origins(source, context)) {
    try {
      await bring(origin, source, target, context);
      const from = origin.kind === "copy" ? "from the mirror" : describe(origin);
      reporter.note(`${label}: ${from}, ${source.digest.algorithm} verified`);
      return target;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof DataError || error instanceof TransferFault)) throw error;
      tried.push(`${describe(origin)}: ${error.message}`);
      reporter.warn(`${label}: not ${describe(origin)} (${firstLine(error.message)})`);
    }
  }
  throw new DataError(target, cannotBeHad(source, label, target, tried));
}

function origins(source: SourceFile, { mirror }: Context): Origin[] {
  const found: Origin[] = [];
  if (mirror?.kind === "folder") found.push({ kind: "copy", path: join(mirror.path, source.folder, source.file) });
  if (mirror?.kind === "web") {
    found.push({ kind: "web", address: `${mirror.address}/${source.folder}/${source.file}` });
  }
  for (const address of source.addresses) found.push({ kind: "web", address });
  if (source.archive) found.push({ kind: "member", archive: source.archive.file, member: source.archive.member });
  return found;
}

function describe(origin: Origin): string {
  if (origin.kind === "copy") return `from ${origin.path}`;
  return origin.kind === "web" ? `from ${origin.address}` : `from ${origin.archive.file}, ${origin.member}`;
}

/** Writes the file from one origin under a temporary name, verifies it, and gives it its name. */
async function bring(origin: Origin, source: SourceFile, target: string, context: Context): Promise<void> {
  const archive = origin.kind === "member" ? await ensureFile(origin.archive, context) : "";
  const part = await claimPart(target);
  try {
    let fault: string | null;
    if (origin.kind === "web") {
      fault = await download(origin.address, part, source, context);
    } else {
      if (origin.kind === "copy") await copyFrom(origin.path, part, context.signal);
      else await extractMember(archive, origin.member, part, { bytes: source.bytes, signal: context.signal });
      fault = await faultOf(part, source, context.signal);
    }
    if (fault !== null) {
      await rm(part, { force: true });
      throw new DataError(target, fault);
    }
    await rename(part, target);
    await removeLeftovers(target);
  } finally {
    releasePart(part);
  }
}

async function copyFrom(path: string, part: string, signal?: AbortSignal): Promise<void> {
  const code = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
  try {
    await pipeline(createReadStream(path), createWriteStream(part), { signal });
  } catch (error) {
    if (code(error) !== "ENOENT" && code(error) !== "ENOTDIR") throw error;
    throw new DataError(path, "is not there");
  }
}

/** Downloads; a resumed file that proves wrong may have been begun from another one, so it is fetched once afresh. */
async function download(address: string, part: string, source: SourceFile, context: Context): Promise<string | null> {
  const resumed = (await faultOf(part, source, context.signal)) !== "is not there";
  await transfer(address, part, source, context);
  const fault = await faultOf(part, source, context.signal);
  if (fault === null || !resumed) return fault;
  await rm(part);
  await transfer(address, part, source, context);
  return await faultOf(part, source, context.signal);
}

/** What is wrong with the file at `path`, or null if it is the one. The size is compared before anything is read. */
async function faultOf(path: string, source: SourceFile, signal?: AbortSignal): Promise<string | null> {
  const { bytes, digest } = source;
  try {
    const { size } = await stat(path);
    if (size !== bytes) return `has ${size} bytes, expected ${bytes}`;
    const hash = createHash(digest.algorithm);
    await pipeline(createReadStream(path), hash, { signal });
    const hex = hash.digest("hex");
    return hex === digest.hex ? null : `has ${digest.algorithm} ${hex}, expected ${digest.hex}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "is not there";
    throw error;
  }
}

function cannotBeHad(source: SourceFile, label: string, target: string, tried: readonly string[]): string {
  const { bytes, digest } = source;
  const attempts = tried.map((line) => `  - ${line.replaceAll("\n", "\n    ")}`);
  return [
    `the right file (${bytes} bytes, ${digest.algorithm} ${digest.hex}) cannot be had. Tried:`,
    ...attempts,
    "Check the network (behind a proxy, Node ≥ 24 needs NODE_USE_ENV_PROXY=1) and run again, which resumes a partial",
    `download; or put the file at ${target} by hand; or set PSN_DATA_MIRROR to a folder or address that has ${label}.`,
  ].join("\n");
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0];
}
