import { equilibriumSeeds } from "../experiments/grids/equilibrium";
import type { PaperRun } from "../experiments/part";
import { gridSeeds, mainSparsity, type Protocol, paperDatasets } from "../experiments/protocol";
import { datasetLabel, percent } from "../figures/estimate";
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
  test: `W1n between runs of different seeds, starts of equal budget, ${gridSeeds} seeds or more. Equivalence ratio R: between starts over within a start, at the end. Contraction C: between starts, end over beginning. One-sided 95 % bounds by bootstrap over seeds. Experiments equilibrium (${equilibriumStarts.length} starts, 1.5 times as long) and rigl (${riglStarts.length} starts). Controls (${list(controls)}) from ${list(twoStarts)} on ${datasetLabel(controlled.dataset)}: their C beside RigL's from the same starts.`,
  margin: `R below ${equivalenceMargin}, C below ${contractionMargin}, by their upper bounds. Reproduced: R so in every layer of every data set; partly: R so in some layer, or C so in every layer and surely below that of each control (bounds apart) wherever they run; else not reproduced.`,
  amended:
    "At first C below its margin in every layer was enough for partly. Connections that grow at random can draw fan-ins together as well, so that C alone does not show that RigL has an equilibrium: it must now be below that of the controls, too. Before, the verdict under plain was partly.",
  limits: `Uniform layer budgets give layers other numbers of connections than ERK's and cannot be compared. Where seeds vary little, R is large for ends that hardly differ: read it with C. Updates end by design; stationarity (drift of the CV at most ${percent(driftMargin)} over the last third) says little where few connections still move.`,
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
    ...groups(variants).flatMap(describeVariants),
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

/** Rows of one experiment and data set each. */
function groups<T extends { readonly experiment: string; readonly dataset: string }>(rows: readonly T[]): T[][] {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const key = `${row.experiment} ${row.dataset}`;
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

/** The contraction of RigL beside that of its controls, other schedules and shapes, from the same two starts. */
function describeVariants(rows: readonly VariantRow[]): string[] {
  const settings = [...new Set(rows.map(({ setting }) => setting))];
  if (settings.length < 2) return [];
  const parts = settings.map((setting) => {
    const own = rows.filter((row) => row.setting === setting);
    return `${setting} C ${range(own.map(({ contraction }) => contraction))}, R ${range(own.map(({ ratio }) => ratio))}`;
  });
  const { layers, closer, further } = besideControls(rows);
  const beside =
    layers === 0
      ? ""
      : ` RigL surely draws them closer than each of its controls in ${closer} of ${count(layers, "layer")}, and surely less close than one of them in ${further}.`;
  return [`${placeName(rows[0])}, ${list(twoStarts)}: ${parts.join("; ")}.${beside}`];
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
    const moved = own.map(({ turnover }) => 100 * turnover);
    return `${placeName(own[0])}: the fan-in CV stands still over the last third of updates in ${still} of ${own.length} layers and starts (drift within ±${percent(driftMargin)} of it), while ${range(moved, 1)} % of connections still move.`;
  });
}

function describeFixedPoints(runs: readonly PaperRun[]): string[] {
  return groups(fixedPointRows(runs)).map((own) => {
    const parts = own.map(
      ({ start, layer, ratio, low, high }) => `${start}, layer ${layer + 1}: ${bounded(ratio, low, high)}`,
    );
    return `${placeName(own[0])}: started at RigL's end, runs move by this many times the distance between seeds (a fixed point: below ${equivalenceMargin}): ${parts.join("; ")}.`;
  });
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
