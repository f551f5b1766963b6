import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { browserArguments, findBrowser } from "psn/dist/notebook/browser";
import { type JupyterLab, startJupyterLab } from "./jupyterlab";
import { openNotebook } from "./lab-page";
import { screenshots } from "./screenshots";

/** The notebooks that are committed. */
export const notebooks = join(__dirname, "..", "..", "..", "notebooks");

/** JupyterLab with a browser before it, and folders that go with it. */
export interface Desk {
  readonly lab: JupyterLab;
  /** Its notebooks; inside the repository, where they find `psn`. */
  readonly folder: string;
  /** Where figures are exported to. */
  readonly figures: string;
  /** Opens a notebook of its folder for `use` in a page of its own, in which no script may fail. */
  inPage(file: string, use: (page: Page) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts JupyterLab and a browser; notebooks read the records that are committed, and no others. */
export async function startDesk(): Promise<Desk> {
  mkdirSync(screenshots, { recursive: true });
  const folder = mkdtempSync(join(screenshots, "notebooks-"));
  const own = mkdtempSync(join(tmpdir(), "psn-jupyterlab-"));
  const figures = join(own, "figures");
  const lab = await startJupyterLab(folder, own, { PSN_FIGURES: figures, PSN_STORE: join(own, "store") });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: browserArguments() });
  const inPage: Desk["inPage"] = async (file, use) => {
    const page = await browser.newPage({ viewport: { width: 1400, height: 1500 } });
    const thrown: string[] = [];
    page.on("pageerror", ({ message }) => {
      // JupyterLab's own, at every cell of a kernel without a debugger.
      if (message !== "No active debugger session") thrown.push(message);
    });
    try {
      await openNotebook(page, lab, file);
      await use(page);
      assert.deepEqual(thrown, []);
    } finally {
      await page.close();
      await lab.shutdown(file);
    }
  };
  const stop = async (): Promise<void> => {
    await browser.close();
    await lab.stop();
    for (const made of [folder, own]) rmSync(made, { recursive: true, force: true });
  };
  return { lab, folder, figures, inPage, stop };
}

/**
 * Puts a copy without outputs into a folder, so that whatever is drawn was drawn now; `first` is put before its first
 * line of code.
 */
export function copyCleared(name: string, folder: string, first = ""): string {
  const file = `${name}.ipynb`;
  const { cells, ...rest } = JSON.parse(readFileSync(join(notebooks, file), "utf8"));
  const code = cells.filter(({ cell_type }: { cell_type: string }) => cell_type === "code");
  for (const cell of code) Object.assign(cell, { outputs: [], execution_count: null });
  code[0].source = [first, ...[code[0].source].flat()];
  writeFileSync(join(folder, file), JSON.stringify({ cells, ...rest }));
  return file;
}

/**
 * The sources of a notebook's code cells, in the order of the page. They are read from the file: JupyterLab's editors hold
 * no more than the lines in sight.
 */
export function sourcesOf(path: string): string[] {
  const { cells } = JSON.parse(readFileSync(path, "utf8"));
  const code = cells.filter(({ cell_type }: { cell_type: string }) => cell_type === "code");
  return code.map(({ source }: { source: string | string[] }) => [source].flat().join(""));
}
