import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { figure3 } from "psn/dist/figures/figure-3";
import type { DisplayMessage } from "psn/dist/notebook/kernel";
import { closeBrowser } from "psn/dist/notebook/plotly-page";
import { show, showTable } from "psn/dist/notebook/show";
import { riglRows } from "../figures/tables";

after(closeBrowser);

const sent: { message: DisplayMessage; update: boolean }[] = [];
const printed: string[] = [];
const log = console.log;
const kernelModule = join("/", "somewhere", "node_modules", "tslab", "dist", "jupyter.js");

/** Makes this process look like a tslab kernel: a loaded tslab with a live writer. */
function pretendKernel(): void {
  const write = (message: DisplayMessage, update: boolean): void => void sent.push({ message, update });
  require.cache[kernelModule] = { exports: { lastWriteDisplayData: write } } as unknown as NodeJS.Module;
}

beforeEach(() => {
  sent.length = 0;
  printed.length = 0;
  console.log = (text: string) => void printed.push(text);
});

afterEach(() => {
  console.log = log;
  delete require.cache[kernelModule];
});

const figure = figure3(riglRows(["mnist"], 2, 3));

test("a figure is one bundle: a Plotly object, a PNG and its alt text; then its caption", async () => {
  pretendKernel();
  await show(figure);
  assert.equal(sent.length, 2);
  const { data } = sent[0].message;
  assert.deepEqual(Object.keys(data), ["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
  const plotly = data["application/vnd.plotly.v1+json"] as { data: unknown; layout: unknown };
  assert.deepEqual([plotly.data, plotly.layout], [figure.data, figure.layout]);
  const png = Buffer.from(data["image/png"] as string, "base64");
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  assert.equal(data["text/plain"], figure.alt);
  assert.match(sent[1].message.data["text/markdown"] as string, /^\*\*Figure 3\.\*\* Test accuracy of RigL/);
});

test("a caption begins with the figure's name, its part, and a protocol other than plain", async () => {
  const titleOf = async (name: string): Promise<string> => {
    pretendKernel();
    sent.length = 0;
    await show({ ...figure, name });
    return /^\*\*(.*?)\.\*\*/.exec(sent[1].message.data["text/markdown"] as string)?.[1] ?? "";
  };
  assert.equal(await titleOf("figure-3-gain"), "Figure 3, gain");
  assert.equal(await titleOf("figure-2-tuned"), "Figure 2, tuned");
  assert.equal(await titleOf("figure-5-covtype-tuned"), "Figure 5, Forest Cover, tuned");
  assert.equal(await titleOf("figure-5-emnist-bymerge-116k"), "Figure 5, emnist-bymerge-116k");
  assert.equal(await titleOf("hub-formation"), "Hub formation");
});

test("without a browser a figure is shown all the same, and the cure is said once", async () => {
  pretendKernel();
  await closeBrowser();
  const before = process.env.PSN_BROWSER;
  process.env.PSN_BROWSER = "/nowhere/chromium";
  try {
    await show(figure, { caption: false });
    await show(figure, { caption: false });
  } finally {
    if (before === undefined) delete process.env.PSN_BROWSER;
    else process.env.PSN_BROWSER = before;
  }
  for (const { message } of sent) {
    assert.deepEqual(Object.keys(message.data), ["application/vnd.plotly.v1+json", "text/plain"]);
  }
  assert.equal(sent.length, 2);
  assert.equal(printed.length, 1);
  assert.match(printed[0], /without their still image .*PSN_BROWSER is \/nowhere\/chromium/);
});

test("outside a kernel the alt text and the caption are printed", async () => {
  await show(figure);
  assert.deepEqual(printed, [`figure-3: ${figure.alt}\n${figure.caption}`]);
});

test("a tslab that is loaded but not connected is no kernel", async () => {
  require.cache[kernelModule] = { exports: { lastWriteDisplayData: null } } as unknown as NodeJS.Module;
  await show(figure);
  assert.equal(printed.length, 1);
});

test("a table is HTML and text, escaped and aligned, with holes as dashes", () => {
  pretendKernel();
  const table = [
    { name: "<b>", value: -0.123456, n: 3 },
    { name: "x", value: Number.NaN, n: 12 },
  ];
  showTable(table, { caption: "A & B", digits: 3 });
  const { data } = sent[0].message;
  const html = data["text/html"] as string;
  assert.match(html, /<caption style="text-align:left;[^"]*"><div align="left">A &amp; B<\/div><\/caption>/);
  assert.match(html, /<td style="text-align:left">&lt;b&gt;<\/td><td style="text-align:right">−0\.123<\/td>/);
  assert.equal(data["text/plain"], "A & B\nname   value   n\n────  ──────  ──\n<b>   −0.123   3\nx          –  12");
});

test("no line break parts a number of a table from its interval or its unit", () => {
  pretendKernel();
  const table = ["0.60 → 0.78 ± 0.02", "+1.5 % [−0.2, 2.8]", "1.2 [1, 2], n = 3", "a [list of, words] stays"];
  showTable(table.map((text) => ({ text })));
  const { data } = sent[0].message;
  const cells = [...(data["text/html"] as string).matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, text]) => text);
  const unbroken = ["0.60 → 0.78_±_0.02", "+1.5_%_[−0.2,_2.8]", "1.2_[1,_2], n = 3", "a [list of, words] stays"];
  assert.deepEqual(
    cells,
    unbroken.map((text) => text.replaceAll("_", "\u00A0")),
  );
  assert.ok((data["text/plain"] as string).includes("0.78 ± 0.02"), "plain text keeps plain spaces");
});
