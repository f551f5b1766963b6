import { readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Locator, Page } from "playwright-core";
import { tellsOfError } from "psn/dist/notebook/failures";
import type { JupyterLab } from "./jupyterlab";

/** A code cell, as its reader sees it. */
export interface CodeCell {
  /** What stands before it: "[ ]:" not run, "[*]:" running, "[3]:" run. */
  readonly prompt: string;
  readonly outputs: readonly Output[];
}

export interface Output {
  /** The MIME type that JupyterLab chose among those sent. */
  readonly mime: string;
  readonly text: string;
  /** As the browser computed it. */
  readonly background: string;
}

/** What JupyterLab shows red: the text on stderr, and the traceback of an error. */
export const redMime = "application/vnd.jupyter.stderr";
export const plotlyMime = "application/vnd.plotly.v1+json";

/** Waits until `look` sees something, and fails with what was waited for. */
export async function until<T>(what: string, seconds: number, look: () => Promise<T | undefined | false>): Promise<T> {
  const end = performance.now() + seconds * 1000;
  do {
    const seen = await look();
    if (seen) return seen;
    await sleep(100);
  } while (performance.now() < end);
  throw new Error(`Waited ${seconds} seconds in vain for ${what}.`);
}

/**
 * Opens a notebook, and waits until all of it stands in the page and its kernel is at rest. Once in a while JupyterLab
 * and a new kernel miss each other's first words, which is told: a reader would open the page once more.
 */
export async function openNotebook(page: Page, lab: JupyterLab, file: string): Promise<void> {
  try {
    await openOnce(page, lab, file);
  } catch (error) {
    const [state, log] = [(await lab.kernel(file))?.state, lab.log()];
    process.stderr.write(`${file} is opened once more: ${error}\nThe server's kernel is ${state}.\n${log}\n`);
    await lab.shutdown(file);
    await openOnce(page, lab, file);
  }
}

async function openOnce(page: Page, lab: JupyterLab, file: string): Promise<void> {
  await page.goto(lab.address(file));
  await page.locator(".jp-Notebook .jp-CodeCell").first().waitFor({ timeout: 180_000 });
  await page.locator(".jp-KernelName", { hasText: "TypeScript" }).waitFor({ timeout: 180_000 });
  await until("an idle kernel", 90, () => isIdle(page));
}

/** As the page says it. The server takes no part: a kernel that was idle before it listened is "starting" to it. */
export async function isIdle(page: Page): Promise<boolean> {
  const state = await page.locator(".jp-Notebook-ExecutionIndicator").getAttribute("data-status");
  return state === "idle";
}

export function readCodeCells(page: Page): Promise<CodeCell[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll(".jp-Notebook .jp-CodeCell")].map((cell) => ({
      prompt: cell.querySelector(".jp-InputArea-prompt")?.textContent ?? "",
      outputs: [...cell.querySelectorAll(".jp-OutputArea-output")].map((output) => ({
        mime: output.getAttribute("data-mime-type") ?? "",
        text: output.textContent ?? "",
        background: getComputedStyle(output).backgroundColor,
      })),
    })),
  );
}

/** Chooses a command from a menu of JupyterLab, as with the mouse. */
export async function choose(page: Page, menu: string, command: string | RegExp): Promise<void> {
  await page.getByRole("menuitem", { name: menu, exact: true }).click();
  const label = typeof command === "string" ? new RegExp(`^${command}$`) : command;
  await page.locator(".lm-Menu-itemLabel", { hasText: label }).click();
}

export const hasRun = ({ prompt }: CodeCell): boolean => /\[\d+\]/.test(prompt);
export const isRunning = ({ prompt }: CodeCell): boolean => prompt.includes("*");
/** Whether one of its outputs tells of an error, or that it was interrupted. */
export function hasFailed({ outputs }: CodeCell): boolean {
  return outputs.some(({ mime, text }) => mime === redMime && (tellsOfError(text) || text.startsWith("Interrupted")));
}

/** Waits until no cell runs or waits any more, either because all have run or because one failed. */
export function untilOver(page: Page, seconds = 600): Promise<CodeCell[]> {
  return until("all cells to be run", seconds, async () => {
    const cells = await readCodeCells(page);
    const isOver = cells.every(hasRun) || cells.some(hasFailed);
    return isOver && !cells.some(isRunning) && (await isIdle(page)) && cells;
  });
}

/** Puts a code cell into JupyterLab's command mode. */
export async function selectCell(page: Page, index: number): Promise<void> {
  await page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".jp-InputArea-prompt").click();
}

/** Replaces the source of a cell by typing. */
export async function retype(page: Page, index: number, source: string): Promise<void> {
  await page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  // As pasted: typed letter by letter, brackets would be closed and lines indented once more.
  await page.keyboard.insertText(source);
}

/** Saves the notebook, and waits until the file has changed and is whole. */
export async function save(page: Page, path: string): Promise<void> {
  const before = statSync(path).mtimeMs;
  const isSaved = async (): Promise<boolean> =>
    statSync(path).mtimeMs > before && readFileSync(path, "utf8").endsWith("}\n");
  await choose(page, "File", "Save Notebook");
  await until("the notebook to be saved", 60, isSaved);
}

export interface Plot {
  readonly traces: number;
  /** How many paths and images with an extent its traces have, or, if it is a drawing without traces, its shapes. */
  readonly marks: number;
}

/** Plotly's renderer shows the still image of a bundle until the mouse enters it; then it draws. */
export async function awaken(page: Page): Promise<Plot[]> {
  for (const still of await page.locator(".jp-RenderedPlotly .plot-img").all()) {
    await still.dispatchEvent("mouseenter");
  }
  const plots = page.locator(".jp-RenderedPlotly");
  return until("all plots to be drawn", 120, async () => {
    const drawn = await Promise.all((await plots.all()).map(readPlot));
    return drawn.every(({ marks }) => marks > 0) && drawn;
  });
}

function readPlot(plot: Locator): Promise<Plot> {
  return plot.evaluate((element) => {
    const traces = ((element as unknown as { data?: unknown[] }).data ?? []).length;
    const selector = traces > 0 ? ".cartesianlayer :is(.trace path, image)" : ".shapelayer path";
    const isSeen = (mark: Element): boolean => {
      const { width, height } = mark.getBoundingClientRect();
      return width > 0 || height > 0;
    };
    return { traces, marks: [...element.querySelectorAll(`.main-svg ${selector}`)].filter(isSeen).length };
  });
}

/** The still images in sight of a reader whose mouse is elsewhere, with their sizes as they are and as they are shown. */
export function readStills(page: Page): Promise<{ natural: number; shown: number; room: number }[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLImageElement>(".jp-RenderedPlotly .plot-img")].map((image) => ({
      natural: image.naturalWidth,
      shown: image.getBoundingClientRect().width,
      room: image.parentElement?.clientWidth ?? 0,
    })),
  );
}
