/** Width of a digit of a tick's label, in CSS pixels (a point is half as wide), and the room between two labels. */
const digit = 6.1;
const room = 5;
/** How near the end of an axis a tick may stand. */
const margin = 7;

/**
 * Round values of a range drawn `pixels` long, as many as have room, none so near an end that its label sticks out.
 * Steps of 3 and 4 are taken only where those of 1, 2 and 5 leave a single tick.
 */
export function ticksInside(range: readonly [number, number], pixels: number): number[] {
  const usual = densestTicks(range, pixels, [1, 2, 5]);
  if (usual.length > 1) return usual;
  const others = densestTicks(range, pixels, [3, 4]);
  return others.length > usual.length ? others : usual;
}

function densestTicks([low, high]: readonly [number, number], pixels: number, factors: readonly number[]): number[] {
  const perPixel = (high - low) / pixels;
  const steps = [-3, -2, -1, 0, 1, 2, 3, 4].flatMap((power) => factors.map((factor) => factor * 10 ** power));
  for (const step of steps) {
    const first = Math.ceil((low + margin * perPixel) / step);
    const count = Math.floor((high - margin * perPixel) / step) - first + 1;
    if (count > pixels / (digit + room)) continue;
    const ticks = Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toFixed(6)));
    if (ticks.slice(1).every((tick, i) => step / perPixel >= (labelWidth(tick) + labelWidth(ticks[i])) / 2 + room)) {
      return ticks;
    }
  }
  return [];
}

function labelWidth(tick: number): number {
  const label = String(tick);
  return digit * (label.length - (label.includes(".") ? 0.5 : 0));
}

/** Ticks of a logarithmic axis `pixels` long: as many round values as have room across its labels. */
export function logTicks([low, high]: readonly [number, number], pixels: number, apart: number): number[] {
  const inside = (value: number): boolean => value >= low && value <= high;
  const powers = Array.from({ length: 13 }, (_, i) => i - 6);
  const decades = [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map((digits) =>
    powers.flatMap((power) => digits.map((factor) => Number((factor * 10 ** power).toPrecision(2)))).filter(inside),
  );
  const tenths = [0.05, 0.1, 0.2].map((step) =>
    Array.from({ length: 200 }, (_, i) => Number((i * step).toFixed(2))).filter((value) => value > 0 && inside(value)),
  );
  const perPixel = Math.log(high / low) / pixels;
  const candidates = high / low < 2.5 ? [...tenths, ...decades] : decades;
  const fits = (ticks: readonly number[]): boolean =>
    ticks.slice(1).every((tick, i) => Math.log(tick / ticks[i]) / perPixel >= apart);
  return candidates.find(fits) ?? [];
}

/**
 * A range for a logarithmic axis that holds all means, all of `fixed`, and intervals as far as a factor of 2 from the
 * means: an interval of few runs may reach 0, and then runs out of the panel.
 */
export function logRange(
  rows: readonly { readonly mean: number; readonly low: number; readonly high: number }[],
  fixed: readonly number[],
): [number, number] {
  const means = [...rows.map(({ mean }) => mean), ...fixed].filter((mean) => mean > 0);
  const [floor, ceiling] = [Math.min(...means) / 2, Math.max(...means) * 2];
  const bounds = rows.flatMap(({ low, high }) => [low, high]).filter(Number.isFinite);
  const within = bounds.map((bound) => Math.min(ceiling, Math.max(floor, bound)));
  return [Math.min(...means, ...within), Math.max(...means, ...within)];
}

/** A range somewhat wider than what it holds, by a share of its length; `least` is the shortest it can be. */
export function padded([low, high]: readonly [number, number], share: number, least: number): [number, number] {
  const pad = share * Math.max(high - low, least);
  return [low - pad, high + pad];
}

/**
 * Ranges for panels that are compared: similar ones become a common one, so that lengths mean the same in both. None
 * becomes more than `stretch` times as long as it was.
 */
export function commonRanges(
  ranges: readonly (readonly [number, number])[],
  stretch: number,
): (readonly [number, number])[] {
  const length = ([low, high]: readonly [number, number]): number => high - low;
  const groups: (readonly [number, number])[][] = []; // the shortest range of each comes first
  for (const range of [...ranges].sort((a, b) => length(a) - length(b))) {
    const own = groups.find((group) => length(hull([...group, range])) <= stretch * length(group[0]));
    if (own === undefined) groups.push([range]);
    else own.push(range);
  }
  return ranges.map((range) => hull(groups.find((group) => group.includes(range))!));
}

function hull(ranges: readonly (readonly [number, number])[]): [number, number] {
  return [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))];
}
