import { checkEstimates, datasetLabel, defaultInterval, describeBars, distinct, enumerate, percent } from "./estimate";
import { describeProtocol, type Figure, figureName } from "./figure";
import type { Figure3Options, RiglRow } from "./figure-3";
import { describeForest, type ForestGrid, forestGrid } from "./forest-grid";
import { compareMethods } from "./theme";

/**
 * Gains of RigL over its ERK start, a line of panels for each data set and a column for each sparsity: on one scale
 * with accuracies from 80 to 99.9 % they could not be seen.
 *
 * @param rows differences to ERK (−1 … 1), paired by seed; rows of ERK itself are left out
 */
export function figure3Gain(rows: readonly RiglRow[], options: Figure3Options = {}): Figure {
  const shown = rows.filter((row) => row.start.toLowerCase() !== "erk");
  checkEstimates("figure3Gain", shown, 1);
  const datasets = distinct(shown.map((row) => row.dataset));
  const sparsities = distinct(shown.map((row) => row.sparsity)).sort((a, b) => a - b);
  const column = (sparsity: number): string => percent(sparsity);
  const grid: ForestGrid = {
    cells: shown.map((row) => {
      return { ...row, line: datasetLabel(row.dataset), column: column(row.sparsity), method: row.start };
    }),
    lines: datasets.map(datasetLabel),
    columns: sparsities.map(column),
    methods: distinct(shown.map((row) => row.start)).sort(compareMethods),
    title: "gain over ERK (percentage points), by sparsity",
    stretch: 1,
    note: options.note,
  };
  const canvas = forestGrid(grid);
  return {
    name: figureName("figure-3-gain", options),
    data: canvas.traces,
    layout: canvas.layout(),
    caption:
      `Gain of RigL over its ERK start in test accuracy, by start and sparsity, on ${enumerate(grid.lines)}: the same runs as in Figure 3 as differences paired by seed. ` +
      `Vertical line: ERK. ${describeBars(shown, options.interval ?? defaultInterval)} Scales differ between panels.${describeProtocol(options)}`,
    alt: `Forest plots of the gain over ERK in percentage points, a line for each start of RigL. ${describeForest(grid)}.`,
  };
}
