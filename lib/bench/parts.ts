import type { LivePeer } from "./live-peer";
import type { Peer } from "./peers";
import { type Cell, type Effort, measure, openRun } from "./rounds";
import { nonzeros, type Setting, setting } from "./setting";
import { type Estimate, estimate, type Line, lineFit, ratio } from "./statistics";

/** What one peer costs at one sparsity. */
export interface Cost {
  readonly peer: string;
  readonly sparsity: number;
  /** Microseconds a step. */
  readonly microseconds: Estimate;
  /** Of its cost to that of the base. */
  readonly ratio: Estimate;
}

/** What something adds to a step of the base. */
export interface Overhead {
  readonly what: "RigL" | "LayerNorm";
  readonly sparsity: number;
  /** Share of the cost without it: 0.05 is 5 %. */
  readonly added: Estimate;
}

/** Cost of the base against its number of connections. */
export interface Scaling {
  readonly points: readonly {
    readonly sizes: readonly number[];
    readonly sparsity: number;
    readonly nonzeros: number;
    readonly microseconds: Estimate;
  }[];
  /** Microseconds against thousands of connections. */
  readonly line: Line;
}

/** What one run holds, without the examples. */
export interface Memory {
  readonly peer: string;
  readonly sparsity: number;
  /** Growth of the process, in bytes; null where the system does not tell. */
  readonly resident: number | null;
  /** What the engine itself counts. */
  readonly own: number | null;
}

/** Everything measured; parts that were not asked for are empty. */
export interface Results {
  costs: readonly Cost[];
  overheads: readonly Overhead[];
  sparsities: Scaling | null;
  widths: readonly Scaling[];
  memory: readonly Memory[];
}

export const partNames = ["peers", "rigl", "layernorm", "nonzeros", "widths", "memory"] as const;
export type PartName = (typeof partNames)[number];

export interface Bench {
  /** The first is the base. */
  readonly peers: readonly LivePeer[];
  readonly effort: Effort;
  readonly quick: boolean;
  /** A process of its own, for memory. */
  start(peer: Peer): Promise<LivePeer>;
  say(what: string): void;
}

/** Steps between topology updates. */
export const INTERVAL = 100;
/** The share that moves in each: the mean of what RigL moves, which falls from 0.3 to 0. */
const FRACTION = 0.15;

export async function runParts(bench: Bench, parts: readonly PartName[]): Promise<Results> {
  const has = (part: PartName): boolean => parts.includes(part);
  const update = { interval: INTERVAL, fraction: FRACTION };
  return {
    costs: has("peers") ? await costs(bench) : [],
    overheads: [
      ...(has("rigl") ? await overheads(bench, "RigL", { update }) : []),
      ...(has("layernorm") ? await overheads(bench, "LayerNorm", { layerNorm: true }) : []),
    ],
    sparsities: has("nonzeros") ? await acrossSparsities(bench) : null,
    widths: has("widths") ? await acrossWidths(bench) : [],
    memory: has("memory") ? await memory(bench) : [],
  };
}

async function costs({ peers, effort, say }: Bench): Promise<Cost[]> {
  const found: Cost[] = [];
  for (const sparsity of [0, 0.8, 0.9, 0.95, 0.99, 0.999]) {
    say(`peers at ${percent(sparsity)}`);
    const cells = peers.map((peer) => ({ peer, setting: setting({ sparsity }) }));
    const measured = await measure(cells, effort);
    for (const [index, { peer }] of cells.entries()) {
      const microseconds = estimate(measured[index]);
      found.push({ peer: peer.peer.id, sparsity, microseconds, ratio: ratio(measured[index], measured[0]) });
    }
  }
  return found;
}

async function overheads(
  { peers: [peer], effort, say }: Bench,
  what: Overhead["what"],
  changes: Partial<Setting>,
): Promise<Overhead[]> {
  const found: Overhead[] = [];
  for (const sparsity of [0.9, 0.99]) {
    say(`${what} at ${percent(sparsity)}`);
    const cells = [{}, changes].map((more) => ({ peer, setting: setting({ sparsity, ...more }) }));
    const [plain, changed] = await measure(cells, { ...effort, rounds: 2 * effort.rounds });
    const { median, low, high } = ratio(changed, plain);
    found.push({ what, sparsity, added: { median: median - 1, low: low - 1, high: high - 1 } });
  }
  return found;
}

async function acrossSparsities(bench: Bench): Promise<Scaling> {
  bench.say("cost against nonzeros");
  const sparsities = [0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999];
  const settings = sparsities.map((sparsity) => setting({ sparsity }));
  return scaling(bench, settings, () => 1);
}

/** Two hidden layers as wide as the input, so that most connections carry a gradient back. */
async function acrossWidths(bench: Bench): Promise<Scaling[]> {
  const widths = bench.quick ? [128, 512] : [128, 256, 512, 1024, 2048, 4096];
  const found: Scaling[] = [];
  for (const sparsity of [0.9, 0.99]) {
    bench.say(`widths at ${percent(sparsity)}`);
    const settings = widths.map((width) => setting({ sparsity, sizes: [width, width, width, 10] }));
    // Costs here span three orders of magnitude: the widest net alone would set a line of least absolute errors.
    found.push(await scaling(bench, settings, (microseconds) => microseconds ** -2));
  }
  return found;
}

async function scaling(
  { peers: [peer], effort }: Bench,
  settings: readonly Setting[],
  weight: (microseconds: number) => number,
): Promise<Scaling> {
  const cells: Cell[] = settings.map((each) => ({ peer, setting: each }));
  const measured = (await measure(cells, effort)).map(estimate);
  const points = settings.map((each, index) => {
    const { sizes, sparsity } = each;
    return { sizes, sparsity, nonzeros: nonzeros(each), microseconds: measured[index] };
  });
  const medians = points.map(({ microseconds: { median } }) => median);
  const line = lineFit(
    points.map((point) => point.nonzeros / 1000),
    medians,
    medians.map(weight),
  );
  return { points, line };
}

async function memory({ peers, quick, start, say }: Bench): Promise<Memory[]> {
  const found: Memory[] = [];
  for (const { peer } of quick ? peers.slice(0, 1) : peers) {
    for (const sparsity of [0.9, 0.99]) {
      say(`memory of ${peer.label} at ${percent(sparsity)}`);
      const live = await start(peer);
      found.push({ peer: peer.id, sparsity, ...(await memoryOfRun(live, setting({ sparsity }))) });
      live.stop();
    }
  }
  return found;
}

/** What a process grows by when a second run is opened and trained; the first has brought all that runs share. */
async function memoryOfRun(peer: LivePeer, wanted: Setting): Promise<Pick<Memory, "resident" | "own">> {
  const first = { ...wanted, sizes: [wanted.sizes[0], 16, 16, 10] };
  await openRun({ peer, setting: first }, "first");
  await peer.ask("steps", { run: "first", steps: 20 });
  const before = await peer.ask("memory", {});
  await openRun({ peer, setting: wanted }, "measured");
  await peer.ask("steps", { run: "measured", steps: 20 });
  const { resident, own } = await peer.ask("memory", { run: "measured" });
  return { resident: resident === null || before.resident === null ? null : resident - before.resident, own };
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
