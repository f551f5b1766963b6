import type { DataShape, Setting } from "./setting";

/** What a peer can be asked: one JSON object a line on its stdin, with an `id` and a `do`. */
export interface Requests {
  hello: unknown;
  /** Make random examples and keep them under the name `data`. */
  data: { readonly data: string } & DataShape;
  /** Make a network and keep it under the name `run`. */
  open: { readonly run: string; readonly data: string; readonly setting: Setting };
  /** Train it for a number of steps. */
  steps: { readonly run: string; readonly steps: number };
  /** `run` for what this run holds; without it, only the process is looked at. */
  memory: { readonly run?: string };
  close: { readonly run: string };
}

/** What it answers: one line on its stdout, with the `id` of the request and these fields, or `error`. */
export interface Answers {
  /** What computes, with versions. */
  hello: { readonly backend: string };
  data: unknown;
  open: unknown;
  /** Processor seconds of the whole process, all its threads together, and the last step's loss. */
  steps: { readonly cpu: number; readonly loss: number };
  /** Bytes: of the process, and what the run itself counts; null where nobody knows. */
  memory: { readonly resident: number | null; readonly own: number | null };
  close: unknown;
}

export type Ask = <K extends keyof Requests>(what: K, fields: Requests[K]) => Promise<Answers[K]>;

/** A peer that cannot start, has died or does not answer as it should. */
export class PeerError extends Error {}

/** @throws PeerError unless the line is an answer with an id; one with `error` is an answer, too. */
export function parseAnswer(line: string): { readonly id: number } & Record<string, unknown> {
  let answer: unknown;
  try {
    answer = JSON.parse(line);
  } catch {
    answer = undefined;
  }
  if (typeof answer !== "object" || answer === null || !("id" in answer) || !Number.isInteger(answer.id)) {
    throw new PeerError(`wrote "${line.slice(0, 100)}", which is no answer; its stdout is for answers alone`);
  }
  return answer as { id: number } & Record<string, unknown>;
}

/** @throws PeerError when what a peer measured is impossible. */
export function checkSteps({ cpu, loss }: Answers["steps"]): void {
  if (!(cpu > 0 && Number.isFinite(cpu))) throw new PeerError(`says ${cpu} processor seconds; it must be above 0`);
  if (!Number.isFinite(loss)) throw new PeerError(`has lost its way: its loss is ${loss}`);
}

/** Cuts a stream of text into lines; what it returns takes the pieces as they come. */
export function lines(onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const line of parts) if (line.trim() !== "") onLine(line);
  };
}
