import type { Canvas } from "./canvas";
import { methodStyle } from "./theme";

const lineHeight = 17;
const swatch = 32;

/** Where a legend stands, in CSS pixels, and how. */
export interface LegendPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly perLine: number;
  /** Whether the lines that it explains carry markers. */
  readonly markers: boolean;
}

/** The height of a legend of so many entries. */
export function legendHeight(entries: number, perLine: number): number {
  return Math.ceil(entries / perLine) * lineHeight;
}

/** A legend drawn in place: Plotly's own moves with the length of its texts and shows too little of a dash. */
export function drawLegend(canvas: Canvas, methods: readonly string[], place: LegendPlace): void {
  const { left, top, width, perLine, markers } = place;
  const height = legendHeight(methods.length, perLine);
  const hidden = { visible: false, fixedrange: true };
  const axes = canvas.panel(
    { left, top, width, height },
    { ...hidden, range: [0, width] },
    { ...hidden, range: [height, 0] },
  );
  methods.forEach((method, index) => {
    const x = (index % perLine) * (width / perLine);
    const y = (Math.floor(index / perLine) + 0.5) * lineHeight;
    const { color, dash, label } = methodStyle(method);
    const line = { color, dash, width: 1.4 };
    const common = { type: "scatter", ...axes, hoverinfo: "skip" };
    canvas.traces.push({ ...common, mode: "lines", x: [x, x + swatch], y: [y, y], line });
    if (markers && method !== "dense") {
      canvas.traces.push({ ...common, mode: "markers", x: [x + swatch / 2], y: [y], marker: markerOf(method, 6.5) });
    }
    canvas.write(label, left + x + swatch + 6, top + y);
  });
}

/** A method's Plotly marker, `size` CSS pixels across; open ones get a stroke that holds in print. */
export function markerOf(method: string, size: number): Record<string, unknown> {
  const { color, symbol } = methodStyle(method);
  return { color, symbol, size, line: { color, width: symbol.endsWith("-open") ? 1.5 : 0 } };
}
