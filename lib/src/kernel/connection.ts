import Module from "node:module";
import { decode, encode, type Message } from "./messages";

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

interface Socket extends AsyncIterable<Buffer[]> {
  sendHighWaterMark: number;
  sendTimeout: number;
  linger: number;
  bind(address: string): Promise<void>;
  send(frames: readonly Buffer[]): Promise<void>;
  close(): void;
}

/** tslab's own zeromq. */
function loadZeromq(): Record<"Router" | "Publisher" | "Reply", new () => Socket> {
  return Module.createRequire(require.resolve("tslab/dist/main.js"))("zeromq");
}

/** Opens the sockets; `receive` gets each request. */
export async function connect(
  file: ConnectionFile,
  receive: (channel: Channel, request: Message) => void,
): Promise<Connection> {
  const zeromq = loadZeromq();
  const open = async (kind: "Router" | "Publisher" | "Reply", port: number): Promise<Socket> => {
    const socket = new zeromq[kind]();
    // Else a cell that prints more than five hundred lines without a pause loses the others.
    socket.sendHighWaterMark = 0;
    socket.sendTimeout = 0;
    socket.linger = 1000;
    await socket.bind(`${file.transport}://${file.ip}:${port}`);
    return socket;
  };
  const iopub = await open("Publisher", file.iopub_port);
  const requests = { shell: await open("Router", file.shell_port), control: await open("Router", file.control_port) };
  const stdin = await open("Router", file.stdin_port);
  const heartbeat = await open("Reply", file.hb_port);
  const send = (socket: Socket, parent: Message | undefined, type: string, content: object): void => {
    socket.send(encode(file.key, { parent, type, content })).catch(complain);
  };
  const publish: Connection["publish"] = (parent, type, content) =>
    send(iopub, parent && { ...parent, identities: [Buffer.from(type)] }, type, content);
  for (const channel of ["shell", "control"] as const) {
    listen(requests[channel], async (frames) => receive(channel, decode(file.key, frames)));
  }
  listen(heartbeat, (frames) => heartbeat.send(frames));
  return {
    reply: (channel, parent, type, content) => send(requests[channel], parent, type, content),
    publish,
    status: (parent, state) => publish(parent, "status", { execution_state: state }),
    close() {
      for (const socket of [iopub, requests.shell, requests.control, stdin, heartbeat]) socket.close();
    },
  };
}

async function listen(socket: Socket, handle: (frames: Buffer[]) => Promise<void>): Promise<void> {
  for await (const frames of socket) await handle(frames).catch(complain);
}

const stderr = process.stderr.write.bind(process.stderr);

/** To whoever started the kernel; a cell is not to blame. */
function complain(error: unknown): void {
  stderr(`${error instanceof Error ? error.stack : error}\n`);
}
