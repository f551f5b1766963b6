import type { FigureLayout, PlotlyObject } from "./figure";
import { fontFamily, fontSize, grey } from "./theme";

/** A rectangle of a figure, in CSS pixels from its top left corner. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Collects a figure's panels, each placed by pixels, so that nothing moves when a label grows. */
export interface Canvas {
  readonly traces: PlotlyObject[];
  /** Adds a pair of axes that fill `box`; traces join it by the returned `{ xaxis, yaxis }`. */
  panel(box: Box, xaxis: PlotlyObject, yaxis: PlotlyObject): PanelAxes;
  /** Writes text at a pixel position; `xanchor` and `yanchor` default to left and middle. */
  write(text: string, left: number, top: number, style?: PlotlyObject): void;
  /** Adds an annotation, a shape or an image in Plotly's own terms. */
  annotate(annotation: PlotlyObject): void;
  shape(shape: PlotlyObject): void;
  image(image: PlotlyObject): void;
  /** The finished layout; `extra` is merged in. */
  layout(extra?: PlotlyObject): FigureLayout;
}

/** What a trace names to be drawn in a panel. */
export interface PanelAxes {
  readonly xaxis: string;
  readonly yaxis: string;
}

/** An empty figure of the given size in CSS pixels. */
export function createCanvas(width: number, height: number): Canvas {
  const traces: PlotlyObject[] = [];
  const annotations: PlotlyObject[] = [];
  const shapes: PlotlyObject[] = [];
  const images: PlotlyObject[] = [];
  const axes: Record<string, PlotlyObject> = {};
  let panels = 0;
  return {
    traces,
    panel(box, xaxis, yaxis) {
      panels++;
      const suffix = panels === 1 ? "" : String(panels);
      axes[`xaxis${suffix}`] = {
        domain: [box.left / width, (box.left + box.width) / width],
        anchor: `y${suffix}`,
        ...xaxis,
      };
      axes[`yaxis${suffix}`] = {
        domain: [1 - (box.top + box.height) / height, 1 - box.top / height],
        anchor: `x${suffix}`,
        ...yaxis,
      };
      return { xaxis: `x${suffix}`, yaxis: `y${suffix}` };
    },
    write(text, left, top, style = {}) {
      const position = { xref: "paper", yref: "paper", x: left / width, y: 1 - top / height };
      annotations.push({ text, ...position, showarrow: false, xanchor: "left", yanchor: "middle", ...style });
    },
    annotate: (annotation) => void annotations.push({ showarrow: false, ...annotation }),
    shape: (shape) => void shapes.push(shape),
    image: (image) => void images.push(image),
    layout: (extra = {}) => ({
      width,
      height,
      template: { layout: { xaxis: axisStyle, yaxis: axisStyle } },
      margin: { l: 0, r: 0, t: 0, b: 0, autoexpand: false },
      font: { family: fontFamily, size: fontSize.text, color: grey.text },
      paper_bgcolor: "#FFFFFF",
      plot_bgcolor: "#FFFFFF",
      showlegend: false,
      hovermode: "closest",
      ...axes,
      annotations,
      shapes,
      images,
      ...extra,
    }),
  };
}

/** A panel's letter, bold, at its top left corner. */
export function writeLetter(canvas: Canvas, letter: string, left: number, top: number): void {
  canvas.write(`<b>${letter}</b>`, left, top, { font: { size: fontSize.panel } });
}

/** The unobtrusive note of a run that is not the final one, in the figure's top right corner. */
export function writeNote(canvas: Canvas, note: string | undefined, right: number): void {
  if (note === undefined) return;
  const font = { size: fontSize.tick, color: grey.note };
  canvas.write(`<i>${note}</i>`, right, 9, { xanchor: "right", font });
}

const axisStyle: PlotlyObject = {
  showline: true,
  linecolor: grey.axis,
  linewidth: 1,
  ticks: "outside",
  ticklen: 3,
  tickcolor: grey.axis,
  tickangle: 0,
  tickfont: { size: fontSize.tick },
  gridcolor: grey.grid,
  gridwidth: 1,
  zeroline: false,
};
