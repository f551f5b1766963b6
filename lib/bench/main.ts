/** The benchmark: `npm run bench`. */
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { withMarkedText } from "psn/dist/commands/marked-text";
import { writeFileAtomically } from "psn/dist/experiments/write-file";
import { type LivePeer, startPeer } from "./live-peer";
import { lastCore, machine } from "./machine";
import { type PartName, partNames, runParts } from "./parts";
import { allPeers, type Peer } from "./peers";
import { PeerError } from "./protocol";
import { markdown, type Report, summary } from "./report";
import type { Effort } from "./rounds";
import { judge } from "./targets";

interface Options {
  readonly quick: boolean;
  readonly json: boolean;
  readonly write: boolean;
  readonly parts: readonly PartName[];
  readonly peers: readonly Peer[];
}

async function main(args: string[]): Promise<void> {
  const options = parse(args);
  const readme = join(__dirname, "..", "..", "..", "README.md");
  const document = options.write && existsSync(readme) ? readFileSync(readme, "utf8") : "";
  const place = { page: "README.md", marker: "bench" };
  if (options.write) withMarkedText(document, "", place);
  const report = await bench(options);
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 1)}\n` : `${markdown(report)}\n`);
  if (options.write) writeFileAtomically(readme, withMarkedText(document, `\n${summary(report)}\n`, place));
}

/** @throws RangeError on switches that do not exist */
function parse(args: string[]): Options {
  const flag = { type: "boolean", default: false } as const;
  const list = { type: "string", multiple: true, default: [] as string[] } as const;
  const options = { quick: flag, json: flag, write: flag, only: list, peer: list };
  const { values } = parseArgs({ args, options, strict: true, allowPositionals: false });
  const peers = allPeers();
  const parts = chosen("part", values.only, partNames);
  const ids = chosen(
    "peer",
    values.peer,
    peers.map(({ id }) => id),
  );
  const { quick, json, write } = values;
  return { quick, json, write, parts, peers: peers.filter(({ id }) => ids.includes(id)) };
}

function chosen<T extends string>(what: string, wanted: readonly string[], all: readonly T[]): readonly T[] {
  const unknown = wanted.find((name) => !all.includes(name as T));
  if (unknown !== undefined) throw new RangeError(`There is no ${what} ${unknown}; there are ${all.join(", ")}.`);
  return wanted.length === 0 ? all : all.filter((name) => wanted.includes(name));
}

async function bench({ quick, parts, peers: wanted }: Options): Promise<Report> {
  const effort: Effort = quick ? { rounds: 5, seconds: 0.03 } : { rounds: 21, seconds: 0.1 };
  const core = inPath("taskset") ? lastCore() : null;
  const pin = core === null ? [] : ["taskset", "--cpu-list", String(core)];
  const start = (peer: Peer): Promise<LivePeer> => startPeer(peer, pin);
  const { peers, skipped } = await startAll(wanted, start);
  try {
    const results = await runParts({ peers, effort, quick, start, say }, parts);
    const named = peers.map(({ peer: { id, label }, backend }) => ({ id, label, backend }));
    const targets = named[0].id === "sparse-avx512" ? judge(results) : null;
    return { machine: machine(), effort: { ...effort, quick }, core, peers: named, skipped, results, targets };
  } finally {
    for (const peer of peers) peer.stop();
  }
}

/** Those that run here; the others with the reason why not. */
async function startAll(
  wanted: readonly Peer[],
  start: (peer: Peer) => Promise<LivePeer>,
): Promise<{ peers: LivePeer[]; skipped: { id: string; reason: string }[] }> {
  const peers: LivePeer[] = [];
  const skipped: { id: string; reason: string }[] = [];
  for (const peer of wanted) {
    say(`starting ${peer.label}`);
    try {
      peers.push(await start(peer));
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      skipped.push({ id: peer.id, reason: error.message });
    }
  }
  if (peers.length === 0) {
    throw new PeerError(`No peer runs here: ${skipped.map(({ reason }) => reason).join("; ")}.`);
  }
  return { peers, skipped };
}

function say(what: string): void {
  process.stderr.write(`• ${what}\n`);
}

function inPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

main(process.argv.slice(2)).catch((error: Error & { code?: string }) => {
  const isUsage = error instanceof RangeError || error.code?.startsWith("ERR_PARSE_ARGS");
  if (!isUsage && !(error instanceof PeerError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = isUsage ? 2 : 1;
});
