import type { PaperRun } from "../experiments/part";
import type { Protocol } from "../experiments/protocol";
import { fanInStatistics } from "../measures/fan-in";
import { mean } from "../statistics/samples";
import { besides, type Cell, cellsOf } from "./cells";

/** The fan-in CV of a layer where RigL takes it from ERK, and where the matched start is: means over seeds. */
export interface MatchedCvRow {
  readonly protocol: Protocol;
  readonly dataset: string;
  readonly sparsity: number;
  /** From 0. */
  readonly layer: number;
  readonly erkStart: number;
  readonly erkEnd: number;
  /** What the matched start has: `erkEnd`, or the nearest that exists in the layer; NaN where it is not recorded. */
  readonly matchedStart: number;
  readonly matchedEnd: number;
}

/** CVs of the starts that are matched to RigL's equilibrium, beside that equilibrium. */
export function matchedCvRows(runs: readonly PaperRun[]): MatchedCvRow[] {
  const cells = cellsOf(runs, ["rigl"]);
  return cells
    .filter(({ label }) => label === "ERK")
    .flatMap((erk) => {
      const matched = besides(cells, erk, "matched");
      const { protocol, dataset, sparsity } = erk;
      return erk.runs[0].record.result.layers.map(({ layer }) => {
        const [erkStart, erkEnd] = cvs(erk, layer);
        const [matchedStart, matchedEnd] = cvs(matched, layer);
        return { protocol, dataset, sparsity, layer, erkStart, erkEnd, matchedStart, matchedEnd };
      });
    });
}

/** Fan-in CV of a layer at the start and at the end of the runs. */
function cvs(cell: Cell | undefined, layer: number): readonly [start: number, end: number] {
  const vectors = (cell?.runs ?? []).flatMap(({ record }) =>
    record.result.layers.filter((each) => each.layer === layer).map(({ fanIn }) => fanIn),
  );
  if (vectors.length === 0) return [Number.NaN, Number.NaN];
  const cv = (at: number): number => mean(vectors.map((fanIn) => fanInStatistics(fanIn.at(at) as number[]).cv));
  return [cv(0), cv(-1)];
}
