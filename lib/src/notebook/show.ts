import { datasetLabel } from "../figures/estimate";
import type { Figure } from "../figures/figure";
import { figureBundle } from "./figure-bundle";
import { type Frame, frame, isFrame } from "./frames";
import { kernelDisplay } from "./kernel";
import { tableBundle } from "./table";

/** How a figure is shown. */
export interface ShowOptions {
  /** Whether the caption follows the figure. Default true. */
  readonly caption?: boolean;
  /** Pixels of the still image per CSS pixel. Default 1, for JupyterLab shows it unscaled until the mouse enters. */
  readonly scale?: number;
}

/**
 * Shows a figure in the notebook: interactive where Plotly's renderer is installed, as a PNG elsewhere (GitHub), as its
 * alt text to a screen reader. Where there is no browser to draw the PNG with, it is left out, and that is said once.
 * Outside a notebook, the alt text and the caption are printed.
 */
export async function show(figure: Figure, options: ShowOptions = {}): Promise<void> {
  const write = kernelDisplay();
  if (write === undefined) {
    console.log(`${figure.name}: ${figure.alt}\n${figure.caption}`);
    return;
  }
  write({ ...(await figureBundle(figure, { scale: options.scale })), transient: {} }, false);
  if (options.caption ?? true) {
    const markdown = `**${captionTitle(figure.name)}.** ${figure.caption}`;
    write({ data: { "text/markdown": markdown, "text/plain": figure.caption }, metadata: {}, transient: {} }, false);
  }
}

/** How a table is shown. */
export interface TableOptions {
  readonly caption?: string;
  /** Significant digits of numbers that are not whole. Default 4. */
  readonly digits?: number;
}

/** Shows a table as HTML, and as text where HTML is not shown; outside a notebook it prints the text. */
export function showTable(table: Frame | readonly object[], options: TableOptions = {}): void {
  const data = tableBundle(isFrame(table) ? table : frame(table), options);
  const write = kernelDisplay();
  if (write === undefined) console.log(data["text/plain"]);
  else write({ data, metadata: {}, transient: {} }, false);
}

/** "figure-1" → "Figure 1", "figure-3-gain-tuned" → "Figure 3, gain, tuned", "figure-5-covtype" → "Figure 5, Forest Cover". */
function captionTitle(name: string): string {
  const [, figure, part, tuned] = /^(figure-\d+)-?(.*?)-?(tuned)?$/.exec(name) ?? [name, name];
  const title = figure.charAt(0).toUpperCase() + figure.slice(1).replaceAll("-", " ");
  return [title, part && datasetLabel(part), tuned].filter(Boolean).join(", ");
}
