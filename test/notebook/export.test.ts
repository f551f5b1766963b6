import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { PNG } from "pngjs";
import { figure1 } from "psn/dist/figures/figure-1";
import { figure3 } from "psn/dist/figures/figure-3";
import { browserArguments, findBrowser } from "psn/dist/notebook/browser";
import { exportFigure, figuresDirectory, renderHtml, renderJson, renderPng, renderSvg } from "psn/dist/notebook/export";
import { closeBrowser } from "psn/dist/notebook/plotly-page";
import { overview, riglRows } from "../figures/tables";

const folder = mkdtempSync(join(tmpdir(), "psn-export-"));
after(async () => {
  await closeBrowser();
  rmSync(folder, { recursive: true, force: true });
});

const figure = figure3(riglRows(["fashion-mnist"], 3, 3));

test("a figure is exported in five formats, in its size, beside one Plotly", async () => {
  const paths = await exportFigure(figure, { directory: folder });
  assert.deepEqual(
    paths,
    ["svg", "pdf", "png", "html", "json"].map((format) => join(folder, `figure-3.${format}`)),
  );
  const names = ["figure-3.html", "figure-3.json", "figure-3.pdf", "figure-3.png", "figure-3.svg", "plotly.min.js"];
  assert.deepEqual(readdirSync(folder).sort(), names);
  const png = PNG.sync.read(readFileSync(paths[2]));
  assert.deepEqual([png.width, png.height], [2 * figure.layout.width, 2 * figure.layout.height]);
  const pdf = readFileSync(paths[1], "latin1");
  const [, wide, high] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf) ?? [];
  assert.ok(Math.abs(Number(wide) - figure.layout.width * 0.75) < 1, `PDF is ${wide} pt wide`);
  assert.ok(Math.abs(Number(high) - figure.layout.height * 0.75) < 1, `PDF is ${high} pt high`);
  assert.equal((pdf.match(/\/Type \/Page\b/g) ?? []).length, 1);
  assert.ok(statSync(paths[3]).size < 100_000, "the page holds no Plotly");
});

test("the JSON is the whole figure, a line for each trace", () => {
  const text = renderJson(figure);
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(figure)));
  assert.ok(text.split("\n").length > figure.data.length + Object.keys(figure.layout).length);
});

test("the same figure gives the same SVG and the same PDF, byte for byte", async () => {
  const [first, second] = [join(folder, "one"), join(folder, "two")];
  const formats = ["svg", "pdf"] as const;
  const one = await exportFigure(figure1(overview()), { directory: first, formats });
  const two = await exportFigure(figure1(overview()), { directory: second, formats });
  for (const i of [0, 1]) assert.ok(readFileSync(one[i]).equals(readFileSync(two[i])), formats[i]);
});

test("the SVG is described, and its ids are its own", async () => {
  const svg = await renderSvg({ ...figure, alt: 'a < b & "c"' });
  assert.match(svg, /^<svg role="img" aria-labelledby="figure-3-title figure-3-description"/);
  assert.match(svg, /<desc id="figure-3-description">a &lt; b &amp; &quot;c&quot;<\/desc>/);
  const ids = [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
  assert.ok(ids.length > 5);
  for (const id of ids) assert.match(id, /figure-3-/);
  for (const [, id] of svg.matchAll(/url\(['"]?#([^'")]+)/g)) assert.ok(ids.includes(id), id);
});

test("a figure that Plotly cannot draw leaves what is there as it was", async () => {
  const directory = join(folder, "kept");
  await exportFigure(figure, { directory, formats: ["svg"] });
  const before = readFileSync(join(directory, "figure-3.svg"), "utf8");
  const broken = { ...figure, layout: { ...figure.layout, width: Number.NaN } };
  await assert.rejects(exportFigure(broken, { directory, formats: ["svg", "png"] }));
  assert.deepEqual(readdirSync(directory), ["figure-3.svg"]);
  assert.equal(readFileSync(join(directory, "figure-3.svg"), "utf8"), before);
});

test("nothing is left behind where a file cannot be written", async () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "");
  await assert.rejects(exportFigure(figure, { directory: file, formats: ["svg"] }), /EEXIST|ENOTDIR/);
  await assert.rejects(exportFigure({ ...figure, name: "../escape" }, { directory: folder }), /is no file name/);
});

test("quick figures go to a folder of their own", () => {
  assert.match(figuresDirectory(), /[/\\]figures$/);
  assert.equal(figuresDirectory(true), join(figuresDirectory(), "quick"));
});

test("the page draws without a network, and says caption and alt text", async () => {
  const directory = join(folder, "page");
  const [path] = await exportFigure(figure, { directory, formats: ["html"] });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: browserArguments() });
  try {
    const context = await browser.newContext({ offline: true });
    const page = await context.newPage();
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector("#plot .main-svg .trace", { state: "attached", timeout: 20_000 });
    assert.equal(await page.locator("figcaption").textContent(), figure.caption);
    assert.equal(await page.locator("#plot").getAttribute("aria-label"), figure.alt);
    rmSync(join(directory, "plotly.min.js"));
    await page.goto(pathToFileURL(path).href);
    await page.getByText("could not be loaded: put plotly.min.js next to this page").waitFor({ timeout: 20_000 });
  } finally {
    await browser.close();
  }
});

test("the page cannot be broken by the texts in it", () => {
  const html = renderHtml({ ...figure, caption: "</script><b>", data: [{ name: "</script><script>alert(1)" }] });
  assert.doesNotMatch(html, /<\/script><b>|<script>alert/);
  assert.match(html, /integrity: "sha384-[A-Za-z0-9+/=]{64}"/);
});

/** Runs `use` with PSN_BROWSER naming a program, and no browser of before. */
async function withBrowser(path: string, use: () => Promise<void>): Promise<void> {
  await closeBrowser();
  const before = process.env.PSN_BROWSER;
  process.env.PSN_BROWSER = path;
  try {
    await use();
  } finally {
    if (before === undefined) delete process.env.PSN_BROWSER;
    else process.env.PSN_BROWSER = before;
  }
}

test("without a browser the export fails with the cure, and writes nothing", async () => {
  const directory = join(folder, "no-browser");
  await withBrowser("/nowhere/chromium", async () => {
    const exported = exportFigure(figure, { directory });
    await assert.rejects(exported, {
      name: "BrowserError",
      message: /PSN_BROWSER is \/nowhere\/chromium.*name Chromium/,
    });
  });
  assert.ok(!existsSync(directory));
});

test("a browser that never answers is given up, and the next one draws", async (t) => {
  const program = join(folder, "deaf");
  writeFileSync(program, "#!/bin/sh\nexec sleep 600\n");
  chmodSync(program, 0o755);
  const launch = chromium.launch.bind(chromium);
  // A sixtieth of the time that it is given, so that the test need not wait as long.
  t.mock.method(chromium, "launch", (options: { timeout: number }) =>
    launch({ ...options, timeout: options.timeout / 60 }),
  );
  await withBrowser(program, async () => {
    const message = /deaf does not start \(.*Timeout 1000ms exceeded.*PSN_BROWSER/;
    await assert.rejects(exportFigure(figure, { directory: folder }), { name: "BrowserError", message });
  });
  t.mock.restoreAll();
  assert.ok((await renderSvg(figure)).length > 1000);
});

test("another process gives the same figure the same SVG, byte for byte", async () => {
  const path = join(folder, "from-here.json");
  writeFileSync(path, renderJson(figure));
  const library = require.resolve("psn/dist/notebook/export");
  const program = `require(${JSON.stringify(library)}).renderSvg(JSON.parse(require("node:fs").readFileSync(${JSON.stringify(path)}, "utf8"))).then((svg) => process.stdout.write(svg))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", program], { maxBuffer: 1e8 });
  assert.equal(stdout, await renderSvg(figure));
});

test("the browser starts again after it was closed", async () => {
  await closeBrowser();
  const png = PNG.sync.read(await renderPng(figure, { scale: 1 }));
  assert.equal(png.width, figure.layout.width);
});
