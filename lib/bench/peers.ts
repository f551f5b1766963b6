import { existsSync } from "node:fs";
import { join } from "node:path";

/** Someone who trains, as a process that answers (see protocol.ts). */
export interface Peer {
  readonly id: string;
  /** For tables. */
  readonly label: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const root: string = join(__dirname, "..", "..", "..");

/** Ours first; the first of them that runs on this machine is what all others are compared with. */
export function allPeers(): Peer[] {
  return [...["avx512", "avx2", "portable", "wasm"].map(sparse), tfjs(), ...Object.keys(pytorchLabels).map(pytorch)];
}

function node(program: string): string[] {
  return [process.execPath, "--expose-gc", join(__dirname, "peers", "engine.js"), program];
}

function sparse(instructions: string): Peer {
  return {
    id: `sparse-${instructions}`,
    label: `sparse engine, ${instructions === "wasm" ? "WebAssembly" : instructions}`,
    command: node("sparse"),
    environment: { PSN_KERNEL: instructions },
  };
}

function tfjs(): Peer {
  return { id: "tfjs", label: "tfjs-node, masked", command: node("tfjs"), environment: { PSN_TFJS: "node" } };
}

const pytorchLabels: Readonly<Record<string, string>> = {
  masked: "PyTorch, masked, fused Adam",
  onednn: "PyTorch, the same on oneDNN",
  csr: "PyTorch, CSR, backward by hand",
  "tuned-csr": "PyTorch, the same with tuned buffers",
};

function pytorch(kind: string): Peer {
  return {
    id: `pytorch-${kind}`,
    label: pytorchLabels[kind],
    command: [benchmarkPython(), join(__dirname, "..", "peers", "pytorch.py"), kind],
    environment: {},
  };
}

/** PSN_BENCH_PYTHON, else that of .venv, else python3. */
function benchmarkPython(): string {
  const ours = join(root, ".venv", "bin", "python");
  return process.env.PSN_BENCH_PYTHON ?? (existsSync(ours) ? ours : "python3");
}
