import type { Estimate } from "./estimate";

/** An accuracy (0 … 1) as it is drawn: the error in per cent, on a logarithmic axis that runs downwards. */
export const errorOf = (accuracy: number): number => 100 * (1 - accuracy);

/**
 * An axis of accuracies in per cent that is logarithmic in the error: from 80 to 99.9 % sparsity errors differ tenfold,
 * and on a linear scale all but the largest would lie on each other. A bar that reaches 100 % runs out of the panel.
 */
export function accuracyAxis(rows: readonly Estimate[], pixels: number): Record<string, unknown> {
  const means = rows.map(({ mean }) => errorOf(mean));
  const bounds = rows.flatMap(({ low, high }) => [low, high].filter(Number.isFinite).map(errorOf));
  const floor = Math.max(0.01, Math.min(...means) / 2);
  const from = Math.max(floor, Math.min(...means, ...bounds));
  const to = Math.max(1.02 * from, ...means, ...bounds);
  const pad = (to / from) ** 0.06;
  const range: readonly [number, number] = [from / pad, Math.min(to * pad, 100)];
  const ticks = errorTicks(range, pixels);
  return {
    type: "log",
    range: [Math.log10(range[1]), Math.log10(range[0])],
    tickvals: ticks,
    ticktext: ticks.map((error) => String(Number((100 - error).toFixed(2)))),
  };
}

/** Errors that are round as accuracies: the roundest first, then others where there is room, until there are enough. */
function errorTicks([low, high]: readonly [number, number], pixels: number): number[] {
  const [apart, enough] = [17, 5];
  const pixel = (error: number): number => (Math.log(error / low) / Math.log(high / low)) * pixels;
  const ticks: number[] = [];
  for (const step of [20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01]) {
    if (ticks.length >= enough) break;
    for (let i = Math.ceil(low / step); i * step <= high; i++) {
      const error = Number((i * step).toFixed(2));
      if (error > 0 && ticks.every((tick) => Math.abs(pixel(tick) - pixel(error)) >= apart)) ticks.push(error);
    }
  }
  return ticks.sort((a, b) => a - b);
}

/** Plotly's error bars of accuracies on such an axis, where up is down. */
export function accuracyBars(rows: readonly Estimate[], color: string): Record<string, unknown> {
  const finite = (value: number): number | null => (Number.isFinite(value) ? 100 * value : null);
  return {
    type: "data",
    symmetric: false,
    array: rows.map(({ mean, low }) => finite(mean - low)),
    arrayminus: rows.map(({ mean, high }) => finite(high - mean)),
    color,
    thickness: 1.2,
    width: 0,
  };
}
