import type { Machine } from "./machine";
import { type Cost, INTERVAL, type Memory, type Overhead, percent, type Results, type Scaling } from "./parts";
import type { Estimate } from "./statistics";
import type { Target } from "./targets";

/** A benchmark, as `--json` prints it. Nothing in it depends on the day. */
export interface Report {
  readonly machine: Machine;
  readonly effort: { readonly rounds: number; readonly seconds: number; readonly quick: boolean };
  /** The core that all are bound to; null where nothing binds them. */
  readonly core: number | null;
  /** The base is the first. */
  readonly peers: readonly { readonly id: string; readonly label: string; readonly backend: string }[];
  readonly skipped: readonly { readonly id: string; readonly reason: string }[];
  readonly results: Results;
  /** Null on a machine that they are not meant for. */
  readonly targets: readonly Target[] | null;
}

/** The report as Markdown that can be read as it is. */
export function markdown(report: Report): string {
  const { results } = report;
  const sections = [
    introduction(report),
    costTable(report, results.costs),
    results.overheads.length > 0 ? results.overheads.map(overheadLine).join("\n") : "",
    results.sparsities === null ? "" : scalingSection("From 80 to 99.9 % sparsity", results.sparsities),
    ...results.widths.map((each) => scalingSection(widthsTitle(each), each)),
    memoryTable(report, results.memory),
    targetList(report),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** What a README has room for: the ratios, and each scaling in a line. */
export function summary(report: Report): string {
  const { results } = report;
  const overheads = results.overheads.map(overheadLine);
  const scalings = [
    ...(results.sparsities === null ? [] : [scalingLine("From 80 to 99.9 % sparsity", results.sparsities)]),
    ...results.widths.map((each) => scalingLine(widthsTitle(each), each)),
  ].map((line) => `* ${line}`);
  const sections = [introduction(report), costTable(report, results.costs), [...overheads, ...scalings].join("\n")];
  return sections.filter((section) => section !== "").join("\n\n");
}

function introduction({ machine, effort, core, peers, skipped }: Report): string {
  const { processor, cores, memoryGiB, system, node, instructions } = machine;
  const vectors = instructions === null ? "" : `, ${instructions.join(" ")}`;
  const bound = core === null ? "not bound to a core" : "bound to one core";
  return [
    `Training steps of 784-512-256-10: batch 128, Adam, no LayerNorm, random bytes as pixels, output layer dense.`,
    `Processor time, ${bound}, one thread; ${effort.rounds} interleaved rounds of ${effort.seconds} s each${effort.quick ? " (quick)" : ""};`,
    "median of per-round ratios, quartiles in brackets.",
    "",
    `* Machine: ${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}${vectors}; Node ${node.slice(1)}`,
    ...peers.map(({ label, backend }) => `* ${label}: ${backend}`),
    ...skipped.map(({ reason }) => `* Not measured: ${reason}`),
  ].join("\n");
}

function costTable({ peers }: Report, costs: readonly Cost[]): string {
  if (costs.length === 0) return "";
  const sparsities = [...new Set(costs.map(({ sparsity }) => sparsity))];
  const row = (label: string, peer: string, text: (cost: Cost) => string): string[] => [
    label,
    ...sparsities.map((sparsity) => text(costs.find((cost) => cost.peer === peer && cost.sparsity === sparsity)!)),
  ];
  return table([
    ["sparsity", ...sparsities.map(percent)],
    row(`${peers[0].label}, µs a step`, peers[0].id, ({ microseconds }) => spread(microseconds, "")),
    ...peers.slice(1).map(({ id, label }) => row(label, id, (cost) => spread(cost.ratio, "×"))),
  ]);
}

function overheadLine({ what, sparsity, added }: Overhead): string {
  const named = what === "RigL" ? `RigL, an update every ${INTERVAL} steps,` : what;
  const [median, low, high] = [added.median, added.low, added.high].map((share) => (100 * share).toFixed(1));
  return `* ${named} adds ${median} % [${low}–${high}] at ${percent(sparsity)}`;
}

function widthsTitle({ points }: Scaling): string {
  return `Over widths n of n-n-n-10 at ${percent(points[0].sparsity)}, least relative errors`;
}

function scalingLine(title: string, { line }: Scaling): string {
  const perThousand = `${line.slope.toPrecision(3)} µs for each 1000 connections`;
  return `${title}: ${line.intercept.toPrecision(3).replace("-", "−")} µs + ${perThousand}, R² ${line.r2.toFixed(4)}`;
}

function scalingSection(title: string, scaling: Scaling): string {
  const { points } = scaling;
  const columns = points.map(({ sizes, sparsity, nonzeros, microseconds: { median } }) => [
    points[0].sparsity === points.at(-1)!.sparsity ? `n = ${sizes[0]}` : percent(sparsity),
    String(nonzeros),
    significant(median),
    significant((1000 * median) / nonzeros),
  ]);
  const head = ["", "connections", "µs a step", "µs for each 1000"];
  return `${scalingLine(title, scaling)}\n\n${table([head, ...columns])}`;
}

function memoryTable({ peers }: Report, memory: readonly Memory[]): string {
  if (memory.length === 0) return "";
  const size = (bytes: number | null): string => (bytes === null ? "unknown" : `${(bytes / 2 ** 20).toFixed(2)} MiB`);
  const label = (id: string): string => peers.find((peer) => peer.id === id)?.label ?? id;
  return table([
    ["memory of a run, examples aside", "sparsity", "growth of the process", "counted by the engine"],
    ...memory.map(({ peer, sparsity, resident, own }) => [label(peer), percent(sparsity), size(resident), size(own)]),
  ]);
}

function targetList({ targets }: Report): string {
  if (targets === null) return "Targets are not judged: they are for a core with AVX-512 and the kernel built for it.";
  return targets
    .map(({ what, wanted, measured, holds }) => `* ${holds ? "pass" : "**fail**"}: ${what}: ${measured} (${wanted})`)
    .join("\n");
}

function spread({ median, low, high }: Estimate, unit: string): string {
  return `${significant(median)}${unit} [${significant(low)}–${significant(high)}]`;
}

/** Three significant digits, and no exponent. */
function significant(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Columns as wide as their widest cell; all but the first are aligned right. */
export function table([head, ...body]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...body].map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...body.map(line)].join("\n");
}
