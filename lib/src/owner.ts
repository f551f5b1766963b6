import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** Whether a process still runs; "elsewhere" is on another machine, where this one cannot look. */
export type OwnerState = "alive" | "dead" | "elsewhere";

let known: string | undefined;

/** This process as text without white space, slashes or dots: machine, pid, and when it started, because pids return. */
export function thisProcess(): string {
  known ??= ownerText(hostname(), process.pid, processStart(process.pid) ?? "");
  return known;
}

/** What has become of the process that {@link thisProcess} named. Text that names none is "dead". */
export function ownerState(owner: string): OwnerState {
  const [host, pid, start, ...more] = owner.split("~");
  if (start === undefined || more.length > 0) return "dead";
  if (host !== encoded(hostname())) return "elsewhere";
  const startNow = processStart(Number(pid));
  return startNow !== null && encoded(startNow) === start ? "alive" : "dead";
}

function ownerText(host: string, pid: number, start: string): string {
  return [encoded(host), pid, encoded(start)].join("~");
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[.~]/g, "_");
}

/** When a process started, in whatever unit the system has; null where there is no such process. */
function processStart(pid: number): string | null {
  if (process.platform === "linux") return linuxStart(pid);
  try {
    return execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim();
  } catch {
    return null; // ps fails where there is no such process
  }
}

/** Ticks since boot: field 22 of /proc/<pid>/stat, whose field 2 may hold anything between its brackets. */
function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const isGone = fields[0] === "Z" || fields[0] === "X"; // killed, but its parent has not asked after it
    return isGone ? null : fields[19];
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}
