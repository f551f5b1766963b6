import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { kernelFolder } from "./specs";

export const root = join(__dirname, "..", "..", "..");

/** A message that the kernel published. */
export interface Output {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the content is what the tests are about
  readonly content: any;
}

/** The end of a request: its reply, null if none came, and what was published for it. */
export interface Finished {
  readonly reply: Output | null;
  readonly outputs: readonly Output[];
}

/** A kernel in a process of its own, spoken to by Jupyter's own client. */
export interface Wire {
  send(type: string, content: object, channel?: "shell" | "control"): Promise<string>;
  finish(id: string, seconds?: number): Promise<Finished>;
  /** Sends a request and waits for its end. */
  ask(type: string, content?: object, channel?: "shell" | "control"): Promise<Finished>;
  /** Executes a cell. */
  run(code: string, more?: object): Promise<Finished>;
  listen(id: string, seconds: number): Promise<readonly Output[]>;
  interrupt(): Promise<void>;
  restart(): Promise<void>;
  /** Waits until the kernel's process has ended: its exit code, or minus the signal; null if it has not by then. */
  wait(seconds: number): Promise<number | null>;
  /** Whether the heartbeat is answered within so many seconds. */
  beat(seconds: number): Promise<boolean>;
  pid(): Promise<number>;
  crash(): Promise<void>;
  stop(): Promise<void>;
}

export interface WireOptions {
  /** This project's kernel (default), the same started by a shell, tslab as it comes, or ipykernel. */
  readonly kernel?: "ours" | "wrapped" | "stock" | "ipykernel";
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

type Client = ChildProcessByStdio<Writable, Readable, null>;

/** Starts a kernel and its client. It runs on the Node of the tests. */
export async function startWire(options: WireOptions = {}): Promise<Wire> {
  const child = await startClient(options);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the client of the kernel ended");
    return JSON.parse(value);
  };
  await answer();
  let turn: Promise<unknown> = Promise.resolve();
  const order = <T>(op: string, more: object = {}): Promise<T> => {
    const result = turn.then(() => {
      child.stdin.write(`${JSON.stringify({ op, ...more })}\n`);
      return answer() as Promise<T>;
    });
    turn = result.catch(() => undefined);
    return result;
  };
  const send: Wire["send"] = async (type, content, channel = "shell") =>
    (await order<{ id: string }>("send", { type, content, channel })).id;
  const finish: Wire["finish"] = (id, seconds = 60) => order("finish", { id, seconds });
  const ask: Wire["ask"] = async (type, content = {}, channel = "shell") => finish(await send(type, content, channel));
  return {
    send,
    finish,
    ask,
    run: (code, more) => ask("execute_request", execution(code, more)),
    listen: async (id, seconds) => (await order<Finished>("listen", { id, seconds })).outputs,
    interrupt: () => order("interrupt"),
    restart: () => order("restart"),
    wait: async (seconds) => (await order<{ code: number | null }>("wait", { seconds })).code,
    beat: async (seconds) => (await order<{ answered: boolean }>("beat", { seconds })).answered,
    pid: async () => (await order<{ pid: number }>("pid")).pid,
    crash: () => order<void>("crash").catch(() => undefined),
    stop: () => order("stop"),
  };
}

/** A client that is killed so many seconds after it has started the kernel. */
export async function crashAtStart(seconds: number, options: WireOptions): Promise<void> {
  const [, signal] = await once(await startClient(options, String(seconds)), "exit");
  if (signal !== "SIGKILL") throw new Error("the client ended by itself, perhaps without a kernel");
}

async function startClient(options: WireOptions, ...more: string[]): Promise<Client> {
  const { kernel = "ours", folder = join(root, "notebooks"), environment } = options;
  const env = {
    ...process.env,
    ...(kernel !== "ipykernel" && { JUPYTER_PATH: await kernelFolder(kernel) }),
    PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    ...environment,
  };
  const python = join(root, ".venv", "bin", "python");
  const program = join(root, "test", "kernel", "wire.py");
  return spawn(python, [program, kernel === "ipykernel" ? "python3" : "tslab", folder, ...more], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
}

/** What an `execute_request` holds. */
export function execution(code: string, more: object = {}): object {
  return { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: true, ...more };
}

/** The outputs of one type. */
export function only(type: string, { outputs }: Pick<Finished, "outputs">): Output["content"][] {
  return outputs.filter((output) => output.type === type).map(({ content }) => content);
}

/** All text on stdout or stderr. */
export function text(name: "stdout" | "stderr", finished: Pick<Finished, "outputs">): string {
  return only("stream", finished)
    .filter((stream) => stream.name === name)
    .map((stream) => stream.text)
    .join("");
}
