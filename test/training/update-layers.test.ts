import assert from "node:assert/strict";
import { test } from "node:test";
import type { EngineNetwork } from "psn/dist/engines/engine";
import { moveLayer } from "psn/dist/engines/move-layer";
import { createRandom } from "psn/dist/random";
import { gather, scatter } from "psn/dist/topology/dense-layout";
import { fanIn, fromMask, toMask } from "psn/dist/topology/masks";
import { riglUpdate } from "psn/dist/topology/rigl";
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

/** An engine of which only what a test gives may be used. */
function engineWith(parts: Partial<EngineNetwork>): EngineNetwork {
  const refuse = (): never => assert.fail("not to be called");
  const all = { step: refuse, steps: refuse, denseGradients: refuse, move: refuse, read: refuse, replace: refuse };
  return {
    ...all,
    connections: () => 10,
    fanIn: refuse,
    evaluate: refuse,
    evaluateRows: refuse,
    bytes: refuse,
    dispose: refuse,
    ...parts,
  };
}

const read = () => ({ topology, weights: gather(topology, Float32Array.from(W)), bias: new Float32Array(4) });
const data = { rows: 9, features: new Float32Array(45), labels: new Uint8Array(9), scale: 1 };
const moment = {
  step: 100,
  fraction: 0.3,
  layers: [2],
  data,
  order: Uint32Array.of(4, 2),
  random: createRandom(0),
};

test("RigL is the engine's own, told how many connections to move and on which rows", () => {
  const asked: unknown[] = [];
  const move: EngineNetwork["move"] = (...request) => {
    asked.push(request);
    return [{ regrown: 2, grown: 1 }];
  };
  const [log] = updateLayers(engineWith({ read, move }), { ...rigl, regrown: "reset" }, moment);
  assert.deepEqual(asked, [[data, moment.order, [2], [3], "reset"]]);
  assert.deepEqual(log, { step: 100, layer: 2, dropped: 3, regrown: 2, grown: 1, fanIn: [3, 2, 2, 3] });
});

test("a control that keeps fan-ins is computed from the engine's dense gradients", () => {
  const replaced: Topology[] = [];
  const replace: EngineNetwork["replace"] = (_, next) => replaced.push(next);
  const denseGradients: EngineNetwork["denseGradients"] = (batch) => {
    assert.equal(batch.rows, 2);
    return [Float32Array.from(G)];
  };
  const network = engineWith({ read, denseGradients, replace });
  const [log] = updateLayers(network, { ...rigl, growth: "row-wise" }, moment);
  assert.equal(log.dropped, 3);
  assert.deepEqual([...fanIn(replaced[0])], [3, 2, 2, 3]);
});

test("what an update decides is what the engine is given", () => {
  const replaced: Parameters<EngineNetwork["replace"]>[] = [];
  const network = engineWith({ read, replace: (...parts) => replaced.push(parts) });
  const moved = moveLayer(network, 2, (layer) => riglUpdate({ ...layer, gradients: G, fraction: 0.3 }));
  assert.deepEqual([moved.dropped, moved.regrown, moved.grown], [3, 2, 1]);
  const [[layer, next, weights, fresh]] = replaced;
  const expected = [...W];
  expected[5] = 0; // (1, 1) is dropped; (0, 3) grows at weight 0
  assert.equal(layer, 2);
  assert.deepEqual([...fresh], [3]);
  assert.equal(toMask(next)[3], 1);
  assert.deepEqual([...scatter(next, weights)], [...Float32Array.from(expected)]);
});
