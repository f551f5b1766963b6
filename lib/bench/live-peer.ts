import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { Peer } from "./peers";
import { type Answers, type Ask, checkSteps, lines, PeerError, parseAnswer } from "./protocol";

/** A peer's process, waiting for requests. */
export interface LivePeer {
  readonly peer: Peer;
  /** What computes, with versions. */
  readonly backend: string;
  readonly ask: Ask;
  /** Ends it; answers that are still due become errors. */
  stop(): void;
}

/**
 * Starts a peer and waits until it has said hello.
 *
 * @param pin what goes before the command to keep it on one core
 * @throws PeerError when it cannot start; the message says why
 */
export async function startPeer(peer: Peer, pin: readonly string[]): Promise<LivePeer> {
  const [command, ...args] = [...pin, ...peer.command];
  const child = spawn(command, args, { env: { ...process.env, ...singleThreaded, ...peer.environment } });
  const ask = conversation(peer, child);
  const stop = (): void => {
    process.off("exit", stop);
    child.kill();
  };
  process.on("exit", stop);
  try {
    const { backend } = await ask("hello", {});
    return { peer, backend, ask, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

const singleThreaded = {
  OMP_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
};

function conversation(peer: Peer, child: ChildProcessWithoutNullStreams): Ask {
  interface Pending {
    resolve(answer: never): void;
    reject(error: Error): void;
  }
  const pending = new Map<number, Pending>();
  let asked = 0;
  let complaints = "";
  let greeted = false;
  let dead: PeerError | undefined;

  const die = (why: string): void => {
    dead ??= new PeerError(`${peer.label} ${why}`);
    for (const { reject } of pending.values()) reject(dead);
    pending.clear();
  };
  const onLine = (line: string): void => {
    const { id, error, ...answer } = parseAnswer(line);
    const waiting = pending.get(id);
    pending.delete(id);
    if (error === undefined) waiting?.resolve(answer as never);
    else waiting?.reject(new PeerError(`${peer.label}: ${error}`));
  };
  const hear = lines((line) => {
    try {
      onLine(line);
    } catch (error) {
      die((error as Error).message);
      child.kill();
    }
  });
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-4000);
  });
  child.stdin.on("error", () => {}); // A peer that has died is told of by "close".
  child.on("error", (error) => die(`does not start: ${error.message}`));
  child.on("close", (code, signal) => {
    const last = complaints.trim().split("\n").at(-1) ?? "";
    const ended = greeted ? `has ended with ${signal ?? code}` : "does not start";
    die(last === "" ? ended : `${ended}: ${last}`);
  });

  return async (what, fields) => {
    const id = asked++;
    const answer = await new Promise<Answers[typeof what]>((resolve, reject) => {
      if (dead) return reject(dead);
      pending.set(id, { resolve, reject });
      child.stdin.write(`${JSON.stringify({ id, do: what, ...(fields as object) })}\n`);
    });
    greeted = true;
    if (what === "steps") checkSteps(answer as Answers["steps"]);
    return answer;
  };
}
