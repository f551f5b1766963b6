import { openControl } from "./control";
import type { Parent } from "./end-with-parent";
import { decode, encode, type Message } from "./messages";
import type { StopRequest } from "./stop-request";
import { loadZeromq, type Socket, type SocketKind } from "./zeromq";

/** What Jupyter's connection file holds. */
export interface ConnectionFile {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
}

/** The two channels on which requests come. */
export type Channel = "shell" | "control";

/** The sockets to Jupyter. */
export interface Connection {
  /** Answers a request on the channel it came by. */
  reply(channel: Channel, parent: Message, type: string, content: object): void;
  /** Tells all frontends. */
  publish(parent: Message | undefined, type: string, content: object): void;
  /** Says that the kernel works on a request, or no longer. */
  status(parent: Message | undefined, state: "busy" | "idle" | "starting"): void;
  /** Sends what is left, and closes. */
  close(): void;
}

/**
 * Opens the sockets; `receive` gets each request. What is urgent on control stops the running code by `stop`, and the end
 * of `parent` ends code that cannot be stopped.
 */
export async function connect(
  file: ConnectionFile,
  { stop, parent }: { readonly stop: StopRequest; readonly parent: Parent },
  receive: (channel: Channel, request: Message) => void,
): Promise<Connection> {
  const zeromq = loadZeromq();
  const addressOf = (port: number): string => `${file.transport}://${file.ip}:${port}`;
  const open = async (kind: SocketKind, port: number): Promise<Socket> => {
    const socket = new zeromq[kind]();
    // Else a cell that prints more than five hundred lines without a pause loses the others.
    socket.sendHighWaterMark = 0;
    socket.sendTimeout = 0;
    socket.linger = 1000;
    await socket.bind(addressOf(port));
    return socket;
  };
  const iopub = await open("Publisher", file.iopub_port);
  const shell = await open("Router", file.shell_port);
  const stdin = await open("Router", file.stdin_port);
  // Last, as its thread listens at once, and whoever waits for this is to be there for its first request.
  const addresses = { control: addressOf(file.control_port), heartbeat: addressOf(file.hb_port) };
  const control = await openControl({ ...addresses, key: file.key, stop, parent }, (frames) =>
    attempt(() => receive("control", decode(file.key, frames))),
  );
  const send = (socket: Socket, frames: Buffer[]): void => {
    if (socket.closed) return; // what a cell has left to say after the kernel's farewell is for nobody
    socket.send(frames).catch(complain);
  };
  const publish: Connection["publish"] = (parent, type, content) => {
    const topic = parent && { ...parent, identities: [Buffer.from(type)] };
    send(iopub, encode(file.key, { parent: topic, type, content }));
  };
  listen(shell, (frames) => receive("shell", decode(file.key, frames)));
  return {
    reply(channel, parent, type, content) {
      const frames = encode(file.key, { parent, type, content });
      if (channel === "control") control.send(frames);
      else send(shell, frames);
    },
    publish,
    status: (parent, state) => publish(parent, "status", { execution_state: state }),
    close() {
      for (const socket of [iopub, shell, stdin]) socket.close();
    },
  };
}

async function listen(socket: Socket, handle: (frames: Buffer[]) => void): Promise<void> {
  for await (const frames of socket) attempt(() => handle(frames));
}

/** One bad message is no reason to listen no longer. */
function attempt(handle: () => void): void {
  try {
    handle();
  } catch (error) {
    complain(error);
  }
}

const stderr = process.stderr.write.bind(process.stderr);

/** To whoever started the kernel; a cell is not to blame. */
function complain(error: unknown): void {
  stderr(`${error instanceof Error ? error.stack : error}\n`);
}
