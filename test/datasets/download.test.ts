import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { DataError } from "psn/dist/datasets/data-error";
import { explainDiskFault, isDiskFault } from "psn/dist/datasets/disk-fault";
import { type DownloadOptions, ensureFile } from "psn/dist/datasets/download";
import { transfer } from "psn/dist/datasets/transfer";
import { thisProcess } from "psn/dist/owner";
import { createRandom } from "psn/dist/random";
import { digestOf, listener, sourceOf, temporaryFolder } from "./files";

const random = createRandom(5);
const contents = Buffer.from(Uint8Array.from({ length: 3_000_000 }, () => random.integer(256)));
const half = contents.length / 2;

type Handler = (request: IncomingMessage, response: ServerResponse, visit: number) => void;

/** A server of one file; `ranges` lists what each request asked for. */
async function serve(test: TestContext, handler: Handler): Promise<{ address: string; ranges: string[] }> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? "all");
    handler(request, response, ranges.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/numbers.gz`, ranges };
}

/** Answers like a good server, resuming included. */
const answer: Handler = (request, response) => answerWith(contents, request, response);

function answerWith(body: Buffer, request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers: Record<string, string | number> = { "content-length": body.length - from };
  if (from > 0) headers["content-range"] = `bytes ${from}-${body.length - 1}/${body.length}`;
  response.writeHead(from > 0 ? 206 : 200, headers).end(body.subarray(from));
}

/** Settings for a test, and what was told. */
function options(folder: string, more: DownloadOptions = {}): DownloadOptions & { told: ReturnType<typeof listener> } {
  const told = listener();
  const patience = { stallMs: 5000, retries: 2, backoffMs: 5 };
  return { folder, mirror: null, patience, reporter: told, told, ...more };
}

/** Leaves the first `bytes` as a process that has ended would. */
function leavePart(folder: string, bytes: Buffer): string {
  const [host, , start] = thisProcess().split("~");
  const ended = spawnSync(process.execPath, ["-e", ""]).pid;
  const part = join(folder, "small", `numbers.gz.${host}~${ended}~${start}-0-0.part`);
  mkdirSync(dirname(part), { recursive: true });
  writeFileSync(part, bytes);
  return part;
}

function assertOnlyFile(folder: string, path: string): void {
  assert.equal(path, join(folder, "small", "numbers.gz"));
  assert(readFileSync(path).equals(contents));
  assert.deepEqual(readdirSync(dirname(path)), ["numbers.gz"]);
}

test("a file is downloaded with progress, verified, and the next time only verified", async (t) => {
  const folder = temporaryFolder(t);
  const { address, ranges } = await serve(t, answer);
  const settings = options(folder);
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), settings));
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), settings));
  assert.deepEqual(ranges, ["all"]);
  const { steps, notes, warnings } = settings.told;
  assert.equal(steps.at(-1), contents.length);
  assert(steps.every((step, i) => i === 0 || step > steps[i - 1]));
  assert.deepEqual([notes.length, warnings.length], [1, 0]);
});

test("what another process left unfinished is resumed", async (t) => {
  const folder = temporaryFolder(t);
  leavePart(folder, contents.subarray(0, half));
  const { address, ranges } = await serve(t, answer);
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), options(folder)));
  assert.deepEqual(ranges, [`bytes=${half}-`]);
});

test("the part of a living process is left alone", async (t) => {
  const folder = temporaryFolder(t);
  const part = leavePart(folder, contents.subarray(0, half));
  // Another thread of this process, and a process of another machine, of which nothing is known.
  const living = [`${thisProcess()}-7-0`, "another~1~1-0-0"].map((owner) =>
    part.replace(/[^.]+\.part$/, `${owner}.part`),
  );
  for (const file of living) writeFileSync(file, "theirs");
  const { address, ranges } = await serve(t, answer);
  await ensureFile(sourceOf(contents, [address]), options(folder));
  assert.deepEqual(ranges, [`bytes=${half}-`]);
  for (const file of living) assert.equal(readFileSync(file, "utf8"), "theirs");
});

test("what a process left whose pid another one has now is resumed", async (t) => {
  const folder = temporaryFolder(t);
  const [host, pid, start] = thisProcess().split("~");
  const left = leavePart(folder, contents.subarray(0, half));
  renameSync(left, left.replace(/[^.]+\.part$/, `${host}~${pid}~${start}0-0-0.part`));
  const { address, ranges } = await serve(t, answer);
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), options(folder)));
  assert.deepEqual(ranges, [`bytes=${half}-`]);
});

test("a connection cut in the middle is resumed from where it stopped", async (t) => {
  const folder = temporaryFolder(t);
  const { address, ranges } = await serve(t, (request, response, visit) => {
    if (visit > 1) return answer(request, response, visit);
    response.writeHead(200, { "content-length": contents.length });
    response.write(contents.subarray(0, half), () => setTimeout(() => response.destroy(), 50));
  });
  const settings = options(folder);
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), settings));
  assert.equal(ranges.length, 2);
  assert(Number(/bytes=(\d+)-/.exec(ranges[1])?.[1]) > 0, ranges[1]);
  assert.match(settings.told.warnings[0], /small\/numbers\.gz: .*trying again in 0\.005 s/);
});

test("a body that ends early without saying so is noticed and resumed", async (t) => {
  const folder = temporaryFolder(t);
  const { address, ranges } = await serve(t, (request, response, visit) => {
    if (visit > 1) answer(request, response, visit);
    else response.writeHead(200).end(contents.subarray(0, half)); // chunked: no length announced
  });
  const settings = options(folder);
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), settings));
  assert.deepEqual(ranges, ["all", `bytes=${half}-`]);
  assert.match(settings.told.warnings[0], /ended after 1500000 of 3000000 bytes/);
});

test("a server that cannot resume sends the whole file again", async (t) => {
  const folder = temporaryFolder(t);
  leavePart(folder, contents.subarray(0, half));
  const { address } = await serve(t, (_, response) => response.writeHead(200).end(contents));
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), options(folder)));
});

test("a server that refuses the range, or resumes elsewhere, is asked from the start", async (t) => {
  const elsewhere = { "content-range": `bytes 7-${contents.length - 1}/${contents.length}` };
  for (const refusal of [{ status: 416 }, { status: 206, headers: elsewhere }]) {
    const folder = temporaryFolder(t);
    leavePart(folder, contents.subarray(0, half));
    const { address, ranges } = await serve(t, (request, response, visit) => {
      if (visit > 1) answer(request, response, visit);
      else response.writeHead(refusal.status, refusal.headers).end(contents.subarray(7));
    });
    assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), options(folder)));
    assert.deepEqual(ranges, [`bytes=${half}-`, "all"]);
  }
});

test("a resumed file with a wrong beginning is fetched once afresh", async (t) => {
  const folder = temporaryFolder(t);
  leavePart(folder, Buffer.alloc(half));
  const { address, ranges } = await serve(t, answer);
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), options(folder)));
  assert.deepEqual(ranges, [`bytes=${half}-`, "all"]);
});

test("a wrong checksum is an error with file, expected and got, and nothing stays", async (t) => {
  const folder = temporaryFolder(t);
  const wrong = Buffer.alloc(contents.length, 1);
  const { address, ranges } = await serve(t, (request, response) => answerWith(wrong, request, response));
  await assert.rejects(ensureFile(sourceOf(contents, [address]), options(folder)), (error) => {
    assert(error instanceof DataError);
    const got = digestOf(wrong).hex;
    const expected = digestOf(contents).hex;
    for (const part of [`has sha256 ${got}, expected ${expected}`, address, "PSN_DATA_MIRROR", "by hand", error.file]) {
      assert(error.message.includes(part), `${part} is not in: ${error.message}`);
    }
    return true;
  });
  assert.deepEqual(ranges, ["all"]);
  assert.deepEqual(readdirSync(join(folder, "small")), []);
});

test("a server that stalls is given up, and what it sent is kept for the next time", async (t) => {
  const folder = temporaryFolder(t);
  let good = false;
  const { address, ranges } = await serve(t, (request, response) => {
    if (good) return answer(request, response, 1);
    response.writeHead(200).write(contents.subarray(0, half));
  });
  const patience = { stallMs: 150, retries: 1, backoffMs: 5 };
  const source = sourceOf(contents, [address]);
  await assert.rejects(ensureFile(source, options(folder, { patience })), /sent nothing for 0\.15 s/);
  assert.equal(ranges.length, 3); // the first attempt brought over a megabyte and so does not count as futile
  assert.equal(readdirSync(join(folder, "small")).length, 1);
  good = true;
  assertOnlyFile(folder, await ensureFile(source, options(folder)));
  assert.match(ranges[3], /^bytes=\d+-$/);
});

test("a server that never answers is given up", async (t) => {
  const { address } = await serve(t, () => {});
  const patience = { stallMs: 50, retries: 0 };
  await assert.rejects(
    ensureFile(sourceOf(contents, [address]), options(temporaryFolder(t), { patience })),
    /sent nothing for 0\.05 s/,
  );
});

test("404 is final and the next address is tried; 503 is tried again", async (t) => {
  const folder = temporaryFolder(t);
  const missing = await serve(t, (_, response) => response.writeHead(404).end("no"));
  const busy = await serve(t, (request, response, visit) => {
    if (visit < 3) response.writeHead(503).end("later");
    else answer(request, response, visit);
  });
  const settings = options(folder);
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [missing.address, busy.address]), settings));
  assert.deepEqual([missing.ranges.length, busy.ranges.length], [1, 3]);
  assert.match(settings.told.warnings[0], /answers 404 Not Found/);
  assert.match(settings.told.warnings[1], /answers 503 .*trying again in 0\.005 s/);
  assert.match(settings.told.warnings[2], /trying again in 0\.01 s/);
});

test("retries end", async (t) => {
  const { address, ranges } = await serve(t, (_, response) => response.writeHead(503).end());
  await assert.rejects(ensureFile(sourceOf(contents, [address]), options(temporaryFolder(t))), /answers 503/);
  assert.equal(ranges.length, 3);
});

test("redirections are followed", async (t) => {
  const folder = temporaryFolder(t);
  const { address } = await serve(t, answer);
  const moved = await serve(t, (_, response) => response.writeHead(302, { location: address }).end());
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [moved.address]), options(folder)));
});

test("another file is refused before it is read, by its length or its encoding", async (t) => {
  const page = await serve(t, (_, response) => response.writeHead(200, { "content-length": 9 }).end("<html>..."));
  const encoded = await serve(t, (_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(contents),
  );
  const longer = await serve(t, (_, response) => response.writeHead(200).end(Buffer.concat([contents, contents])));
  const source = sourceOf(contents, [page.address, encoded.address, longer.address]);
  await assert.rejects(ensureFile(source, options(temporaryFolder(t))), (error) => {
    assert(error instanceof DataError);
    assert.match(error.message, /offers 9 bytes where 3000000 are expected: not the same file/);
    assert.match(error.message, /re-encoded \(content-encoding gzip\)/);
    assert.match(error.message, /sends more than the 3000000 bytes of the file/);
    return true;
  });
  assert.deepEqual([page.ranges.length, encoded.ranges.length, longer.ranges.length], [1, 1, 1]);
});

test("servers are asked not to re-encode the file", async (t) => {
  const folder = temporaryFolder(t);
  const { address } = await serve(t, (request, response, visit) => {
    if (request.headers["accept-encoding"] === "identity") return answer(request, response, visit);
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(contents));
  });
  assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), options(folder)));
});

test("without a network the error names the address and the cure", async (t) => {
  const source = sourceOf(contents, ["http://127.0.0.1:9/numbers.gz"]);
  const settings = options(temporaryFolder(t), { patience: { retries: 0 } });
  await assert.rejects(
    ensureFile(source, settings),
    /127\.0\.0\.1:9\/numbers\.gz: no connection: .*\n.*Check the network/s,
  );
});

test("the mirror comes before the public addresses, be it a folder or an address", async (t) => {
  const publicly = await serve(t, answer);
  const source = sourceOf(contents, [publicly.address]);
  const path = temporaryFolder(t);
  mkdirSync(join(path, "small"));
  writeFileSync(join(path, "small", "numbers.gz"), contents, { mode: 0o444 });
  let folder = temporaryFolder(t);
  assertOnlyFile(folder, await ensureFile(source, options(folder, { mirror: { kind: "folder", path } })));
  const asked: string[] = [];
  const mirror = await serve(t, (request, response) => {
    asked.push(request.url ?? "");
    answer(request, response, 1);
  });
  folder = temporaryFolder(t);
  const address = new URL("/copies", mirror.address).href;
  assertOnlyFile(folder, await ensureFile(source, options(folder, { mirror: { kind: "web", address } })));
  assert.deepEqual(asked, ["/copies/small/numbers.gz"]);
  assert.deepEqual(publicly.ranges, []);
});

test("a mirror without the file, or with a wrong one, is told of and passed over", async (t) => {
  const { address } = await serve(t, answer);
  const path = temporaryFolder(t);
  const mirror = { kind: "folder", path } as const;
  for (const fault of [/numbers\.gz: is not there/, /has 4 bytes, expected 3000000/]) {
    const folder = temporaryFolder(t);
    const settings = options(folder, { mirror });
    assertOnlyFile(folder, await ensureFile(sourceOf(contents, [address]), settings));
    assert.match(settings.told.warnings.join(), fault);
    mkdirSync(join(path, "small"), { recursive: true });
    writeFileSync(join(path, "small", "numbers.gz"), "four");
  }
});

test("a damaged file in the data folder is told of and replaced", async (t) => {
  const folder = temporaryFolder(t);
  const { address } = await serve(t, answer);
  const source = sourceOf(contents, [address]);
  const path = await ensureFile(source, options(folder));
  for (const damage of [contents.subarray(1), Buffer.alloc(contents.length)]) {
    writeFileSync(path, damage);
    const settings = options(folder);
    assertOnlyFile(folder, await ensureFile(source, settings));
    assert.match(settings.told.warnings[0], /numbers\.gz has .*expected .*; getting it again/);
  }
});

test("an abort stops at once with its reason, and the download can be resumed", async (t) => {
  const folder = temporaryFolder(t);
  const { address, ranges } = await serve(t, (request, response, visit) => {
    if (visit > 1) answer(request, response, visit);
    else response.writeHead(200).write(contents.subarray(0, half));
  });
  const source = sourceOf(contents, [address]);
  const stop = new AbortController();
  const reporter = { ...listener(), progress: () => setTimeout(() => stop.abort(new Error("enough")), 50) };
  await assert.rejects(ensureFile(source, options(folder, { signal: stop.signal, reporter })), /^Error: enough$/);
  await assert.rejects(ensureFile(source, options(folder, { signal: stop.signal })), /^Error: enough$/);
  assertOnlyFile(folder, await ensureFile(source, options(folder)));
  assert.match(ranges[1], /^bytes=\d+-$/);
});

test("processes that fetch the same file at the same time do not disturb one another", async (t) => {
  const folder = temporaryFolder(t);
  const waiting: ServerResponse[] = [];
  const { address, ranges } = await serve(t, (_, response) => {
    response.writeHead(200, { "content-length": contents.length });
    response.write(contents.subarray(0, half));
    // Only once all three have begun may any of them end.
    if (waiting.push(response) === 3) for (const each of waiting) each.end(contents.subarray(half));
  });
  const program = `require("psn/dist/datasets/download").ensureFile(${JSON.stringify(sourceOf(contents, [address]))},
    { folder: ${JSON.stringify(folder)}, mirror: null, quiet: true })`;
  const exits = [0, 1, 2].map(async () => {
    const child = spawn(process.execPath, ["-e", program], { cwd: __dirname, stdio: ["ignore", "inherit", "inherit"] });
    return (await once(child, "exit"))[0];
  });
  assert.deepEqual(await Promise.all(exits), [0, 0, 0]);
  assert.equal(ranges.length, 3);
  assertOnlyFile(folder, join(folder, "small", "numbers.gz"));
});

test("a full disk ends the download at once, with a cure", { skip: process.platform !== "linux" }, async (t) => {
  const { address, ranges } = await serve(t, answer);
  const context = { patience: { stallMs: 1000, retries: 5, backoffMs: 5 }, reporter: listener() };
  const source = sourceOf(contents, [address]);
  await assert.rejects(transfer(address, "/dev/full", source, context), (error) => {
    assert(isDiskFault(error), `${error}`);
    const { message } = explainDiskFault(error, "/data/small/numbers.gz", source.bytes);
    assert.match(
      message,
      /the disk is full \(ENOSPC\); free at least 3000000 bytes for \/data\/small, or set PSN_DATA/,
    );
    return true;
  });
  assert.equal(ranges.length, 1);
});

test("missing permission is explained", () => {
  const error = Object.assign(new Error("EACCES"), { code: "EACCES", path: "/data/small" });
  assert(isDiskFault(error));
  assert.match(explainDiskFault(error, "/data/small/a", 1).message, /no permission \(EACCES at \/data\/small\); make /);
  assert(!isDiskFault(Object.assign(new Error(), { code: "ENOENT" })) && !isDiskFault(undefined));
});

test("an md5 is checked where it is what the publisher gives", async (t) => {
  const { address } = await serve(t, answer);
  const hex = createHash("md5").update(contents).digest("hex");
  const source = { ...sourceOf(contents, [address]), digest: { algorithm: "md5", hex } as const };
  const folder = temporaryFolder(t);
  assertOnlyFile(folder, await ensureFile(source, options(folder)));
  const wrong = { ...source, digest: { ...source.digest, hex: "0" } };
  await assert.rejects(ensureFile(wrong, options(temporaryFolder(t))), /has md5 .*, expected 0/);
});
