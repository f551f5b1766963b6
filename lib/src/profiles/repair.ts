/** One unit of fan-in taken from the neuron at rank `from` and given to the one at rank `to`. */
interface Move {
  readonly from: number;
  readonly to: number;
  /** Half of what the move adds to Σk². */
  readonly gain: number;
}

/** The least and the greatest fan-in that a neuron may have. */
interface Bounds {
  readonly least: number;
  readonly most: number;
}

/**
 * Moves single units between neurons until Σk² has changed by 2·`half`, or as nearly as single moves get: always the
 * move that leaves least to do. Ranks are kept, no neuron strays further from where it began than it must, and the two
 * extreme neurons are spared where others can do at least half as well.
 *
 * @param fanIn ascending; left as it is
 * @param half what Σk² lacks, halved; a whole number
 */
export function repair(fanIn: Uint32Array, half: number, bounds: Bounds): Uint32Array {
  const moved = fanIn.slice();
  let rest = half;
  for (let stray = 1; rest !== 0 && stray < 2 * (bounds.most - bounds.least); stray *= 2) {
    for (;;) {
      const { givers, takers } = movable(moved, fanIn, stray, bounds);
      const move = bestMove(moved, rest, givers, takers);
      if (move === null) break;
      const inner = bestMove(moved, rest, givers.filter(isInner), takers.filter(isInner));
      const chosen = inner !== null && progress(rest, inner) >= progress(rest, move) / 2 ? inner : move;
      moved[chosen.from]--;
      moved[chosen.to]++;
      rest -= chosen.gain;
    }
  }
  return moved;

  function isInner(rank: number): boolean {
    return rank > 0 && rank < fanIn.length - 1;
  }
}

function progress(half: number, { gain }: Move): number {
  return Math.abs(half) - Math.abs(half - gain);
}

/** Ranks that can lose or gain a unit and stay in order: the first or the last of their equals. */
function movable(
  fanIn: Uint32Array,
  origin: Uint32Array,
  stray: number,
  { least, most }: Bounds,
): { givers: number[]; takers: number[] } {
  const givers: number[] = [];
  const takers: number[] = [];
  for (let rank = 0; rank < fanIn.length; rank++) {
    const k = fanIn[rank];
    if (k !== fanIn[rank - 1] && k > least && origin[rank] - k < stray) givers.push(rank);
    if (k !== fanIn[rank + 1] && k < most && k - origin[rank] < stray) takers.push(rank);
  }
  return { givers, takers };
}

/** The move whose gain is nearest to `half`; null when every move leaves at least as much to do as none. */
function bestMove(fanIn: Uint32Array, half: number, givers: readonly number[], takers: readonly number[]): Move | null {
  let best: Move | null = null;
  let rest = Math.abs(half);
  let near = 0;
  for (const from of givers) {
    while (near < takers.length && fanIn[takers[near]] < fanIn[from] - 1 + half) near++;
    for (let t = Math.max(0, near - 2); t < Math.min(takers.length, near + 2); t++) {
      const to = takers[t];
      const gain = fanIn[to] - fanIn[from] + 1;
      if (from !== to && Math.abs(half - gain) < rest) {
        best = { from, to, gain };
        rest = Math.abs(half - gain);
      }
    }
  }
  return best;
}
