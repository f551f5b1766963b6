import assert from "node:assert/strict";
import { after, test } from "node:test";
import { layerOverview } from "psn/dist/figures/layer-overview";
import { validateFigure } from "psn/dist/notebook/export";
import { closeBrowser } from "psn/dist/notebook/plotly-page";
import { fromMask } from "psn/dist/topology/masks";

after(closeBrowser);

// Three inputs (rows) and two neurons (columns).
const uneven = { label: "uneven", topology: fromMask([1, 1, 0, 1, 0, 1], 3, 2) };
const equal = { label: "equal", topology: fromMask([1, 1, 1, 1, 0, 0], 3, 2) };

test("fan-ins are sorted, each topology has its mask, and Plotly draws it all as it is written", async () => {
  const figure = layerOverview([uneven, equal]);
  assert.deepEqual(await validateFigure(figure), []);
  const curve = (name: string) => figure.data.find((trace) => trace.name === name)?.y;
  assert.deepEqual(
    [curve("uneven"), curve("equal")],
    [
      [1, 3],
      [2, 2],
    ],
  );
  const images = figure.layout.images as { source: string; xref: string }[];
  assert.equal(new Set(images.map(({ source, xref }) => source + xref)).size, 2);
  assert.match(figure.alt, /uneven: CV 0\.50, largest 3; equal: CV 0\.00, largest 2/);
});

test("one to three topologies of one size fit", () => {
  for (const count of [1, 3]) {
    const { layout } = layerOverview(new Array(count).fill(equal));
    for (const [key, { domain }] of Object.entries(layout) as [string, { domain: number[] }][]) {
      if (/^[xy]axis/.test(key))
        assert.ok(domain[0] >= 0 && domain[0] < domain[1] && domain[1] <= 1, `${key} ${domain}`);
    }
  }
  assert.throws(() => layerOverview([]), /0 topologies; one to 3 fit/);
  assert.throws(() => layerOverview(new Array(4).fill(equal)), /4 topologies/);
  assert.throws(() => layerOverview([equal, { label: "small", topology: fromMask([1], 1, 1) }]), /differ in size/);
});
