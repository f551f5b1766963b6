import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeFileAtomically } from "../experiments/write-file";
import type { Figure, FigureLayout, PlotlyObject } from "../figures/figure";
import { plotlyBundle, withPlotlyPage } from "./plotly-page";

/** The files that a figure is exported to. */
export type ExportFormat = "svg" | "pdf" | "png" | "html" | "json";

/** Where and as what a figure is exported. */
export interface ExportOptions {
  /** Default: `figures/` of this repository, or `figures/quick/` for quick figures, wherever the notebook runs. */
  readonly directory?: string;
  /** Quick figures never overwrite the paper's. Default false. */
  readonly quick?: boolean;
  /** Default: all five. */
  readonly formats?: readonly ExportFormat[];
}

/** What Plotly can draw; without width and height in Plotly's own size, 700 × 450. */
export interface PlotlyFigure {
  readonly data: readonly PlotlyObject[];
  readonly layout: PlotlyObject & Partial<FigureLayout>;
  readonly frames?: readonly PlotlyObject[];
}

const allFormats: readonly ExportFormat[] = ["svg", "pdf", "png", "html", "json"];

/**
 * Writes a figure as `<name>.svg`, `.pdf` (both vector), `.png` (two pixels per CSS pixel), `.html` (interactive) and
 * `.json` (the Plotly object with its caption, to be compared and drawn again).
 * All are drawn before the first is written, and each appears whole or not at all. The same figure gives the same SVG and JSON.
 * The HTML loads `plotly.min.js`, which is put next to it once, or the same version from a CDN where that is missing.
 *
 * @returns the paths written, in the order of `formats`
 * @throws BrowserError where there is no browser to draw with; Error where Plotly refuses the figure
 */
export async function exportFigure(figure: Figure, options: ExportOptions = {}): Promise<string[]> {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(figure.name)) {
    throw new RangeError(`exportFigure: name "${figure.name}" is no file name; use a-z, 0-9 and "-", as in "figure-1"`);
  }
  const directory = resolve(options.directory ?? figuresDirectory(options.quick ?? false));
  const files: [string, Buffer][] = [];
  for (const format of options.formats ?? allFormats) {
    files.push([join(directory, `${figure.name}.${format}`), await render(figure, format)]);
  }
  if (files.some(([path]) => path.endsWith(".html"))) sharePlotly(directory);
  for (const [path, bytes] of files) writeFileAtomically(path, bytes);
  return files.map(([path]) => path);
}

/** The folder that figures are exported to: PSN_FIGURES, or `figures/` of this repository; and `quick/` in it. */
export function figuresDirectory(quick = false): string {
  const folder = process.env.PSN_FIGURES ?? join(__dirname, "..", "..", "..", "figures");
  return join(folder, ...(quick ? ["quick"] : []));
}

/** The figure as an SVG text with its name as title and its alt text as description. Equal figures give equal text. */
export async function renderSvg(figure: Figure): Promise<string> {
  const svg = decodeURIComponent((await draw(figure, "svg", 1)).replace(/^data:image\/svg\+xml,/, ""));
  const described =
    `<title id="${figure.name}-title">${escapeHtml(figure.name)}</title>` +
    `<desc id="${figure.name}-description">${escapeHtml(figure.alt)}</desc>`;
  const labelled = `role="img" aria-labelledby="${figure.name}-title ${figure.name}-description"`;
  return `${withoutRandomIds(svg, figure.name).replace(/^<svg ([^>]*)>/, `<svg ${labelled} $1>${described}`)}\n`;
}

/** The figure as a PNG of `scale` pixels (default 2) per CSS pixel. */
export async function renderPng(
  figure: PlotlyFigure,
  { scale = 2 }: { readonly scale?: number } = {},
): Promise<Buffer> {
  const uri = await draw(figure, "png", scale);
  return Buffer.from(uri.replace(/^data:image\/png;base64,/, ""), "base64");
}

/** What Plotly finds wrong with a figure, one sentence each; none if it draws as it is written. */
export async function validateFigure(figure: Figure): Promise<string[]> {
  return withPlotlyPage((page) =>
    page.evaluate(({ data, layout }) => {
      const plotly = (globalThis as unknown as { Plotly: PagePlotly }).Plotly;
      return (plotly.validate(data, layout) ?? []).map((problem) => problem.msg);
    }, figure),
  );
}

interface PagePlotly {
  validate(data: unknown, layout: unknown): { msg: string }[] | undefined;
  toImage(figure: unknown, options: unknown): Promise<string>;
}

async function render(figure: Figure, format: ExportFormat): Promise<Buffer> {
  switch (format) {
    case "svg":
      return Buffer.from(await renderSvg(figure), "utf8");
    case "pdf":
      return renderPdf(figure);
    case "png":
      return renderPng(figure);
    case "html":
      return Buffer.from(renderHtml(figure), "utf8");
    case "json":
      return Buffer.from(renderJson(figure), "utf8");
  }
}

function draw(figure: PlotlyFigure, format: "svg" | "png", scale: number): Promise<string> {
  const { data, layout } = figure;
  const { width, height } = layout;
  const options = { format, scale, ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
  return withPlotlyPage((page) =>
    page.evaluate(
      ([drawn, settings]) => (globalThis as unknown as { Plotly: PagePlotly }).Plotly.toImage(drawn, settings),
      [{ data, layout }, options] as const,
    ),
  );
}

/** Plotly names clip paths and traces by random ids; ids made from the figure's name are stable, and unique in a page. */
function withoutRandomIds(svg: string, name: string): string {
  const uid = /<defs id="defs-([0-9a-f]+)"/.exec(svg)?.[1];
  if (uid === undefined) throw new Error("renderSvg: Plotly's SVG has changed, its ids are not where they were");
  const ids = new RegExp(`(\\bid="[a-z-]*|url\\(['"]?#[a-z-]*)${uid}`, "g");
  return svg.replace(ids, `$1${name}-`).replace(/(class="trace [a-z]+ trace)[0-9a-f]{6}"/g, '$1"');
}

async function renderPdf(figure: Figure): Promise<Buffer> {
  const svg = await renderSvg(figure);
  const { width, height } = figure.layout;
  const bytes = await withPlotlyPage(async (page) => {
    const sheet = await page.context().newPage();
    try {
      const style = "html,body{margin:0;padding:0}svg{display:block}";
      await sheet.setContent(`<!doctype html><html lang="en"><style>${style}</style><body>${svg}</body></html>`);
      return await sheet.pdf({ width: `${width}px`, height: `${height}px`, printBackground: true, pageRanges: "1" });
    } finally {
      await sheet.close();
    }
  });
  return withoutDates(bytes);
}

/** The two dates that Chromium writes into a PDF would make equal figures differ; the offsets in the file stay right. */
function withoutDates(pdf: Buffer): Buffer {
  const text = pdf.toString("latin1");
  return Buffer.from(text.replace(/(\/(?:CreationDate|ModDate) \(D:)\d{14}/g, "$120000101000000"), "latin1");
}

/** The figure as JSON, a line for each trace and each part of the layout, so that two of them can be compared. */
export function renderJson({ data, layout, ...words }: Figure): string {
  const lines = (parts: readonly string[]): string => parts.map((part) => `\n  ${part}`).join(",");
  const members = (object: object): string[] =>
    Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  const traces = lines(data.map((trace) => JSON.stringify(trace)));
  return `{${lines(members(words))},\n"layout": {${lines(members(layout))}\n},\n"data": [${traces}\n]}\n`;
}

/** A page that draws the figure with the shared bundle beside it; caption and alt text are plain HTML. */
export function renderHtml(figure: Figure): string {
  const { name, data, layout, frames, caption, alt } = figure;
  const json = JSON.stringify({ data, layout, frames }).replaceAll("<", "\\u003c");
  const version: string = require("plotly.js-dist-min/package.json").version;
  const cdn = `https://cdn.jsdelivr.net/npm/plotly.js-dist-min@${version}/plotly.min.js`;
  const integrity = `sha384-${createHash("sha384").update(readFileSync(plotlyBundle())).digest("base64")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(name)}</title>
<style>
body { font: 14px/1.45 Arial, Helvetica, sans-serif; margin: 24px auto; padding: 0 12px; max-width: ${layout.width}px; color: #222; }
figure { margin: 0; }
#plot { width: ${layout.width}px; height: ${layout.height}px; }
</style>
</head>
<body>
<figure>
<div id="plot" role="img" aria-label="${escapeHtml(alt)}"></div>
<figcaption>${escapeHtml(caption)}</figcaption>
</figure>
<noscript>This page needs JavaScript; ${escapeHtml(name)}.svg shows the same figure without.</noscript>
<script type="application/json" id="figure">${json}</script>
<script>
function draw() {
  const figure = JSON.parse(document.getElementById("figure").textContent);
  return Plotly.newPlot("plot", figure.data, figure.layout, { displaylogo: false })${frames === undefined ? "" : '.then(() => Plotly.addFrames("plot", figure.frames))'};
}
function load(attributes, onerror) {
  document.head.append(Object.assign(document.createElement("script"), attributes, { onload: draw, onerror }));
}
load({ src: "plotly.min.js" }, () =>
  load({ src: "${cdn}", integrity: "${integrity}", crossOrigin: "anonymous" }, () => {
    document.getElementById("plot").textContent =
      "Plotly ${version} could not be loaded: put plotly.min.js next to this page, or open it with a network connection.";
  }));
</script>
</body>
</html>
`;
}

function sharePlotly(directory: string): void {
  const shared = join(directory, "plotly.min.js");
  if (existsSync(shared) && statSync(shared).size === statSync(plotlyBundle()).size) return;
  writeFileAtomically(shared, readFileSync(plotlyBundle()));
}

/** Text made safe inside HTML, between tags and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
