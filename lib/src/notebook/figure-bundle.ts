import { type PlotlyFigure, renderPng } from "./export";
import { BrowserError } from "./plotly-page";

/** One thing in several formats, as Jupyter's messages hold it. */
export interface Bundle {
  /** MIME type → content. */
  readonly data: Readonly<Record<string, unknown>>;
  /** MIME type → how to show it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

let saidNoBrowser = false;

/**
 * A figure in all the formats that a notebook may need: interactive where Plotly's renderer is installed, a PNG
 * elsewhere (GitHub), its alt text to a screen reader. Where there is no browser to draw the PNG with, it is left out,
 * and that is said once. `scale` is the PNG's pixels per CSS pixel.
 */
export async function figureBundle(
  { data, layout, frames, alt }: PlotlyFigure & { readonly alt?: string },
  { scale = 1 }: { readonly scale?: number } = {},
): Promise<Bundle> {
  const png = await stillImage({ data, layout }, scale);
  const { width, height } = layout;
  const size = width === undefined || height === undefined ? {} : { "image/png": { width, height } };
  return {
    data: {
      "application/vnd.plotly.v1+json": {
        data,
        layout,
        ...(frames && { frames }),
        config: { displaylogo: false },
      },
      ...(png === undefined ? {} : { "image/png": png.toString("base64") }),
      "text/plain": alt ?? `A Plotly figure of ${data.length} ${data.length === 1 ? "trace" : "traces"}`,
    },
    metadata: size,
  };
}

async function stillImage(figure: PlotlyFigure, scale: number): Promise<Buffer | undefined> {
  try {
    return await renderPng(figure, { scale });
  } catch (error) {
    if (!(error instanceof BrowserError)) throw error;
    if (!saidNoBrowser) console.log(`Figures are shown without their still image (PNG). ${error.message}`);
    saidNoBrowser = true;
    return undefined;
  }
}
