import { catalogue } from "../datasets/catalogue";
import { anchorsGrid } from "./grids/anchors";
import { calibrationGrid } from "./grids/calibration";
import { cvGrid } from "./grids/cv";
import { equilibriumGrid, equilibriumSeeds } from "./grids/equilibrium";
import { hubsGrid } from "./grids/hubs";
import { matchedGrid, riglGrid } from "./grids/rigl";
import type { GridSetting } from "./grids/setting";
import { staticGrid } from "./grids/static";
import type { ExperimentPart, GridRun, PartFilter } from "./part";
import { type Protocol, paperDatasets } from "./protocol";
import type { RecordedRun } from "./run-grid";

interface Experiment {
  readonly protocols: readonly Protocol[];
  readonly datasets: readonly string[];
  readonly grid: (setting: GridSetting) => GridRun[];
  readonly secondStage?: (setting: GridSetting, runs: readonly RecordedRun[]) => GridRun[];
}

const both: readonly Protocol[] = ["plain", "tuned"];

export type ExperimentName = "static" | "cv" | "rigl" | "equilibrium" | "hubs" | "anchors" | "calibration";

/** Every experiment of the paper: what it runs, under which protocols and on which data sets. */
const experiments: Readonly<Record<ExperimentName, Experiment>> = {
  static: { protocols: both, datasets: paperDatasets, grid: staticGrid },
  cv: { protocols: ["plain"], datasets: paperDatasets, grid: cvGrid },
  rigl: { protocols: both, datasets: paperDatasets, grid: riglGrid, secondStage: matchedGrid },
  equilibrium: { protocols: both, datasets: Object.keys(equilibriumSeeds), grid: equilibriumGrid },
  hubs: { protocols: ["plain"], datasets: paperDatasets, grid: hubsGrid },
  anchors: { protocols: ["plain"], datasets: ["mnist", "fashion-mnist"], grid: anchorsGrid },
  calibration: { protocols: ["plain"], datasets: ["fashion-mnist", "covtype"], grid: calibrationGrid },
};

export const experimentNames: readonly ExperimentName[] = Object.keys(experiments) as ExperimentName[];

/**
 * The parts of the paper's experiments that a filter lets through.
 *
 * @throws RangeError on an experiment or a data set that does not exist
 */
export function experimentParts(filter: PartFilter = {}): ExperimentPart[] {
  const { dataset, quick = false } = filter;
  if (dataset !== undefined && !Object.hasOwn(catalogue, dataset)) {
    throw new RangeError(`There is no data set ${dataset}; there are ${Object.keys(catalogue).join(", ")}.`);
  }
  return (filter.experiments ?? experimentNames).flatMap((name) => {
    const { protocols, datasets, ...experiment } = experimentNamed(name);
    return protocols
      .filter((protocol) => filter.protocol === undefined || protocol === filter.protocol)
      .flatMap((protocol) =>
        (dataset === undefined ? datasets : [dataset]).map((each) =>
          partOf(name, experiment, { protocol, dataset: each, quick }),
        ),
      );
  });
}

function experimentNamed(name: string): Experiment {
  if (Object.hasOwn(experiments, name)) return experiments[name as ExperimentName];
  throw new RangeError(`There is no experiment ${name}; there are ${experimentNames.join(", ")}.`);
}

function partOf(
  experiment: string,
  { grid, secondStage }: Pick<Experiment, "grid" | "secondStage">,
  setting: GridSetting,
): ExperimentPart {
  const { protocol, dataset } = setting;
  return {
    name: `${experiment}-${protocol}-${dataset}`,
    experiment,
    protocol,
    dataset,
    runs: grid(setting),
    ...(secondStage && { secondStage: (runs) => secondStage(setting, runs) }),
  };
}
