import { equilibriumSeeds } from "../experiments/grids/equilibrium";
import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, type Protocol, paperDatasets } from "../experiments/protocol";
import { datasetLabel, distinct, percent } from "../figures/estimate";
import { equivalenceMargin } from "../measures/equilibrium";
import { driftMargin } from "../measures/stationarity";
import { cellsOf, missingRuns, type Wanted } from "./cells";
import {
  type Claim,
  type ClaimEstimate,
  type ClaimStatement,
  notTestable,
  type ProtocolResult,
  side,
  type Verdict,
} from "./claim";
import {
  type ConvergenceRow,
  controls,
  convergenceRows,
  equilibriumStarts,
  evenStarts,
  riglStarts,
  startsOf,
  twoStarts,
  type VariantRow,
  variantRows,
} from "./convergence";
import { fixedPointRows, hubIdentityRows, stationarityRows } from "./equilibrium-tables";
import { count, list, plain, range } from "./format";

/** The contraction below which starts count as drawn together, though not into one law. */
export const contractionMargin = 0.5;

/** Where the controls run, and with how many seeds. */
const controlled = { dataset: "fashion-mnist", seeds: gridSeeds } as const;

const statement: ClaimStatement = {
  id: "E1",
  title: "RigL converges to one fan-in distribution",
  paper:
    "RigL converges to one characteristic fan-in distribution whatever its initialisation (uniform, ERK, profiled).",
  hypothesis: `At ${percent(mainSparsity)}, in every sparse layer, the fan-in distributions that runs end at are no further apart between starts than between seeds of one start.`,
  test: `W1n between runs of different seeds, starts of equal budget, ${gridSeeds} seeds or more. Equivalence ratio R: between starts over within a start, at the end. Contraction C: between starts, end over beginning. One-sided 95 % bounds by bootstrap over seeds. Experiments equilibrium (${equilibriumStarts.length} starts, 1.5 times as long) and rigl (${riglStarts.length} starts). Controls (${list(controls)}) from ${list(twoStarts)} on ${datasetLabel(controlled.dataset)}: their C beside RigL's from the same starts. Other schedules and shapes train as long as rigl and stand beside its runs; they decide nothing.`,
  margin: `R below ${equivalenceMargin}, C below ${contractionMargin}, by their upper bounds. Reproduced: R so in every layer of every data set; partly: R so in some layer, or C so in every layer and surely below that of each control (bounds apart) wherever they run; else not reproduced.`,
  amended:
    "At first C below its margin in every layer was enough for partly. Connections that grow at random can draw fan-ins together as well, so that C alone does not show that RigL has an equilibrium: it must now be below that of the controls, too. By the first rule the verdict was partly, and would be under both protocols. The other way round, R below its margin in a single layer has counted as partly since; no verdict has come of that, as no recorded layer has such an R.",
  limits: `Uniform layer budgets give layers other numbers of connections than ERK's and cannot be compared. Where seeds vary little, R is large for ends that hardly differ: read it with C. Updates end by design; stationarity (drift of the CV at most ${percent(driftMargin)} over the last third) says little where few connections still grow.`,
  whatWouldChange:
    "Longer runs, shorter intervals or larger drop fractions under which the starts are forgotten; the sensitivity table says how far those tried go.",
  notebook: "5-equilibria",
  command: "npm run psn -- run equilibrium rigl",
};

/** E1: one equilibrium. */
export const e1: Claim = { statement, protocols: ["plain", "tuned"], judge };

function judge(runs: readonly PaperRun[], protocol: Protocol): ProtocolResult {
  const missing = [...missingOf(runs, "equilibrium"), ...missingOf(runs, "rigl")];
  const rows = convergenceRows(runs);
  const variants = variantRows(runs);
  const findings = [
    ...groups(rows).map(describe),
    ...groups(convergenceRows(runs, { starts: evenStarts })).map(describeEven),
    ...groups(variants, ({ dataset, epochs }) => `${dataset} ${epochs}`).flatMap(describeVariants),
    ...describeStationarity(runs),
    ...describeFixedPoints(runs),
    ...describeHubs(runs),
  ];
  const estimates = rows.flatMap(estimatesOf);
  if (missing.length > 0) return notTestable(protocol, missing, { findings, estimates });
  const equal = rows.filter(({ ratioHigh }) => ratioHigh < equivalenceMargin).length;
  const drawn = rows.filter(({ contractionHigh }) => contractionHigh < contractionMargin).length;
  const beside = besideControls(variants);
  const isAttracted = drawn === rows.length && beside.layers > 0 && beside.closer === beside.layers;
  const verdict: Verdict =
    equal === rows.length ? "reproduced" : equal > 0 || isAttracted ? "partly" : "not reproduced";
  const different = rows.filter((row) => row.verdict === "different").length;
  const headline =
    `R ${range(rows.map(({ ratio }) => ratio))} (margin ${equivalenceMargin}): one law in ${equal} of ` +
    `${count(rows.length, "layer")}, more than one in ${different}; C ${range(rows.map(({ contraction }) => contraction))}, ` +
    `surely below ${contractionMargin} in ${drawn}, below the controls' in ${beside.closer} of ${beside.layers}; n = ${range(
      rows.map(({ seeds }) => seeds),
      0,
    )}`;
  return { protocol, verdict, headline, findings, estimates, missing };
}

function missingOf(runs: readonly PaperRun[], experiment: "equilibrium" | "rigl"): string[] {
  const wanted = experiment === "rigl" ? [{ datasets: paperDatasets, seeds: gridSeeds }] : wantedLong;
  return missingRuns(
    cellsOf(runs, [experiment]),
    wanted.map((each) => ({ sparsities: [mainSparsity], labels: startsOf(experiment), ...each })),
  ).map((line) => `${experiment}, ${line}`);
}

const wantedLong: readonly (Omit<Wanted, "sparsities" | "labels"> & Partial<Wanted>)[] = [
  ...Object.entries(equilibriumSeeds).map(([dataset, seeds]) => ({ datasets: [dataset], seeds })),
  {
    datasets: [controlled.dataset],
    seeds: controlled.seeds,
    labels: controls.flatMap((control) => twoStarts.map((start) => `${control}, ${start}`)),
  },
];

/** Rows of one experiment and data set each, or of whatever else is one. */
function groups<T extends { readonly experiment: string; readonly dataset: string }>(
  rows: readonly T[],
  keyOf: (row: T) => string = ({ experiment, dataset }) => `${experiment} ${dataset}`,
): T[][] {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    found.set(key, [...(found.get(key) ?? []), row]);
  }
  return [...found.values()];
}

function placeName({ experiment, dataset }: { readonly experiment: string; readonly dataset: string }): string {
  return `${datasetLabel(dataset)} (${experiment})`;
}

function describe(rows: readonly ConvergenceRow[]): string {
  const layers = rows.map(
    (row) =>
      `layer ${row.layer + 1} R = ${bounded(row.ratio, row.ratioLow, row.ratioHigh)}, C = ${bounded(row.contraction, row.contractionLow, row.contractionHigh)}`,
  );
  const equal = rows.filter(({ verdict }) => verdict === "equivalent").length;
  return `${placeName(rows[0])}: one law in ${equal} of ${count(rows.length, "layer")}: ${layers.join("; ")}; ${count(rows[0].seeds, "seed")}.`;
}

/** The starts that are even: whether these, at least, end alike. */
function describeEven(rows: readonly ConvergenceRow[]): string {
  const layers = rows.map((row) => `layer ${row.layer + 1} R = ${bounded(row.ratio, row.ratioLow, row.ratioHigh)}`);
  return `${placeName(rows[0])}, even starts alone (${rows[0].starts}): ${layers.join("; ")}; ${count(rows[0].seeds, "seed")}.`;
}

/** The contraction of RigL beside that of what else trained as long, from the same two starts. */
function describeVariants(rows: readonly VariantRow[]): string[] {
  const settings = [...new Set(rows.map(({ setting }) => setting))];
  if (settings.length < 2) return [];
  const parts = settings.map((setting) => {
    const own = rows.filter((row) => row.setting === setting);
    return `${setting} (n = ${own[0].seeds}) C ${range(own.map(({ contraction }) => contraction))}, R ${range(own.map(({ ratio }) => ratio))}`;
  });
  const { layers, closer, further } = besideControls(rows);
  const beside =
    layers === 0
      ? ""
      : ` RigL surely draws them closer than each of its controls in ${closer} of ${count(layers, "layer")}, and surely less close than one of them in ${further}.`;
  const place = `${datasetLabel(rows[0].dataset)}, ${list(twoStarts)}, ${count(rows[0].epochs, "epoch")}`;
  return [`${place}: ${parts.join("; ")}.${beside}${besideSchedules(rows)}`];
}

/** Which of other schedules draw starts together more than RigL's own, of rows that trained as long; empty of none. */
function besideSchedules(rows: readonly VariantRow[]): string {
  const own = rows.filter(({ kind }) => kind === "RigL");
  const schedules = rows.filter(({ kind }) => kind === "schedule");
  if (own.length === 0 || schedules.length === 0) return "";
  const closer = distinct(schedules.map(({ setting }) => setting)).filter((setting) =>
    own.every(({ layer, contractionLow }) =>
      schedules.some((row) => row.setting === setting && row.layer === layer && row.contractionHigh < contractionLow),
    ),
  );
  return ` Schedules that surely draw them closer than RigL's own in every layer: ${closer.join("; ") || "none"}.`;
}

/**
 * The layers that have both RigL and controls: in how many RigL's C lies surely below that of each control, and in how
 * many surely above that of one. Sure: bounds apart.
 */
function besideControls(variants: readonly VariantRow[]): { layers: number; closer: number; further: number } {
  const pairs = variants
    .filter(({ kind }) => kind === "RigL")
    .map((own) => ({
      own,
      others: variants.filter(
        ({ kind, experiment, dataset, layer }) =>
          kind === "control" && experiment === own.experiment && dataset === own.dataset && layer === own.layer,
      ),
    }))
    .filter(({ others }) => others.length > 0);
  return {
    layers: pairs.length,
    closer: pairs.filter(({ own, others }) => others.every((one) => own.contractionHigh < one.contractionLow)).length,
    further: pairs.filter(({ own, others }) => others.some((one) => own.contractionLow > one.contractionHigh)).length,
  };
}

function describeStationarity(runs: readonly PaperRun[]): string[] {
  const rows = stationarityRows(runs).filter(({ start }) => equilibriumStarts.includes(start));
  return groups(rows).map((own) => {
    const still = own.filter(({ verdict }) => verdict === "equivalent").length;
    const grown = own.map(({ turnover }) => 100 * turnover);
    return `${placeName(own[0])}: the fan-in CV stands still over the last third of updates in ${still} of ${own.length} layers and starts (drift within ±${percent(driftMargin)} of it), while the connections grown in that third, repeats counted, come to ${range(grown, 1)} % of all.`;
  });
}

function describeFixedPoints(runs: readonly PaperRun[]): string[] {
  return groups(fixedPointRows(runs), ({ experiment, dataset, from }) => `${experiment} ${dataset} ${from}`).map(
    (own) => {
      const parts = own.map(
        ({ start, layer, ratio, low, high }) => `${start}, layer ${layer + 1}: ${bounded(ratio, low, high)}`,
      );
      const [begun, fixed] =
        own[0].from === "end"
          ? ["at RigL's end", `a fixed point: below ${equivalenceMargin}`]
          : ["at a profile of the CV of RigL's end", "without the noise of an end: below 1 at a fixed point"];
      return `${placeName(own[0])}: started ${begun}, runs move by this many times the distance between seeds (${fixed}): ${parts.join("; ")}.`;
    },
  );
}

function describeHubs(runs: readonly PaperRun[]): string[] {
  const rows = hubIdentityRows(runs).filter(({ start }) => equilibriumStarts.includes(start));
  return groups(rows).map((own) => {
    const rho = own.map((row) => row.rho).filter(Number.isFinite);
    const shared = own.map(({ jaccard }) => jaccard).filter(Number.isFinite);
    const chance = own.map(({ jaccardByChance }) => jaccardByChance).filter(Number.isFinite);
    return `${placeName(own[0])}: fan-ins at start and end correlate with ρ = ${range(rho)} over layers and starts; hubs are the same with a Jaccard index of ${range(shared)} (${range(chance)} by chance).`;
  });
}

function estimatesOf(row: ConvergenceRow): ClaimEstimate[] {
  const place = `${placeName(row)}, layer ${row.layer + 1}`;
  const common = { unit: "ratio", n: row.seeds, p: null };
  return [
    {
      ...{ ...common, quantity: `${place}: R`, estimate: row.ratio, low: row.ratioLow, high: row.ratioHigh },
      sides: [side("between starts", row.after), side("between seeds", row.within)],
    },
    {
      ...common,
      quantity: `${place}: C`,
      estimate: row.contraction,
      low: row.contractionLow,
      high: row.contractionHigh,
      sides: [side("at the end", row.after), side("at the start", row.before)],
    },
  ];
}

function bounded(value: number, low: number, high: number): string {
  return `${plain(value)} [${plain(low)}, ${Number.isFinite(high) ? plain(high) : "∞"}]`;
}
