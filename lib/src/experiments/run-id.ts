import { createHash } from "node:crypto";
import type { RunConfig } from "../training/config";

/** Raised whenever the same config would give other numbers than before; part of every run's identity. */
export const protocolVersion = 2;

/**
 * The name of a run: 16 hex digits of the sha256 of its config, the checksums of its data and the protocol version.
 * Equal runs have equal ids, in whatever order the fields of the config were written.
 */
export function runId(config: RunConfig, checksums: Readonly<Record<string, string>>): string {
  const identity = canonicalJson({ config, checksums, protocolVersion });
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}

/**
 * JSON with the keys of every object in alphabetical order and no white space.
 *
 * @throws RangeError on what has no JSON form: NaN, infinities, and functions such as a custom family's shape
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "function") {
    throw new RangeError("canonicalJson: a function has no JSON form; runs of custom families cannot be recorded");
  }
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`canonicalJson: ${value} has no JSON form; a config holds finite numbers only`);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
