import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A JupyterLab of our own, with no settings and no trusted notebooks of whoever runs the test. */
export interface JupyterLab {
  /** The address at which a file of its folder opens, with nothing else beside it. */
  address(file: string): string;
  /** The kernel of an open notebook, such as "tslab", and whether it is "idle". */
  kernel(file: string): Promise<{ name: string; state: string } | undefined>;
  /** Whether the server takes the outputs of each code cell for its user's own: those of a fresh clone are not. */
  trust(file: string): Promise<boolean[]>;
  /** Ends the kernel of a notebook, if it has one. */
  shutdown(file: string): Promise<void>;
  /** The last that the server wrote. */
  log(): string;
  stop(): Promise<void>;
}

interface Session {
  readonly id: string;
  readonly path: string;
  readonly kernel: { name: string; execution_state: string } | null;
}

const root = join(__dirname, "..", "..", "..");

/** Starts JupyterLab on `folder`, keeping what it writes itself in `own`; `environment` reaches its kernels. */
export async function startJupyterLab(
  folder: string,
  own: string,
  environment: Record<string, string>,
): Promise<JupyterLab> {
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const args = ["-m", "jupyterlab", "--no-browser", `--port=${port}`, "--ServerApp.port_retries=0"];
  args.push(`--ServerApp.root_dir=${folder}`, `--IdentityProvider.token=${token}`);
  if (process.getuid?.() === 0) args.push("--allow-root");
  const env = { ...process.env, ...ownFolders(own), ...environment };
  const server = spawn(join(root, ".venv", "bin", "python"), args, { env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4000);
  });
  const address = `http://127.0.0.1:${port}`;
  const api = (path: string, method = "GET"): Promise<Response> =>
    fetch(`${address}/api/${path}`, { method, headers: { Authorization: `token ${token}` } });
  try {
    await answering(() => api("status"), server);
  } catch (error) {
    await stop(server);
    throw new Error(`JupyterLab does not start: ${log}`, { cause: error });
  }
  const sessionOf = async (file: string): Promise<Session | undefined> =>
    ((await (await api("sessions")).json()) as Session[]).find(({ path }) => path === file);
  return {
    address: (file) => `${address}/doc/tree/${file}?token=${token}&reset`,
    stop: () => stop(server),
    log: () => log,
    async kernel(file) {
      const kernel = (await sessionOf(file))?.kernel;
      return kernel ? { name: kernel.name, state: kernel.execution_state } : undefined;
    },
    async trust(file) {
      const { content } = (await (await api(`contents/${file}`)).json()) as { content: { cells: Cell[] } };
      return content.cells
        .filter(({ cell_type }) => cell_type === "code")
        .map(({ metadata }) => metadata.trusted === true);
    },
    async shutdown(file) {
      const session = await sessionOf(file);
      if (session) await api(`sessions/${session.id}`, "DELETE");
    },
  };
}

interface Cell {
  readonly cell_type: string;
  readonly metadata: { readonly trusted?: boolean };
}

/** Every cell in the page, drawn or not seen, and no questions asked. */
function ownFolders(own: string): Record<string, string> {
  const settings = join(own, "settings");
  mkdirSync(join(settings, "@jupyterlab", "notebook-extension"), { recursive: true });
  writeFileSync(
    join(settings, "@jupyterlab", "notebook-extension", "tracker.jupyterlab-settings"),
    JSON.stringify({ windowingMode: "none" }),
  );
  return {
    JUPYTER_CONFIG_DIR: join(own, "config"),
    JUPYTER_DATA_DIR: join(own, "data"),
    JUPYTER_RUNTIME_DIR: join(own, "runtime"),
    JUPYTERLAB_SETTINGS_DIR: settings,
    JUPYTERLAB_WORKSPACES_DIR: join(own, "workspaces"),
  };
}

async function answering(request: () => Promise<Response>, server: ChildProcess): Promise<void> {
  const end = performance.now() + 180_000;
  for (;;) {
    try {
      if ((await request()).ok) return;
    } catch (error) {
      // Refused while it starts.
      if (!(error instanceof TypeError)) throw error;
    }
    if (server.exitCode !== null) throw new Error(`it ended with ${server.exitCode}`);
    if (performance.now() > end) throw new Error("no answer within three minutes");
    await sleep(200);
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("close", resolve));
  server.kill("SIGTERM");
  const killer = setTimeout(() => server.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(killer);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve((address as { port: number }).port));
    });
  });
}
