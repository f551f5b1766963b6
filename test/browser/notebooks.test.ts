import assert from "node:assert/strict";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { paperNotebooks, tour } from "psn/dist/notebook/paper-notebooks";
import { copyCleared, type Desk, notebooks, startDesk } from "./desk";
import { awaken, choose, hasFailed, hasRun, plotlyMime, readCodeCells, readStills, save, untilOver } from "./lab-page";
import { photograph } from "./screenshots";

let desk: Desk;
before(async () => {
  desk = await startDesk();
});
after(() => desk.stop());

/** What of a saved figure is looked at here. */
interface Figure {
  readonly layout: { readonly width: number };
}

interface SavedCell {
  readonly cell_type: string;
  readonly execution_count: number | null;
  readonly outputs: readonly { readonly data?: Readonly<Record<string, unknown>> }[];
}

function savedCells(path: string): SavedCell[] {
  const cells: SavedCell[] = JSON.parse(readFileSync(path, "utf8")).cells;
  return cells.filter(({ cell_type }) => cell_type === "code");
}

/** The outputs that hold something of a MIME type. */
function bundles(cells: readonly SavedCell[], mime: string): Readonly<Record<string, unknown>>[] {
  return cells.flatMap(({ outputs }) =>
    outputs.flatMap(({ data }) => (data !== undefined && mime in data ? [data] : [])),
  );
}

for (const { name, figures } of [tour, ...paperNotebooks]) {
  test(`a fresh clone of ${name}, which nobody trusts, shows its plots and tables with nothing run`, async () => {
    const file = `${name}-fresh.ipynb`;
    copyFileSync(join(notebooks, `${name}.ipynb`), join(desk.folder, file));
    const cells = savedCells(join(desk.folder, file));
    assert.ok((await desk.lab.trust(file)).every((isTrusted) => !isTrusted));
    await desk.inPage(file, async (page) => {
      const stills = await readStills(page);
      const widths = bundles(cells, plotlyMime).map((bundle) => (bundle[plotlyMime] as Figure).layout.width);
      assert.deepEqual(
        stills.map(({ natural }) => natural),
        widths,
        "every figure has its still image",
      );
      for (const { natural, shown, room } of stills)
        assert.ok(shown > 0.9 * Math.min(natural, room) && shown <= room, `${shown} of ${natural} in ${room}`);
      const tables = await page.locator(".jp-OutputArea .jp-RenderedHTML table").all();
      assert.equal(tables.length, bundles(cells, "text/html").length, "every table is a table");
      for (const table of tables) assert.ok(((await table.boundingBox())?.height ?? 0) > 20);
      const prompts = (await readCodeCells(page)).map(({ prompt }) => prompt);
      const committed = cells.map(({ execution_count }) => `[${execution_count}]:`);
      assert.deepEqual(prompts, committed);
      await photograph(page, `${name}-fresh`);
      await awaken(page);
    });
  });

  test(`${name} runs in JupyterLab without an error, draws every plot and exports every figure`, async () => {
    const file = copyCleared(name, desk.folder);
    await desk.inPage(file, async (page) => {
      assert.equal((await desk.lab.kernel(file))?.name, "tslab");
      assert.equal(await page.locator(".jp-OutputArea-output").count(), 0, "nothing is there before a cell runs");
      await choose(page, "Run", "Run All Cells");
      const cells = await untilOver(page);
      assert.deepEqual(cells.filter(hasFailed), []);
      assert.ok(cells.every(hasRun), cells.map(({ prompt }) => prompt).join(" "));
      await save(page, join(desk.folder, file));
      const pictures = bundles(savedCells(join(desk.folder, file)), plotlyMime);
      for (const picture of pictures)
        assert.deepEqual(Object.keys(picture).sort(), ["application/vnd.plotly.v1+json", "image/png", "text/plain"]);
      assert.equal((await awaken(page)).length, pictures.length, "every figure is drawn");
      await photograph(page, name);
    });
    for (const figure of figures) {
      for (const format of ["svg", "pdf", "png", "html", "json"]) {
        assert.ok(readFileSync(join(desk.figures, `${figure}.${format}`)).length > 1000, `${figure}.${format}`);
      }
    }
  });
}
