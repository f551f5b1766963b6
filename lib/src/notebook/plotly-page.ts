import type { Browser, Page } from "playwright-core";
import { browserArguments, findBrowser } from "./browser";

/** The browser waits this long for the next figure; then it ends, so that it never keeps a process alive. */
const idleMilliseconds = 4000;

/** A browser that has not started by then will not; a notebook waits for nothing longer. */
const startMilliseconds = 60_000;

let opened: Promise<{ browser: Browser; page: Page }> | undefined;
let waiting = 0;
let idle: NodeJS.Timeout | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** There is no browser to draw with, or it does not start; the message says what to do. */
export class BrowserError extends Error {
  override readonly name: string = "BrowserError";
}

/**
 * Runs `use` with the one page of this process, in which `Plotly` is loaded; calls wait for each other.
 * The browser starts at the first call and ends a few seconds after the last, or by {@link closeBrowser}.
 *
 * @throws BrowserError
 */
export function withPlotlyPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  waiting++;
  clearTimeout(idle);
  const result = queue.then(async () => use((await open()).page));
  const settle = (): void => {
    waiting--;
    if (waiting === 0) idle = setTimeout(() => void closeBrowser(), idleMilliseconds);
  };
  queue = result.then(settle, settle); // an error is for the caller of this turn only
  return result;
}

/** Ends the browser now, if there is one. */
export async function closeBrowser(): Promise<void> {
  clearTimeout(idle);
  const closing = opened;
  opened = undefined;
  if (closing !== undefined) await (await closing).browser.close();
}

/** The path of Plotly's minified bundle in the installed package. */
export function plotlyBundle(): string {
  return require.resolve("plotly.js-dist-min/plotly.min.js");
}

function open(): Promise<{ browser: Browser; page: Page }> {
  if (opened !== undefined) return opened;
  const opening = launch();
  opened = opening;
  const forget = (): void => {
    if (opened === opening) opened = undefined;
  };
  opening.then(({ browser }) => browser.on("disconnected", forget), forget);
  return opening;
}

async function launch(): Promise<{ browser: Browser; page: Page }> {
  const executablePath = locate();
  const { chromium }: typeof import("playwright-core") = require("playwright-core");
  const args = [...browserArguments(), "--font-render-hinting=none"];
  // A kernel handles interrupts itself: by default Playwright would end the process on SIGINT.
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  const options = { executablePath, args, timeout: startMilliseconds, ...signals };
  const browser = await chromium.launch(options).catch((cause: unknown) => {
    const reason = String(cause).split("\n")[0];
    throw new BrowserError(
      `The browser ${executablePath} does not start (${reason}). Start it by hand to see why, or name another ` +
        "Chromium, Chrome or Edge in the environment variable PSN_BROWSER.",
      { cause },
    );
  });
  const page = await (await browser.newContext()).newPage();
  await page.setContent("<!doctype html><html><body></body></html>");
  await page.addScriptTag({ path: plotlyBundle() });
  return { browser, page };
}

function locate(): string {
  try {
    return findBrowser();
  } catch (cause) {
    throw new BrowserError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
