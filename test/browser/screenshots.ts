import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

/** Where screenshots are kept to be looked at; git leaves it alone. */
export const screenshots = join(__dirname, "..", "..", "..", "screenshots");

/** Pixels that a piece repeats of the one before it. */
const overlap = 40;

/** Takes pictures of a whole notebook, from top to bottom: `<name>-01.png`, `<name>-02.png`, … */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  const isOld = (file: string): boolean =>
    file.startsWith(`${name}-`) && /^\d+\.png$/.test(file.slice(name.length + 1));
  for (const file of readdirSync(screenshots).filter(isOld)) rmSync(join(screenshots, file));
  const scroller = page.locator(".jp-Notebook .jp-WindowedPanel-outer").first();
  const { whole, window } = await scroller.evaluate((element) => {
    // Behind the last cell there is room to scroll on.
    const end = [...element.querySelectorAll(".jp-Cell")].pop()?.getBoundingClientRect().bottom ?? 0;
    return { whole: end - element.getBoundingClientRect().top + element.scrollTop, window: element.clientHeight };
  });
  const box = (await scroller.boundingBox()) ?? undefined;
  const step = window - overlap;
  for (let piece = 0; piece === 0 || piece * step + overlap < whole; piece++) {
    await scroller.evaluate((element, top) => element.scrollTo(0, top), piece * step);
    const number = String(piece + 1).padStart(2, "0");
    await page.screenshot({ path: join(screenshots, `${name}-${number}.png`), clip: box });
  }
}
