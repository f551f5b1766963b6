import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";

/** Where a benchmark ran; nothing that names the machine or the day. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** The vector instruction sets of the processor that matter here; null where the system does not tell. */
  readonly instructions: readonly string[] | null;
}

export function machine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    instructions: instructionSets(readProc("cpuinfo")),
  };
}

/** AVX-512, AVX2 and FMA among the flags of /proc/cpuinfo. */
export function instructionSets(cpuinfo: string | null): string[] | null {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo ?? "")?.[1].split(" ");
  if (flags === undefined) return null;
  return ["avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"].filter((flag) => flags.includes(flag));
}

/** The last core that this process may use, or null where the system does not tell. */
export function lastCore(status: string | null = readProc("self/status")): number | null {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(status ?? "")?.[1];
  return list === undefined ? null : Number(list.split(/[,-]/).at(-1));
}

function readProc(name: string): string | null {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
