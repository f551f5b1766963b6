import { parseArgs } from "node:util";
import type { PaperRequest } from "../notebook/run-notebooks";

const list = { type: "string", multiple: true } as const;
const options = {
  only: list,
  quick: { type: "boolean" },
  rerun: { type: "boolean" },
  compute: { type: "boolean" },
  dataset: list,
  protocol: list,
  datasets: list,
  protocols: list,
  sparsities: list,
  starts: list,
  structures: list,
  seeds: { type: "string" },
  engine: { type: "string" },
  workers: { type: "string" },
} as const;

/**
 * The switches of `npm run paper`. Each parameter of the notebooks' first cells has one of its name; lists have commas,
 * or a switch for each name, and `--dataset` and `--protocol`, which `psn run` has, are the same as their plurals.
 */
export function paperSwitches(args: string[]): PaperRequest {
  const { values } = parseArgs({ args, options, strict: true, allowPositionals: false });
  const { only = [], dataset = [], protocol = [], ...rest } = values;
  const lists = {
    datasets: [...(rest.datasets ?? []), ...dataset],
    protocols: [...(rest.protocols ?? []), ...protocol],
    sparsities: rest.sparsities ?? [],
    starts: rest.starts ?? [],
    structures: rest.structures ?? [],
  };
  const texts = Object.entries({ ...rest, ...lists }).map(([name, value]) => [name, textOf(value)] as const);
  return { only, parameters: Object.fromEntries(texts.filter(([, text]) => text !== "")) };
}

function textOf(value: boolean | string | readonly string[] | undefined): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return typeof value === "string" ? value : (value ?? []).join(",");
}
