import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Figure, PlotlyObject } from "psn/dist/figures/figure";
import { type FanInMoment, hubFormation } from "psn/dist/figures/hub-formation";
import { renderHtml, renderJson, validateFigure } from "psn/dist/notebook/export";
import { figureBundle } from "psn/dist/notebook/figure-bundle";
import { closeBrowser } from "psn/dist/notebook/plotly-page";

after(closeBrowser);

/** Twenty neurons, so two hubs: 0 and 1 after the first update, 1 and 2 after the second. */
const even = new Array<number>(17).fill(5);
const moments: FanInMoment[] = [
  { step: 0, fanIn: [5, 5, 5, ...even] },
  { step: 10, fanIn: [9, 8, 1, ...even] },
  { step: 20, fanIn: [2, 7, 12, ...even] },
];

const framesOf = ({ frames }: Figure): { name: string; data: PlotlyObject[]; traces: number[] }[] =>
  structuredClone(frames) as never;

/** The figure as a frame leaves it. */
function played(figure: Figure, index: number): Figure {
  const { data, traces } = framesOf(figure)[index];
  return { ...figure, data: figure.data.map((trace, i) => ({ ...trace, ...data[traces.indexOf(i)] })) };
}

const traceOf = (figure: Figure, name: string) =>
  figure.data.find((trace) => trace.name === name) as unknown as { x: number[]; y: (number | null)[] };

test("every frame is one that Plotly draws as it is written, and the last is the still image", async () => {
  const figure = hubFormation(moments);
  for (const index of moments.keys()) {
    const problems = await validateFigure(played(figure, index));
    // Plotly's check compares arguments of controls by identity, and so refuses all that are objects.
    assert.deepEqual(
      problems.filter((problem) => !/(buttons|steps)\[\d+\]\.args/.test(problem)),
      [],
    );
  }
  assert.deepEqual(played(figure, 2).data, figure.data);
  assert.notDeepEqual(played(figure, 0).data, figure.data);
});

test("the controls play the frames by name, one for each moment", () => {
  const figure = hubFormation(moments);
  const [slider] = figure.layout.sliders as { active: number; steps: { args: [string[], object] }[] }[];
  const names = framesOf(figure).map(({ name }) => name);
  assert.deepEqual(names, ["0", "10", "20"]);
  assert.deepEqual(
    slider.steps.map(({ args }) => args[0][0]),
    names,
  );
  assert.equal(slider.active, 2);
});

test("the histogram counts every neuron once, hubs apart from the rest", () => {
  const figure = hubFormation(moments);
  for (const index of moments.keys()) {
    const [rest, hubs] = ["the rest", "hubs"].map((name) => traceOf(played(figure, index), name).y);
    const sum = (values: (number | null)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);
    assert.deepEqual([sum(rest), sum(hubs)], [18, 2]);
  }
  const { x, y } = traceOf(figure, "hubs");
  assert.deepEqual(
    x.filter((_, i) => y[i]),
    [7.5, 12.5],
  );
});

test("ranks are counted from the largest, equal fan-ins share theirs, and a hub that fell is told from one that stays", () => {
  const figure = hubFormation(moments);
  assert.deepEqual(traceOf(figure, "the largest hubs at the end").y, [10.5, 20, 1, null, 10.5, 2, 2, null]);
  assert.deepEqual(traceOf(figure, "hubs after the first update, not at the end").y, [10.5, 1, 20, null]);
  assert.match(figure.alt, /CV goes from 0\.00 to .*largest fan-in from 5 to 12; 1 of the 2 hubs at the end/);
});

test("frames reach the notebook, the JSON and the HTML", async () => {
  const figure = hubFormation(moments);
  const { data } = await figureBundle(figure);
  const shown = data["application/vnd.plotly.v1+json"] as Figure;
  assert.deepEqual(shown.frames, figure.frames);
  assert.deepEqual(JSON.parse(renderJson(figure)).frames, figure.frames);
  const html = renderHtml(figure);
  assert.match(html, /addFrames\("plot", figure\.frames\)/);
  assert.ok(html.includes(JSON.stringify(framesOf(figure)[1].name)));
  assert.doesNotMatch(renderHtml({ ...figure, frames: undefined }), /addFrames|"frames"/);
});

test("moments that are no course of one layer are refused", () => {
  assert.throws(() => hubFormation(moments.slice(0, 1)), /hubFormation: 1 moments/);
  assert.throws(() => hubFormation([moments[1], moments[1]]), /step 10 follows 10/);
  assert.throws(() => hubFormation([moments[0], { step: 10, fanIn: [1] }]), /1 neurons after 20/);
});
