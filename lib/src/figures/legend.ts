import type { Canvas } from "./canvas";
import { type MethodStyle, methodStyle } from "./theme";

const lineHeight = 17;
const letter = 5.8;

/** What a legend explains: a label and how it is drawn. */
export interface LegendEntry {
  readonly style: MethodStyle;
  readonly line: boolean;
  readonly marker: boolean;
}

/** Where a legend stands, in CSS pixels. */
export interface LegendPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** Entries of methods, all drawn the same way; a dense network has no marker. */
export function legendEntries(
  methods: readonly string[],
  look: { readonly line: boolean; readonly marker: boolean },
): LegendEntry[] {
  return methods.map((method) => {
    return { style: methodStyle(method), ...look, ...(method === "dense" ? { line: true, marker: false } : {}) };
  });
}

/** The width of what stands before the labels: a line's dash needs more than a marker. */
const swatchOf = (entries: readonly LegendEntry[]): number => (entries.some(({ line }) => line) ? 34 : 12);

/** How many entries stand side by side: as many as the longest label leaves room for. */
function perLine(entries: readonly LegendEntry[], width: number): number {
  const longest = Math.max(...entries.map(({ style }) => style.label.length));
  return Math.max(1, Math.min(entries.length, Math.floor(width / (swatchOf(entries) + 18 + letter * longest))));
}

/** The height of a legend in a width. */
export function legendHeight(entries: readonly LegendEntry[], width: number): number {
  return entries.length === 0 ? 0 : Math.ceil(entries.length / perLine(entries, width)) * lineHeight;
}

/** A legend drawn in place: Plotly's own moves with the length of its texts and shows too little of a dash. */
export function drawLegend(canvas: Canvas, entries: readonly LegendEntry[], { left, top, width }: LegendPlace): void {
  if (entries.length === 0) return;
  const height = legendHeight(entries, width);
  const columns = perLine(entries, width);
  const swatch = swatchOf(entries);
  const hidden = { visible: false, fixedrange: true };
  const axes = canvas.panel(
    { left, top, width, height },
    { ...hidden, range: [0, width] },
    { ...hidden, range: [height, 0] },
  );
  entries.forEach(({ style, line, marker }, index) => {
    const x = (index % columns) * (width / columns);
    const y = (Math.floor(index / columns) + 0.5) * lineHeight;
    const { color, dash, label } = style;
    const common = { type: "scatter", ...axes, hoverinfo: "skip" };
    if (line) {
      canvas.traces.push({
        ...common,
        mode: "lines",
        x: [x, x + swatch],
        y: [y, y],
        line: { color, dash, width: 1.4 },
      });
    }
    if (marker) {
      canvas.traces.push({ ...common, mode: "markers", x: [x + swatch / 2], y: [y], marker: markerOf(style, 7) });
    }
    canvas.write(label, left + x + swatch + 6, top + y);
  });
}

/** A Plotly marker, `size` CSS pixels across; open ones get a stroke that holds in print. */
export function markerOf({ color, symbol }: MethodStyle, size: number): Record<string, unknown> {
  return { color, symbol, size, line: { color, width: symbol.includes("-open") ? 1.5 : 0 } };
}
