import { dirname, join, sep } from "node:path";
import util from "node:util";

type TensorFlow = typeof import("@tensorflow/tfjs");

/** TensorFlow.js, ready to compute. */
export interface LoadedTensorFlow {
  readonly tf: TensorFlow;
  /** What computes, for provenance: "tfjs-node 4.22.0 (TensorFlow 2.21.0)" or "tfjs-wasm 4.22.0". */
  readonly backend: string;
}

let chosen: { tf: TensorFlow; native: boolean } | undefined;
let loading: Promise<LoadedTensorFlow> | undefined;

/**
 * TensorFlow.js with the fastest backend that this machine has: tfjs-node where its native library loads, else
 * WebAssembly, with a line on stderr that says so and why. The environment variable `PSN_TFJS=wasm` asks for
 * WebAssembly. The choice is made once in a process (a worker thread makes its own).
 *
 * @throws if neither backend starts.
 */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  loading ??= start();
  return loading;
}

/**
 * Makes `require("danfojs-node")` possible; call it before that. danfo loads tfjs-node, which throws where its native
 * library is missing; there, the pure package takes tfjs-node's place in Node's module cache.
 */
export function prepareTensorFlowForDanfo(): void {
  choose();
}

async function start(): Promise<LoadedTensorFlow> {
  const { tf, native } = choose();
  if (native) {
    await tf.ready();
    const { binding } = tf.backend() as unknown as { binding: { TF_Version: string } };
    return { tf, backend: `tfjs-node ${tf.version["tfjs-core"]} (TensorFlow ${binding.TF_Version})` };
  }
  const wasm: typeof import("@tensorflow/tfjs-backend-wasm") = require("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist") + sep);
  if (!(await tf.setBackend("wasm"))) {
    throw new Error("TensorFlow.js could not start its wasm backend; run `npm ci` to reinstall it.");
  }
  await tf.ready();
  return { tf, backend: `tfjs-wasm ${tf.version["tfjs-core"]}` };
}

function choose(): { tf: TensorFlow; native: boolean } {
  chosen ??= requireNative() ?? requirePure();
  return chosen;
}

function requireNative(): { tf: TensorFlow; native: boolean } | undefined {
  const asked = process.env.PSN_TFJS ?? "";
  if (!["", "node", "wasm"].includes(asked)) {
    throw new Error(`PSN_TFJS is "${asked}"; allowed are "node" and "wasm", or leave it unset.`);
  }
  if (asked === "wasm") return undefined;
  restoreRemovedNodeFunctions();
  // Otherwise TensorFlow describes the processor on stderr. Worker threads inherit it from the main thread only.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  try {
    return { tf: require("@tensorflow/tfjs-node"), native: true };
  } catch (error) {
    if (asked === "node") throw error;
    const reason = String(error instanceof Error ? error.message : error).split("\n")[0];
    process.stderr.write(
      "TensorFlow.js runs on WebAssembly, about three times slower: the native library of tfjs-node does not load " +
        `(${reason}). \`npm run setup\` tries to install it.\n`,
    );
    return undefined;
  }
}

function requirePure(): { tf: TensorFlow; native: boolean } {
  const tf: TensorFlow = require("@tensorflow/tfjs");
  const filename = require.resolve("@tensorflow/tfjs-node");
  const standIn = Object.assign(Object.create(module.constructor.prototype), {
    id: filename,
    filename,
    exports: tf,
    loaded: true,
    children: [],
    paths: [],
  });
  require.cache[filename] = standIn;
  return { tf, native: false };
}

/** tfjs-node 4.22 calls two functions of `util` that Node 23 removed. */
function restoreRemovedNodeFunctions(): void {
  const functions = util as unknown as Record<string, unknown>;
  functions.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  functions.isArray ??= Array.isArray;
}
