/** A Plotly trace or layout, as plain data. Titles are objects, `{ text: … }`: Plotly drops a bare string silently. */
export interface PlotlyObject {
  readonly [attribute: string]: unknown;
}

/** A layout of fixed size; both in CSS pixels, 1/96 inch. */
export interface FigureLayout extends PlotlyObject {
  readonly width: number;
  readonly height: number;
}

/** A figure as plain data: the same object is shown in a notebook, exported to files and checked by tests. */
export interface Figure {
  /** File name without extension: "figure-1". */
  readonly name: string;
  readonly data: readonly PlotlyObject[];
  readonly layout: FigureLayout;
  /** Of an animated figure: what its controls play, by name. `data` is the still image, and what stands at first. */
  readonly frames?: readonly PlotlyObject[];
  /** What the reader must know: what varies, n, and what the bars are. */
  readonly caption: string;
  /** What the picture shows, for those who cannot see it. */
  readonly alt: string;
}

/** What may be said about any figure. */
export interface FigureOptions {
  /** A small note on the figure itself, where its numbers are not the final ones: "quick run: 2 seeds, 1 epoch". */
  readonly note?: string;
  /** The protocol of all runs, said in the caption; one other than "plain" is added to the file name, too. */
  readonly protocol?: string;
}

/** A figure's file name under a protocol: "figure-2", "figure-2-tuned". */
export function figureName(name: string, { protocol = "plain" }: FigureOptions): string {
  return protocol === "plain" ? name : `${name}-${protocol}`;
}

/** The sentence of a caption that names the protocol, with the blank before it; nothing where none was given. */
export function describeProtocol({ protocol }: FigureOptions): string {
  return protocol === undefined ? "" : ` Protocol: ${protocol}.`;
}
