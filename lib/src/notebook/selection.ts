import { type ExperimentName, experimentParts } from "../experiments/experiments";
import type { ExperimentPart, GridRun } from "../experiments/part";
import { sparsityLevels } from "../experiments/protocol";
import type { NotebookSettings } from "./parameters";

/** The second stage of `rigl`: the start whose ends it follows from, and what its own starts are called. */
export const matched: { readonly from: string; readonly labels: readonly string[] } = {
  from: "ERK",
  labels: ["matched", "matched, scattered"],
};

/** The data set that stands in for EMNIST Balanced, and so for other versions of EMNIST. */
const emnist = "emnist-bymerge-116k";

type Selection = Pick<
  NotebookSettings,
  "quick" | "datasets" | "protocols" | "sparsities" | "starts" | "structures" | "seeds" | "engine"
>;

/**
 * The parts of an experiment that settings let through, with those of its runs that are to be shown or that shown ones
 * follow from: {@link isShown} tells which is which.
 */
export function paperParts(experiment: ExperimentName, settings: Selection): ExperimentPart[] {
  const { quick, protocols } = settings;
  return datasetsOf(experiment, settings)
    .flatMap((dataset) => experimentParts({ experiments: [experiment], dataset, quick }))
    .filter(({ protocol }) => protocols.includes(protocol))
    .map((part) => narrowed(part, settings))
    .sort((a, b) => protocols.indexOf(a.protocol) - protocols.indexOf(b.protocol));
}

/** The same parts with all their runs. */
export function wholeParts(experiment: ExperimentName, settings: Selection): ExperimentPart[] {
  const everything = { sparsities: sparsityLevels.plain, starts: "all", structures: "all", seeds: Infinity } as const;
  return paperParts(experiment, { ...settings, ...everything });
}

function narrowed(part: ExperimentPart, settings: Selection): ExperimentPart {
  const { secondStage, ...first } = part;
  const { engine } = settings;
  const isWanted = isShown(part.experiment, settings);
  const onEngine = ({ label, config }: GridRun): GridRun => ({ label, config: { ...config, engine } });
  const isFollowed = secondStage !== undefined && matched.labels.some((label) => isNamed(label, settings));
  const isBasis = ({ label, config }: GridRun): boolean =>
    isFollowed && label === matched.from && settings.sparsities.includes(config.sparsity);
  return {
    ...first,
    runs: part.runs.filter((run) => isWanted(run) || isBasis(run)).map(onEngine),
    ...(isFollowed && { secondStage: (runs) => secondStage(runs).filter(isWanted).map(onEngine) }),
  };
}

/** Whether a run is among those that settings ask for. The published anchors have settings of their own. */
export function isShown(experiment: string, settings: Selection): (run: GridRun) => boolean {
  const { sparsities, seeds } = settings;
  return ({ label, config }) => {
    if (config.seed >= seeds) return false;
    if (experiment === "anchors") return true;
    const isAtLevel = config.sparsity === 0 || sparsities.includes(config.sparsity);
    return isAtLevel && isNamed(labelOf(experiment, label), settings);
  };
}

/** The structure that a label names: calibration has it before the change, "dense, cosine decay". */
export function labelOf(experiment: string, label: string): string {
  return experiment === "calibration" ? label.split(", ")[0] : label;
}

function isNamed(label: string, { starts, structures }: Selection): boolean {
  return [starts, structures].every((names) => names === "all" || names.includes(label));
}

/** The data sets that a quick look at some experiments takes. */
export function quickDatasets({
  experiments,
  datasets,
}: Pick<NotebookSettings, "experiments" | "datasets">): NotebookSettings["datasets"] {
  const taken = experiments.flatMap((experiment) => datasetsOf(experiment, { quick: true, datasets }));
  return datasets.filter((dataset) => taken.includes(dataset));
}

/** Data sets of an experiment that are asked for; of these a quick look takes one. */
function datasetsOf(
  experiment: ExperimentName,
  { quick, datasets }: Pick<Selection, "quick" | "datasets">,
): NotebookSettings["datasets"] {
  const own = new Set(experimentParts({ experiments: [experiment], quick: true }).map(({ dataset }) => dataset));
  const there = datasets.filter((dataset) => own.has(dataset) || (dataset.startsWith("emnist") && own.has(emnist)));
  if (!quick) return there;
  const usual = experiment === "anchors" ? "mnist" : "fashion-mnist";
  return there.filter((dataset, i) => (there.includes(usual) ? dataset === usual : i === 0));
}
