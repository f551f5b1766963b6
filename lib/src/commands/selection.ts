import { parseArgs } from "node:util";
import type { ExperimentPart, PartSource } from "../experiments/part";
import { protocols } from "../experiments/protocol";

/** Switches that several commands share. */
export const selectionOptions = {
  protocol: { type: "string" },
  dataset: { type: "string" },
  quick: { type: "boolean", default: false },
  store: { type: "string" },
} as const;

/** The values of {@link selectionOptions}, as `parseArgs` gives them. */
export interface Selection {
  readonly protocol?: string;
  readonly dataset?: string;
  readonly quick?: boolean;
  readonly store?: string;
}

/** `parseArgs`, strict, with names after the switches. */
export const parseCommand = <Options extends NonNullable<Parameters<typeof parseArgs>[0]>["options"]>(
  args: string[],
  options: Options,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options; strict: true; allowPositionals: true }>> =>
  parseArgs({ args, options, strict: true, allowPositionals: true });

/** @throws RangeError when nothing is selected */
export function selectParts(source: PartSource, names: readonly string[], selection: Selection): ExperimentPart[] {
  const { protocol, dataset, quick = false } = selection;
  if (protocol !== undefined && !Object.hasOwn(protocols, protocol)) {
    throw new RangeError(`There is no protocol ${protocol}; there are ${Object.keys(protocols).join(", ")}.`);
  }
  const parts = source({
    ...(names.length > 0 && { experiments: [...new Set(names)] }),
    ...(protocol !== undefined && { protocol: protocol as ExperimentPart["protocol"] }),
    ...(dataset !== undefined && { dataset }),
    quick,
  });
  if (parts.length > 0) return parts;
  const asked = [...names, protocol, dataset].filter((word) => word !== undefined);
  throw new RangeError(`No part of the experiments is ${asked.join(" and ")}.`);
}
