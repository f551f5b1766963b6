#!/usr/bin/env node
/** The kernel `tslab` of this project's notebooks: `main.js CONNECTION_FILE`. tslab compiles and runs the cells. */
import { readFileSync } from "node:fs";
import { type Connection, type ConnectionFile, connect } from "./connection";
import { endWithParent } from "./end-with-parent";
import { createKernel, type Kernel } from "./kernel";
import { mendNode } from "./mend-node";
import { installOutputs } from "./outputs";
import { findPackages } from "./packages";
import { createSession } from "./session";
import { createStopRequest } from "./stop-request";

/** Milliseconds in which the last messages are sent. */
const farewell = 100;

async function main(connectionFile: string): Promise<void> {
  const parent = endWithParent();
  mendNode();
  const file: ConnectionFile = JSON.parse(readFileSync(connectionFile, "utf8"));
  const folder = process.cwd();
  const stop = createStopRequest();
  const session = createSession(folder, { searched: findPackages(folder), stop });
  let kernel: Kernel | undefined;
  const connection: Connection = await connect(file, { stop, parent }, (channel, request) =>
    kernel?.receive(channel, request),
  );
  installOutputs(connection, session.tslab);
  kernel = createKernel(session, connection, stop, () => {
    connection.close();
    setTimeout(() => process.exit(0), farewell);
  });
  process.on("SIGINT", kernel.interrupt);
  connection.status(undefined, "starting");
}

void main(process.argv[2]);
