/** One of several disjoint shares of all runs: `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** "2/3" as a shard; no text is all there is. */
export function parseShard(text: string | undefined): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(text ?? "1/1") ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new RangeError(`--shard is ${text}; it must be i/n, such as 1/3, with i from 1 to n.`);
}

/** Whether a run falls into a shard. That hangs on its id alone: machines agree, whatever else they were asked for. */
export function inShard(id: string, { index, count }: Shard): boolean {
  return Number.parseInt(id.slice(0, 8), 16) % count === index - 1;
}
