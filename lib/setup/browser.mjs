import { root } from "./paths.mjs";
import { SetupError } from "./run.mjs";

/** A browser, to export figures and to test the notebooks; it is found by the code that will use it. */
export async function ensureBrowser() {
  const { findBrowser } = await import(new URL("lib/dist/notebook/browser.js", `file://${root}/`));
  try {
    findBrowser();
  } catch (error) {
    throw new SetupError(error.message);
  }
}
