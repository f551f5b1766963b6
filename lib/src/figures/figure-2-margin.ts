import { checkEstimates, datasetLabel, defaultInterval, describeBars, distinct, enumerate, percent } from "./estimate";
import { describeProtocol, type Figure, type FigureOptions, figureName } from "./figure";
import type { StaticAccuracyRow } from "./figure-2";
import { describeForest, type ForestGrid, forestGrid } from "./forest-grid";
import { compareMethods } from "./theme";

/** What the margin of static structures must and can be told. */
export interface Figure2MarginOptions extends FigureOptions {
  /** The largest loss that counts as close to dense: 0.006 is 0.6 percentage points. */
  readonly margin: number;
  /** How the intervals were made, for the caption. */
  readonly interval?: string;
}

/**
 * What fixed masks lose against the dense network, and the margin within which they count as close to it: a panel for
 * each data set (across) and sparsity (down).
 *
 * @param rows dense − structure (−1 … 1), paired by seed
 */
export function figure2Margin(rows: readonly StaticAccuracyRow[], options: Figure2MarginOptions): Figure {
  const shown = rows.filter((row) => row.structure !== "dense");
  checkEstimates("figure2Margin", shown, 1);
  const datasets = distinct(shown.map((row) => row.dataset));
  const sparsities = distinct(shown.map((row) => row.sparsity)).sort((a, b) => a - b);
  const grid: ForestGrid = {
    cells: shown.map((row) => {
      return { ...row, line: percent(row.sparsity), column: datasetLabel(row.dataset), method: row.structure };
    }),
    lines: sparsities.map(percent),
    columns: datasets.map(datasetLabel),
    methods: distinct(shown.map((row) => row.structure)).sort(compareMethods),
    title: "dense − sparse (percentage points of test accuracy)",
    margin: options.margin,
    stretch: 4,
    note: options.note,
  };
  const canvas = forestGrid(grid);
  const margin = Number((100 * options.margin).toFixed(3));
  return {
    name: figureName("figure-2-margin", options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption:
      `What fixed masks at ${enumerate(grid.lines)} sparsity lose against the dense network in test accuracy, on ${enumerate(grid.columns)}, paired by seed; right of the solid line they lose. ` +
      `Dashed: the margin of ${margin} percentage points, fixed before the full runs. ${describeBars(shown, options.interval ?? defaultInterval)} Panels of similar range share a scale.${describeProtocol(options)}`,
    alt: `Forest plots of dense minus sparse accuracy in percentage points, a line for each structure, margin ${margin}. ${describeForest(grid)}.`,
  };
}
