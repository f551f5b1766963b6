import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium, type Page } from "playwright-core";
import { browserArguments, findBrowser } from "psn/dist/notebook/browser";
import { tellsOfError } from "psn/dist/notebook/failures";
import { startJupyterLab } from "./jupyterlab";

const root = join(__dirname, "..", "..", "..");
const screenshots = join(root, "screenshots");

/** A copy without outputs, so that whatever is drawn was drawn now; inside the repository, where `psn` is found. */
function copyCleared(notebook: string, folder: string): number {
  const { cells, ...rest } = JSON.parse(readFileSync(notebook, "utf8"));
  for (const cell of cells) if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  writeFileSync(join(folder, "3-rigl.ipynb"), JSON.stringify({ cells, ...rest }));
  return cells.filter((c: { cell_type: string; source: string | string[] }) => {
    return c.cell_type === "code" && [c.source].flat().join("").trim() !== "";
  }).length;
}

async function until<T>(what: string, seconds: number, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const seen = await look();
    if (seen) return seen;
    await sleep(250);
  }
  throw new Error(`Waited ${seconds} seconds in vain for ${what}.`);
}

interface Cells {
  /** What stands before each code cell: "[ ]:" not run, "[*]:" running, "[3]:" run. */
  readonly prompts: string[];
  /** What stands on stderr, and the tracebacks. */
  readonly stderr: string;
}

function readCells(page: Page): Promise<Cells> {
  return page.evaluate(() => {
    const texts = (selector: string): string[] =>
      [...document.querySelectorAll(selector)].map((element) => element.textContent ?? "");
    return {
      prompts: texts(".jp-CodeCell .jp-InputArea-prompt"),
      stderr: ["stderr", "error"]
        .flatMap((kind) => texts(`.jp-OutputArea [data-mime-type="application/vnd.jupyter.${kind}"]`))
        .join("\n"),
    };
  });
}

/** Waits until nothing runs any more. The cells after a failed one are not run, so that may be early. */
async function runAll(page: Page, count: number, isIdle: () => Promise<boolean>): Promise<Cells> {
  await page.getByRole("menuitem", { name: "Run", exact: true }).click();
  await page.locator(".lm-Menu-itemLabel", { hasText: /^Run All Cells$/ }).click();
  return until("all cells to be run", 900, async () => {
    const cells = await readCells(page);
    const run = cells.prompts.filter((prompt) => /\[\d+\]/.test(prompt)).length;
    const running = cells.prompts.some((prompt) => prompt.includes("*"));
    const over = run === count || (run > 0 && tellsOfError(cells.stderr));
    return over && !running && (await isIdle()) && cells;
  });
}

interface Plot {
  readonly traces: number;
  readonly shapes: number;
}

/** How many traces each plot in sight has, and how many shapes it has drawn for them. */
function readPlots(page: Page): Promise<Plot[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".jp-OutputArea .jp-RenderedPlotly")].map((plot) => ({
      traces: ((plot as unknown as { data?: unknown[] }).data ?? []).length,
      shapes: plot.querySelectorAll(".main-svg .cartesianlayer :is(.trace path, .hm image)").length,
    })),
  );
}

/** Plotly's renderer shows the still image of a bundle until the mouse enters it; then it draws. */
async function awaken(page: Page): Promise<void> {
  for (const still of await page.locator(".jp-RenderedPlotly .plot-img").all()) {
    await still.dispatchEvent("mouseenter");
  }
}

/** Scrolls from cell to cell until a plot is drawn: JupyterLab draws only what is near the window. */
async function findPlots(page: Page): Promise<Plot[]> {
  const cells = page.locator(".jp-CodeCell");
  for (let index = 0; index < (await cells.count()); index++) {
    await cells.nth(index).scrollIntoViewIfNeeded();
    await sleep(300);
    const plots = await readPlots(page);
    if (plots.length > 0 && plots.every(({ traces, shapes }) => traces > 0 && shapes > 0)) return plots;
  }
  return [];
}

test("3-rigl opens in JupyterLab with the kernel tslab, all its cells run, and its plot is drawn", async () => {
  mkdirSync(screenshots, { recursive: true });
  const folder = mkdtempSync(join(screenshots, "jupyterlab-"));
  const own = mkdtempSync(join(tmpdir(), "psn-jupyterlab-"));
  const count = copyCleared(join(root, "notebooks", "3-rigl.ipynb"), folder);
  const lab = await startJupyterLab(folder, own, { PSN_QUICK: "1" });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: browserArguments() });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    await page.goto(lab.open("3-rigl.ipynb"));
    const kernel = await until("an idle kernel", 120, async () => {
      const now = await lab.kernel();
      return now?.state === "idle" && now;
    });
    assert.equal(kernel.name, "tslab");
    await page.locator(".jp-KernelName", { hasText: "TypeScript" }).waitFor();
    assert.deepEqual(await readPlots(page), [], "nothing is drawn before a cell runs");
    const { prompts, stderr } = await runAll(page, count, async () => (await lab.kernel())?.state === "idle");
    await page.screenshot({ path: join(screenshots, "jupyterlab-end.png") });
    assert.ok(!tellsOfError(stderr), stderr);
    assert.equal(prompts.filter((prompt) => /\[\d+\]/.test(prompt)).length, count, prompts.join(" "));
    await awaken(page);
    const plots = await until("a drawn plot", 60, async () => {
      const drawn = await findPlots(page);
      return drawn.length > 0 && drawn;
    });
    assert.ok(plots.length > 0);
    await page.locator(".js-plotly-plot").first().scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(screenshots, "jupyterlab-plot.png") });
  } finally {
    await browser.close();
    await lab.stop();
    for (const made of [folder, own]) rmSync(made, { recursive: true, force: true });
  }
});
