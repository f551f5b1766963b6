import type { LivePeer } from "./live-peer";
import { dataShape, type Setting } from "./setting";

/** One thing whose cost is measured: a peer at a setting. */
export interface Cell {
  readonly peer: LivePeer;
  readonly setting: Setting;
}

export interface Effort {
  readonly rounds: number;
  /** Processor seconds of one cell in one round, about. */
  readonly seconds: number;
}

/**
 * Microseconds a step of each cell in each round. In a round every cell has its turn, beginning one further each time,
 * so that a slow moment of the machine falls on all of them alike.
 */
export async function measure(cells: readonly Cell[], { rounds, seconds }: Effort): Promise<number[][]> {
  const runs: { cell: Cell; run: string; steps: number }[] = [];
  for (const [index, cell] of cells.entries()) {
    const run = `cell ${index}`;
    await openRun(cell, run);
    runs.push({ cell, run, steps: await calibrate(cell, run, seconds) });
  }
  const costs: number[][] = cells.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < runs.length; turn++) {
      const index = (round + turn) % runs.length;
      const { cell, run, steps } = runs[index];
      const { cpu } = await cell.peer.ask("steps", { run, steps });
      costs[index].push((cpu / steps) * 1e6);
    }
  }
  for (const { cell, run } of runs) await cell.peer.ask("close", { run });
  return costs;
}

const known = new WeakMap<LivePeer, Set<string>>();

/** A run at a setting, on examples that the peer makes once for all runs of that shape. */
export async function openRun({ peer, setting }: Cell, run: string): Promise<void> {
  const shape = dataShape(setting);
  const data = JSON.stringify(shape);
  const made = known.get(peer) ?? new Set();
  known.set(peer, made);
  if (!made.has(data)) await peer.ask("data", { data, ...shape });
  made.add(data);
  await peer.ask("open", { run, data, setting });
}

/** Fewer would show single collections of garbage. */
const FEWEST_STEPS = 20;

/** How many steps take about that long, in whole intervals of topology updates; warms the peer up on the way. */
async function calibrate({ peer, setting }: Cell, run: string, seconds: number): Promise<number> {
  const unit = setting.update?.interval ?? 1;
  await peer.ask("steps", { run, steps: unit });
  for (let steps = unit; ; steps *= 2) {
    const { cpu } = await peer.ask("steps", { run, steps });
    if (cpu > seconds / 4) return Math.ceil(Math.max(FEWEST_STEPS, (seconds / cpu) * steps) / unit) * unit;
  }
}
