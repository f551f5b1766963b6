const blocks = "▁▂▃▄▅▆▇█";

/**
 * A curve in one line of text: the least value is ▁, the largest █; values that are all equal are ▄. More than `width`
 * values are averaged in groups, and what is not finite is left out.
 */
export function sparkline(values: readonly number[], width: number = 16): string {
  const finite = values.filter(Number.isFinite);
  const count = Math.min(width, finite.length);
  const points = Array.from({ length: count }, (_, i) => {
    const group = finite.slice(Math.floor((i * finite.length) / count), Math.floor(((i + 1) * finite.length) / count));
    return group.reduce((sum, value) => sum + value, 0) / group.length;
  });
  const [least, most] = [Math.min(...points), Math.max(...points)];
  const height = (point: number): number => (least === most ? 3 : Math.round((7 * (point - least)) / (most - least)));
  return points.map((point) => blocks[height(point)]).join("");
}
