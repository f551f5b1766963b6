import Module from "node:module";

export interface Socket extends AsyncIterable<Buffer[]> {
  sendHighWaterMark: number;
  sendTimeout: number;
  linger: number;
  readonly closed: boolean;
  bind(address: string): Promise<void>;
  send(frames: readonly Uint8Array[]): Promise<void>;
  close(): void;
}

export type SocketKind = "Router" | "Publisher" | "Reply";

/** tslab's own zeromq. */
export function loadZeromq(): Record<SocketKind, new () => Socket> {
  return Module.createRequire(require.resolve("tslab/dist/main.js"))("zeromq");
}
