import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { constants, PerformanceObserver } from "node:perf_hooks";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { addonPath } from "psn/dist/engines/kernel/native";
import { createRandom } from "psn/dist/random";

type Call = (...values: unknown[]) => unknown;

const skip = !existsSync(addonPath) && "the addon is not built";
const addon: Record<string, Call> = skip ? {} : require(addonPath);
const adam = Float64Array.of(1, 0, 0.9, 0.999, 1e-8, 0, 0);

const topology = [Uint32Array.of(0, 2, 3), Uint32Array.of(0, 2, 1)];
const bias = new Float32Array(2);
const sparse = [...topology, Float32Array.of(1, 2, 3), bias, null, null];
const dense = [null, null, Float32Array.of(1, 2, 3, 4), bias, null, null];

/** A network 3-2-2 whose layers are not set. */
const empty = (): unknown => addon.create(0, Uint32Array.of(3, 2, 2), 1, adam);

/** One by hand: neuron 0 reads inputs 0 and 2, neuron 1 reads input 1; the output is dense. */
function network(): unknown {
  const made = empty();
  addon.set(made, 0, ...sparse);
  addon.set(made, 1, ...dense);
  return made;
}
const data = [new Uint8Array(12), new Uint8Array(4), 1];
const order = Uint32Array.of(0, 1, 2, 3);

test("wrong arguments behind the TypeScript checks are errors too, never a crash", { skip }, () => {
  const made = network();
  const wrong: [string, unknown[], RegExp][] = [
    ["create", [99, Uint32Array.of(3, 2), 0, adam], /number 99/],
    ["create", [0, Uint32Array.of(3), 0, adam], /1 sizes/],
    ["create", [0, Uint32Array.of(3, 0), 0, adam], /size 0/],
    ["create", [0, Uint32Array.of(1 << 20, 1 << 20), 0, adam], /2\^32/],
    ["create", [0, Uint32Array.of(3, 2), 0, adam.subarray(1)], /length 6; it must be 7/],
    ["create", [0, [3, 2], 0, adam], /kind of typed array/],
    ["set", [made, 2, null, null, new Float32Array(4), new Float32Array(2), null, null], /layer 2/],
    ["set", [empty(), 1, null, null, new Float32Array(3), new Float32Array(2), null, null], /length 3; it must be 4/],
    [
      "replace",
      [made, 0, Uint32Array.of(0, 2, 3), Uint32Array.of(2, 0, 1), new Float32Array(3), order],
      /out of order/,
    ],
    ["replace", [made, 0, Uint32Array.of(0, 2, 3), Uint32Array.of(0, 3, 1), new Float32Array(3), order], /below 3/],
    ["replace", [made, 0, Uint32Array.of(0, 4, 3), Uint32Array.of(0, 1, 2), new Float32Array(3), order], /fall at 1/],
    ["replace", [made, 0, Uint32Array.of(0, 2, 4), Uint32Array.of(0, 1, 2), new Float32Array(3), order], /do not span/],
    ["replace", [made, 0, Uint32Array.of(0, 2, 3), Uint32Array.of(0, 2, 1), new Float32Array(2), order], /length 2/],
    [
      "replace",
      [made, 0, Uint32Array.of(0, 2, 3), Uint32Array.of(0, 2, 1), new Float32Array(3), Uint32Array.of(6)],
      /fresh/,
    ],
    ["replace", [made, 0, null, null, new Float32Array(0), order], /needs a topology/],
    ["read", [made, 0, null, null, new Float32Array(4), new Float32Array(2), null, null], /length 4; it must be 3/],
    ["steps", [made, ...data, Uint32Array.of(4), 1, new Float64Array(1), new Float64Array(1)], /row 4/],
    ["steps", [made, ...data, order, 0, new Float64Array(1), new Float64Array(1)], /batch of 0/],
    ["steps", [made, ...data, order, 2, new Float64Array(1), new Float64Array(2)], /length 1; it must be 2/],
    [
      "steps",
      [made, data[0], Uint8Array.of(0, 1, 2, 0), 1, order, 4, new Float64Array(1), new Float64Array(1)],
      /label 2/,
    ],
    [
      "steps",
      [made, new Uint8Array(11), data[1], 1, order, 4, new Float64Array(1), new Float64Array(1)],
      /11 features/,
    ],
    ["steps", [made, ...data, new Uint32Array(0), 4, new Float64Array(0), new Float64Array(0)], /no rows/],
    ["evaluate", [made, ...data, 2, 3, new Float64Array(2)], /rows 2 \+ 3/],
    ["denseGradients", [made, ...data, order, 0, new Float32Array(5)], /length 5; it must be 6/],
    ["move", [made, ...data, order, Uint32Array.of(0), Uint32Array.of(4), 0, new Uint32Array(2)], /4 to drop/],
    ["move", [made, ...data, order, Uint32Array.of(1), Uint32Array.of(1), 0, new Uint32Array(2)], /layer 1 is dense/],
    ["move", [made, ...data, order, Uint32Array.of(0), Uint32Array.of(1), 0, new Uint32Array(1)], /length 1/],
    ["bytes", [], /1 arguments/],
    ["bytes", [{}], /no network/],
  ];
  for (const [name, values, message] of wrong) assert.throws(() => addon[name](...values), message, name);
  addon.destroy(made);
  assert.throws(() => addon.bytes(made), /disposed/);
  assert.throws(() => addon.destroy(made), /disposed/);
});

test("calls before a layer is set, or not as it was set, are errors too", { skip }, () => {
  const [made, none, first] = [network(), empty(), empty()];
  addon.set(first, 0, ...sparse);
  const weights = new Float32Array(3);
  const square = [Uint32Array.of(0, 1, 2), Uint32Array.of(0, 1), new Float32Array(2)];
  assert.throws(() => addon.replace(made, 1, ...square, new Uint32Array()), /layer 1 has no topology/);
  assert.throws(() => addon.replace(none, 0, ...topology, weights, new Uint32Array()), /layer 0 has no topology/);
  assert.throws(() => addon.replace(first, 1, ...square, new Uint32Array()), /layer 1 has no topology/);
  for (const [layer, values] of [
    [0, sparse],
    [1, [...square, bias, null, null]],
    [1, dense],
  ] as const) {
    assert.throws(() => addon.set(made, layer, ...values), new RegExp(`layer ${layer} is set already`));
  }
  const one = [order, 4, Float64Array.of(0.1), new Float64Array(1)];
  for (const [incomplete, layers] of [
    [none, 2],
    [first, 1],
  ] as const) {
    const uses: [string, unknown[]][] = [
      ["steps", [...data, ...one]],
      ["evaluate", [...data, 0, 4, new Float64Array(2)]],
      ["gradients", [...data, order]],
      ["denseGradients", [...data, order, 0, new Float32Array(6)]],
      ["move", [...data, order, Uint32Array.of(0), Uint32Array.of(1), 0, new Uint32Array(2)]],
      ["read", [1, null, null, new Float32Array(0), bias, null, null]],
      ["readGradients", [1, new Float32Array(0), bias, null, null]],
    ];
    for (const [name, values] of uses) {
      assert.throws(() => addon[name](incomplete, ...values), new RegExp(`${layers} layers are not set`), name);
    }
  }
  addon.set(first, 1, ...dense);
  addon.steps(first, ...data, ...one);
  for (const each of [made, none, first]) addon.destroy(each);
});

test("arrays in shared memory are read in place", { skip }, () => {
  const random = createRandom(0);
  const features = new Uint8Array(new SharedArrayBuffer(12)).map(() => random.integer(256));
  const shared = new Uint8Array(new SharedArrayBuffer(12));
  shared.set(features);
  const losses = [features, shared].map((bytes) => {
    const made = network();
    const into = new Float64Array(1);
    addon.steps(made, bytes, new Uint8Array(new SharedArrayBuffer(4)), 1, order, 4, Float64Array.of(0.1), into);
    addon.destroy(made);
    return into[0];
  });
  assert.equal(losses[0], losses[1]);
  assert.ok(losses[0] > 0);
});

/** A network 784-1000-10 with all connections: 12 MB. */
function large(): object {
  const made = addon.create(0, Uint32Array.of(784, 1000, 10), 0, adam);
  addon.set(made, 0, null, null, new Float32Array(784_000), new Float32Array(1000), null, null);
  addon.set(made, 1, null, null, new Float32Array(10_000), new Float32Array(10), null, null);
  return made as object;
}

test("networks that were forgotten are collected, for the garbage collector knows their size", { skip }, async () => {
  let collected = 0;
  const registry = new FinalizationRegistry(() => {
    collected++;
  });
  assert.ok((addon.bytes(large()) as number) > 3 * 4 * 784_000);
  for (let i = 0; i < 60; i++) {
    registry.register(large(), null);
    await turn();
  }
  assert.ok(collected >= 20, `${collected} of 60 were collected`);
});

test("networks that are disposed are no reason to collect", { skip }, async () => {
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    const isMajor = (entry: object): boolean =>
      (entry as { detail: { kind: number } }).detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
    collections += list.getEntries().filter(isMajor).length;
  });
  observer.observe({ entryTypes: ["gc"] });
  const sizes = Uint32Array.of(784, 1000, 10);
  for (let i = 0; i < 300; i++) {
    addon.destroy(addon.create(0, sizes, 0, adam));
    await turn();
  }
  observer.disconnect();
  assert.ok(collections <= 3, `${collections} collections`);
});
