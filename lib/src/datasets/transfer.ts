import { createWriteStream } from "node:fs";
import { stat, truncate } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { SourceFile } from "./catalogue";
import { isDiskFault } from "./disk-fault";
import type { Reporter } from "./reporter";

/** When to lose patience with a server. */
export interface Patience {
  /** Milliseconds without a byte before the connection is given up. Default 30 000. */
  readonly stallMs: number;
  /** Attempts in a row that bring nothing, after the first, before the address is given up. Default 4. */
  readonly retries: number;
  /** Milliseconds before the first further attempt; each later wait is twice as long. Default 1000. */
  readonly backoffMs: number;
}

/** Why an address did not give the file, and whether asking again may help. */
export class TransferFault extends Error {
  readonly passing: boolean;

  constructor(message: string, passing: boolean) {
    super(message);
    this.passing = passing;
  }
}

/** An attempt that brings at least this many bytes does not count as futile, however it ends. */
const worthwhile = 2 ** 20;

/**
 * Downloads `source` from `address` into the file `part`, going on after what is there already, until the file
 * has its full size. The contents are not checked.
 *
 * @throws TransferFault when the address does not have the file, or patience ends; the part stays, to be resumed
 */
export async function transfer(
  address: string,
  part: string,
  source: SourceFile,
  context: { readonly patience: Patience; readonly reporter: Reporter; readonly signal?: AbortSignal },
): Promise<void> {
  const { patience, reporter, signal } = context;
  for (let failures = 0; ; ) {
    const before = await sizeOf(part);
    try {
      return await attempt(address, part, source, context);
    } catch (error) {
      signal?.throwIfAborted();
      if (isDiskFault(error)) throw error;
      const fault = error instanceof TransferFault ? error : new TransferFault(`no connection: ${reason(error)}`, true);
      failures = (await sizeOf(part)) - before >= worthwhile ? 0 : failures + 1;
      if (!fault.passing || failures > patience.retries) throw fault;
      const wait = patience.backoffMs * 2 ** Math.max(0, failures - 1);
      reporter.warn(`${source.folder}/${source.file}: ${fault.message}; trying again in ${wait / 1000} s`);
      await sleep(wait, undefined, { signal });
    }
  }
}

async function attempt(
  address: string,
  part: string,
  source: SourceFile,
  { patience, reporter, signal }: { patience: Patience; reporter: Reporter; signal?: AbortSignal },
): Promise<void> {
  const had = await sizeOf(part);
  if (had === source.bytes) return;
  const watch = stallWatch(patience.stallMs);
  const either = signal ? AbortSignal.any([signal, watch.signal]) : watch.signal;
  try {
    // Bytes as they are: a decoded .gz has another size and checksum.
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (had > 0 && had < source.bytes) headers.range = `bytes=${had}-`;
    const response = await fetch(address, { headers, signal: either });
    const start = await startOf(response, had, part, source);
    let done = start;
    const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        watch.alive();
        done += chunk.length;
        if (done > source.bytes)
          throw new TransferFault(`sends more than the ${source.bytes} bytes of the file`, false);
        reporter.progress(`${source.folder}/${source.file}`, done, source.bytes);
        yield chunk;
      }
    };
    const body = Readable.fromWeb(response.body as import("node:stream/web").ReadableStream);
    await pipeline(body, count, createWriteStream(part, { flags: start > 0 ? "a" : "w" }), { signal: either });
    if (done < source.bytes) throw new TransferFault(`ended after ${done} of ${source.bytes} bytes`, true);
  } catch (error) {
    if (watch.signal.aborted) throw new TransferFault(`sent nothing for ${patience.stallMs / 1000} s`, true);
    throw error;
  } finally {
    watch.stop();
  }
}

/** Checks the answer of the server and gives the byte of the file with which its body starts. */
async function startOf(response: Response, had: number, part: string, source: SourceFile): Promise<number> {
  const { status, statusText, headers } = response;
  const refuse = async (message: string, passing: boolean): Promise<never> => {
    await response.body?.cancel();
    throw new TransferFault(message, passing);
  };
  if (status === 416 || (status === 206 && !continues(headers.get("content-range"), had, source.bytes))) {
    if (had > 0) await truncate(part, 0);
    return refuse("cannot resume; starting again", true);
  }
  if (status !== 200 && status !== 206) {
    const passing = status === 408 || status === 429 || status >= 500;
    return refuse(`answers ${status} ${statusText}`.trim(), passing);
  }
  const start = status === 206 ? had : 0;
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") {
    return refuse(`sends the file re-encoded (content-encoding ${encoding}), so that it cannot be checked`, false);
  }
  const offered = headers.get("content-length");
  if (offered !== null && Number(offered) !== source.bytes - start) {
    return refuse(`offers ${offered} bytes where ${source.bytes - start} are expected: not the same file`, false);
  }
  return start;
}

/** Whether `Content-Range: bytes first-last/total` goes on where we stopped, in a file of our size. */
function continues(range: string | null, had: number, total: number): boolean {
  const match = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range ?? "");
  return match !== null && Number(match[1]) === had && (match[3] === "*" || Number(match[3]) === total);
}

/** A signal that aborts when `alive` was not called for `ms` milliseconds. */
function stallWatch(ms: number): { signal: AbortSignal; alive(): void; stop(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, alive: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}

/** What fetch hides behind "fetch failed". */
function reason(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || (cause as NodeJS.ErrnoException).code || message;
}
