import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { makeNotebook } from "../notebooks/made";
import { copyCleared, type Desk, sourcesOf, startDesk } from "./desk";
import {
  awaken,
  type CodeCell,
  choose,
  hasFailed,
  hasRun,
  isIdle,
  isRunning,
  readCodeCells,
  redMime,
  retype,
  selectCell,
  until,
  untilOver,
} from "./lab-page";
import { screenshots } from "./screenshots";

let desk: Desk;
before(async () => {
  desk = await startDesk();
});
after(() => desk.stop());

/** Red enough to be seen as such, in "rgb(253, 221, 221)". */
function isReddish(colour: string): boolean {
  const [red, green, blue] = (colour.match(/\d+/g) ?? []).map(Number);
  return red > green + 20 && red > blue + 20;
}

/** The position of the code cell whose source matches. */
function cellWith(file: string, source: RegExp): number {
  const index = sourcesOf(join(desk.folder, file)).findIndex((text) => source.test(text));
  assert.ok(index >= 0, `no cell has ${source}`);
  return index;
}

/** Stops what runs, and checks that it is over soon. */
async function interrupted(page: Page, stop: () => Promise<void>, t: TestContext): Promise<void> {
  const start = performance.now();
  await stop();
  await until("the interrupted cell to end", 10, async () => !(await readCodeCells(page)).some(isRunning));
  const seconds = (performance.now() - start) / 1000;
  t.diagnostic(`it stopped ${seconds.toFixed(2)} s after the click`);
  assert.ok(seconds < 3, `it took ${seconds} s`);
  await until("an idle kernel", 5, () => isIdle(page));
}

test("an error is red, with its name, its message and the line of the cell, and ends Run All", async () => {
  const file = "error.ipynb";
  const cell =
    "// halves\nfunction half(n: number) {\n  if (n % 2) throw new RangeError('odd: ' + n);\n  return n / 2;\n}\nhalf(4);\nhalf(3);";
  makeNotebook(join(desk.folder, file), ["const before = 1;", cell, "console.log(before)"]);
  await desk.inPage(file, async (page) => {
    await choose(page, "Run", "Run All Cells");
    const [first, failed, last] = await untilOver(page);
    assert.ok(hasRun(first) && hasRun(failed) && !hasRun(last));
    const [error] = failed.outputs;
    assert.equal(error.mime, redMime);
    assert.ok(isReddish(error.background), error.background);
    assert.match(error.text, /^RangeError: odd: 3\n/);
    assert.match(error.text, /\n> 3 \| {3}if \(n % 2\) throw new RangeError\('odd: ' \+ n\);\n/);
    assert.match(error.text, /at half \(Cell \[2\]:3:20\)\n {4}at Cell \[2\]:7:1/);
    await page.screenshot({ path: join(screenshots, "session-error.png") });
    await retype(page, 1, "const half: number = 'a half';");
    await page.keyboard.press("ControlOrMeta+Enter");
    const [, wrong] = await until("the other error", 10, async () => {
      const cells = await readCodeCells(page);
      return cells[1].outputs[0]?.text.includes("TypeScriptError") && cells;
    });
    assert.match(wrong.outputs[0].text, /:1:7 - TypeScriptError: Type 'string' is not assignable to type 'number'/);
    await retype(page, 1, "const half = before / 2; console.log(half)");
    await choose(page, "Run", /^Run Selected Cell and All Below$/);
    const mended = await untilOver(page);
    assert.deepEqual(
      mended.map(({ outputs }) => outputs.map(({ text }) => text.trim())),
      [[], ["0.5"], ["1"]],
    );
  });
});

test("progress changes in place and ends as a line; training stops when interrupted, and runs again", async (t) => {
  const file = copyCleared("0-explore", desk.folder);
  await desk.inPage(file, async (page) => {
    await choose(page, "Run", "Run All Cells");
    const [watched, many] = [cellWith(file, /progress: "fixed"/), cellWith(file, /progress\("networks"/)];
    const seen: string[][] = [[], []];
    await until("both networks to be trained", 300, async () => {
      const { prompt, outputs } = (await readCodeCells(page))[watched];
      assert.ok(outputs.length <= 2, "one display for each network");
      for (const [i, { text }] of outputs.entries()) if (!seen[i].includes(text)) seen[i].push(text);
      return /\d/.test(prompt);
    });
    // On fast cores a network takes less than a second.
    assert.ok(
      seen.flat().some((text) => /\d of 5 epochs, /.test(text)),
      seen.flat().join("\n"),
    );
    const ends = (await readCodeCells(page))[watched].outputs.map(({ text }) => text.trim());
    assert.equal(ends.length, 2);
    assert.match(ends[0], /^fixed: 5 epochs in [^\n░]*$/);
    assert.match(ends[1], /^RigL: 5 epochs in [^\n░]*$/);

    // The bar is there only while the cell runs, and not in what an earlier run of it has left.
    const hasBegun = async () => /[█░] [1-9]\d* of 20/.test((await readCodeCells(page))[many].outputs[0]?.text ?? "");
    await until("the first of many networks", 300, hasBegun);
    await page.locator(".jp-Notebook .jp-CodeCell").nth(many).scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(screenshots, "session-training.png") });
    await interrupted(page, () => page.locator('[data-jp-item-name="interrupt"]').click(), t);
    const stopped = await readCodeCells(page);
    assert.ok(hasFailed(stopped[many]) && stopped[many].outputs.some(({ text }) => /^Interrupted/.test(text)));
    assert.ok(
      stopped.slice(many + 1).every((cell) => !hasRun(cell)),
      "what follows was not run",
    );
    await page.screenshot({ path: join(screenshots, "session-interrupted.png") });
    const told = stopped[many].outputs[0].text;
    await sleep(1000);
    assert.equal((await readCodeCells(page))[many].outputs[0].text, told, "nothing goes on behind it");

    await selectCell(page, many);
    await page.keyboard.press("ControlOrMeta+Enter");
    await until("another first network", 300, hasBegun);
    const twice = async () => {
      await page.keyboard.press("i");
      await page.keyboard.press("i");
    };
    await interrupted(page, twice, t);

    await choose(page, "Run", /^Run Selected Cell and All Below$/);
    const cells = await untilOver(page);
    assert.ok(cells.every(hasRun) && !cells.some(hasFailed));
    assert.match(cells[many].outputs[0].text, /^networks: all 20/);
    assert.ok(existsSync(join(desk.figures, "quick", "hub-formation.svg")));
  });
});

test("without a browser figures are drawn all the same, and only their export fails, with the cure", async () => {
  const file = copyCleared("1-profiles", desk.folder, 'process.env.PSN_BROWSER = "/nowhere/chromium";\n');
  await desk.inPage(file, async (page) => {
    await choose(page, "Run", "Run All Cells");
    const cells = await untilOver(page);
    assert.ok(cells.every(hasRun));
    assert.equal((await awaken(page)).length, 1);
    const failed = cells.findIndex(hasFailed);
    assert.equal(failed, cells.length - 1);
    const [{ text }] = cells[failed].outputs;
    assert.match(
      text,
      /^BrowserError: PSN_BROWSER is \/nowhere\/chromium, which cannot be run; name Chromium, Chrome or Edge/,
    );
    assert.ok(!existsSync(join(desk.figures, "figure-1.svg")));
    await retype(page, failed, `delete process.env.PSN_BROWSER;\n${sourcesOf(join(desk.folder, file))[failed]}`);
    await page.keyboard.press("ControlOrMeta+Enter");
    await until("the exported figure", 60, async () => existsSync(join(desk.figures, "figure-1.json")));
  });
});

/** The cells that Figure 3 and its files are made by. */
const figure3Cells = [
  /datasets: \[/,
  /exportFigure,[\s\S]*from "psn"/,
  /await paperRuns\(/,
  /const protocols =/,
  /accuracyEstimates\(runs/,
  /figure3\(rows/,
  /figure3Gain\(rows/,
  /await exportFigure/,
];

test("a parameter of 3-rigl is edited, Figure 3's cells run again, and the figure and its files change", async () => {
  const file = copyCleared("3-rigl", desk.folder);
  const svg = () => readFileSync(join(desk.figures, "figure-3.svg"), "utf8");
  await desk.inPage(file, async (page) => {
    const runFigure3 = async (): Promise<readonly CodeCell[]> => {
      for (const source of figure3Cells) {
        const index = cellWith(file, source);
        await selectCell(page, index);
        const before = (await readCodeCells(page))[index].prompt;
        await page.keyboard.press("ControlOrMeta+Enter");
        const cell = await until(`${source} to run`, 120, async () => {
          const now = (await readCodeCells(page))[index];
          return hasRun(now) && now.prompt !== before && now;
        });
        assert.ok(!hasFailed(cell), cell.outputs.map(({ text }) => text).join("\n"));
      }
      return readCodeCells(page);
    };
    const captionOf = (cells: readonly CodeCell[]): string =>
      cells.flatMap(({ outputs }) => outputs).find(({ text }) => text.startsWith("Figure 3."))?.text ?? "";
    const picture = page.locator(".jp-RenderedPlotly .plot-img").first();
    const caption = captionOf(await runFigure3());
    const [drawn, written] = [await picture.getAttribute("src"), svg()];
    for (const name of ["Fashion-MNIST", "Forest Cover"]) {
      assert.ok(caption.includes(name), caption);
      assert.ok(written.includes(name));
    }
    const parameters = cellWith(file, figure3Cells[0]);
    const source = sourcesOf(join(desk.folder, file))[parameters];
    await retype(page, parameters, source.replace(/datasets: \[[^\]]*\]/, 'datasets: ["fashion-mnist"]'));
    const changed = captionOf(await runFigure3());
    assert.ok(changed.includes("Fashion-MNIST") && !changed.includes("Forest Cover"), changed);
    assert.ok(svg().includes("Fashion-MNIST") && !svg().includes("Forest Cover"));
    assert.notEqual(await picture.getAttribute("src"), drawn);
    await picture.scrollIntoViewIfNeeded();
    await page.screenshot({ path: join(screenshots, "session-figure-3.png") });
  });
});
