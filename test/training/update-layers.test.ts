import assert from "node:assert/strict";
import { test } from "node:test";
import type { EngineNetwork } from "psn/dist/engines/engine";
import { createRandom } from "psn/dist/random";
import { gather, scatter } from "psn/dist/topology/dense-layout";
import { fromMask, toMask } from "psn/dist/topology/masks";
import type { Topology } from "psn/dist/topology/topology";
import { rigl } from "psn/dist/training/config";
import { updateLayers } from "psn/dist/training/update-layers";

// The update oracle: five inputs, four neurons, by flat index.
const W = [0.5, 0, -0.3, 0, 0, 0.05, 0, 0.9, -0.02, 0, 0.4, 0, 0, -0.7, 0, 0.01, 0.2, 0, 0, -0.6];
const G = [0.1, 0.62, 0.2, 0.97, 0.8, 0.1, 0.05, 0.2, 0.95, 0.4, 0.3, 0.6, 0.7, 0.2, 0.15, 0.99, 0.1, 0.55, 0.65, 0.2];
const topology = fromMask(
  Uint8Array.from(W, (w) => (w === 0 ? 0 : 1)),
  5,
  4,
);

test("an engine is handed exactly what RigL decided", () => {
  const replaced: { layer: number; topology: Topology; weights: Float32Array; fresh: Uint32Array }[] = [];
  const network: EngineNetwork = {
    read: () => ({ topology, weights: gather(topology, Float32Array.from(W)), bias: new Float32Array(4) }),
    denseGradients: () => [Float32Array.from(G)],
    replace: (layer, next, weights, fresh) => replaced.push({ layer, topology: next, weights, fresh }),
    step: () => assert.fail("an update takes no step"),
    evaluate: () => assert.fail("an update evaluates nothing"),
    dispose: () => undefined,
  };
  const batch = { rows: 0, features: new Float32Array(0), labels: new Uint8Array(0), scale: 1 };
  const at = { step: 100, fraction: 0.3, layers: [2], batch, random: createRandom(0) };
  const [log] = updateLayers(network, rigl, at);
  assert.deepEqual(log, { step: 100, layer: 2, dropped: 3, regrown: 2, grown: 1, fanIn: [3, 1, 2, 4] });
  const [{ layer, topology: next, weights, fresh }] = replaced;
  const expected = [...W];
  expected[5] = 0; // (1, 1) is dropped; (0, 3) grows at weight 0
  assert.equal(layer, 2);
  assert.deepEqual([...fresh], [3]);
  assert.equal(toMask(next)[3], 1);
  assert.deepEqual([...scatter(next, weights)], [...Float32Array.from(expected)]);
});
