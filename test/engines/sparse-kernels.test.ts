import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Optimizer } from "psn/dist/engines/engine";
import type { Kernel } from "psn/dist/engines/kernel/kernel";
import { addonPath, nativeKernels } from "psn/dist/engines/kernel/native";
import { wasmKernel } from "psn/dist/engines/kernel/wasm";
import { createSparseNetwork } from "psn/dist/engines/sparse";
import { createRandom } from "psn/dist/random";
import { randomBatch, randomLayers } from "./networks";

const adam: Optimizer = { kind: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const sgd: Optimizer = { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 5e-4 };
const native = existsSync(addonPath) ? nativeKernels() : [];
const withoutAddon = native.length === 0 && "the addon is not built";

/** Everything that a training run with topology updates leaves behind, as a checksum. */
function fingerprint(kernel: Kernel): string {
  const hash = createHash("sha256");
  for (const optimizer of [adam, sgd]) {
    for (const density of [0.03, 0.3, 0.8]) {
      const sizes = [90, 70, 40, 11];
      const network = createSparseNetwork(kernel, { sizes, layerNorm: true }, randomLayers(sizes, density), optimizer);
      const random = createRandom(5);
      const floats = randomBatch(700, 90, 11);
      const bytes = { ...floats, scale: 1 / 255, features: floats.features.map(Math.abs) };
      const data = { ...bytes, features: Uint8Array.from(bytes.features, (x) => x * 80) };
      for (let round = 0; round < 6; round++) {
        const order = random.permutation(700);
        hash.update(
          network.steps(
            data,
            order,
            100 + 60 * round,
            new Float64Array(Math.ceil(700 / (100 + 60 * round))).fill(0.01),
          ),
        );
        network.move(data, order.subarray(0, 200), [0, 1], [40, 20], "keep");
        hash.update(network.steps(floats, order.subarray(0, 300), 64, new Float64Array(5).fill(0.01)));
      }
      hash.update(JSON.stringify(network.evaluate(data)));
      for (const layer of [0, 1, 2]) {
        const { topology, weights, bias, norm } = network.read(layer);
        for (const part of [topology?.columns, weights, bias, norm?.gain]) if (part) hash.update(part);
      }
      network.dispose();
    }
  }
  return hash.digest("hex");
}

test("deterministic kernels give the same bits, WebAssembly's", { skip: withoutAddon }, () => {
  const exact = native.filter(({ name }) => name === "portable" || name.endsWith("_unfused"));
  assert.ok(exact.length > 0);
  const wasm = fingerprint(wasmKernel());
  for (const kernel of exact) assert.equal(fingerprint(kernel), wasm, kernel.name);
});

test("fused kernels of every width give the same bits as each other", { skip: withoutAddon }, () => {
  const fused = native.filter(({ name }) => name === "avx512" || name === "avx2").map(fingerprint);
  for (const other of fused) assert.equal(other, fused[0]);
});

test("what does not fit into WebAssembly's memory is an error that says so, and so is all that follows", () => {
  const optimizer = Float64Array.of(1, 0, 0.9, 0.999, 1e-8, 0, 0);
  const create = (...sizes: number[]) => wasmKernel().create(Uint32Array.from(sizes), false, optimizer);
  assert.throws(() => create(2 ** 23, 1), /do not fit into WebAssembly's 4 GB/); // 128 of them are 2³² bytes, which is 0
  const width = 2 ** 16;
  const network = create(1, width, 1);
  for (const layer of [0, 1]) {
    const bias = new Float32Array(layer === 0 ? width : 1);
    network.set(layer, { topology: null, weights: new Float32Array(width), bias });
  }
  const data = { rows: 1, features: Uint8Array.of(1), labels: Uint8Array.of(0), scale: 1 };
  assert.equal(network.evaluate(data, 0, 1).loss, 0);
  const batch = new Uint32Array(128 * 128);
  assert.throws(() => network.denseGradients(data, batch, 0, new Float32Array(width)), /do not fit/);
  assert.throws(() => network.evaluate(data, 0, 1), /do not fit/);
});

test("every kernel of this machine passes every test of the engine", () => {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const names = [...native.map(({ name }) => name), "wasm"];
  const files = ["sparse.test.js", "sparse-tfjs.test.js", "sparse-fixtures.test.js"].map((name) =>
    join(__dirname, name),
  );
  for (const name of names) {
    const [kernel, mode] = name.split("_");
    const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", ...files], {
      env: { ...environment, PSN_KERNEL: kernel, PSN_DETERMINISTIC: mode === undefined ? "0" : "1" },
      encoding: "utf8",
    });
    assert.equal(status, 0, `${name}: ${stdout}`);
    assert.ok(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) >= 50, `${name}: only few tests ran`);
  }
});
