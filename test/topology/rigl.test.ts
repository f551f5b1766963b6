import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "psn/dist/random";
import { gather } from "psn/dist/topology/dense-layout";
import { fanIn, fromMask } from "psn/dist/topology/masks";
import { dropsOf } from "psn/dist/topology/move";
import { riglUpdate, rowWiseRiglUpdate, shuffledRiglUpdate } from "psn/dist/topology/rigl";
import { setUpdate, setUpdateSparse } from "psn/dist/topology/set";
import { type TopologyUpdate, updateTopology } from "psn/dist/topology/update";

// The reference layer, 5 inputs × 4 neurons
const weights = [
  [0.5, 0, -0.3, 0],
  [0, 0.05, 0, 0.9],
  [-0.02, 0, 0.4, 0],
  [0, -0.7, 0, 0.01],
  [0.2, 0, 0, -0.6],
].flat();
const gradients = [
  [0.1, 0.62, 0.2, 0.97],
  [0.8, 0.1, 0.05, 0.2],
  [0.95, 0.4, 0.3, 0.6],
  [0.7, 0.2, 0.15, 0.99],
  [0.1, 0.55, 0.65, 0.2],
].flat();
const mask = weights.map((w) => (w === 0 ? 0 : 1));
const reference = { weights, gradients, mask, inputs: 5, neurons: 4, fraction: 0.3 };
const flat = (input: number, neuron: number): number => input * 4 + neuron;

test("RigL gives the reference's mask, weights and counts", () => {
  const result = riglUpdate(reference);
  const expected = [...weights];
  expected[flat(1, 1)] = 0;
  assert.deepEqual(result.weights, expected);
  const nextMask = expected.map((w) => (w === 0 ? 0 : 1));
  nextMask[flat(0, 3)] = 1;
  assert.deepEqual(Array.from(result.mask), nextMask);
  assert.deepEqual(Array.from(result.fresh), [flat(0, 3)]);
  assert.deepEqual([result.dropped, result.regrown, result.grown], [3, 2, 1]);
  assert.deepEqual(Array.from(fanIn(fromMask(mask, 5, 4))), [3, 2, 2, 3]);
  assert.deepEqual(Array.from(fanIn(fromMask(result.mask, 5, 4))), [3, 1, 2, 4]);
});

test("reset makes connections that return at once start from zero", () => {
  const result = riglUpdate({ ...reference, regrown: "reset" });
  assert.deepEqual(Array.from(result.fresh), [flat(0, 3), flat(2, 0), flat(3, 3)]);
  assert.deepEqual([result.weights[flat(2, 0)], result.weights[flat(3, 3)]], [0, 0]);
  assert.deepEqual([result.dropped, result.regrown, result.grown], [3, 2, 1]);
  assert.deepEqual(result.mask, riglUpdate(reference).mask);
});

test("the number dropped is rounded down, or up if asked", () => {
  assert.equal(riglUpdate({ ...reference, fraction: 0.39 }).dropped, 3);
  assert.equal(riglUpdate({ ...reference, fraction: 0.31, rounding: "ceil" }).dropped, 4);
  assert.equal(riglUpdate({ ...reference, fraction: 0.3, rounding: "ceil" }).dropped, 3);
  assert.equal(riglUpdate({ ...reference, fraction: 0.09 }).dropped, 0);
});

test("on equal |w| the higher flat index goes first, and on equal gradients the lower wins", () => {
  const result = riglUpdate({
    weights: [0.1, -0.1, 0.1, 0, 0, 0],
    gradients: [0, 0, 0, 1, -1, 1],
    mask: [1, 1, 1, 0, 0, 0],
    inputs: 6,
    neurons: 1,
    fraction: 0.7,
  });
  assert.deepEqual(Array.from(result.mask), [1, 0, 0, 1, 1, 0]);
});

test("weights come back in the kind of array they came in, and inputs are left alone", () => {
  const single = Float32Array.from(weights);
  const bytes = Uint8Array.from(mask);
  const before = [single.slice(), bytes.slice(), [...weights], [...gradients], [...mask]];
  const result = riglUpdate({ ...reference, weights: single, mask: bytes, gradients: Float32Array.from(gradients) });
  riglUpdate(reference);
  assert.ok(result.weights instanceof Float32Array);
  assert.equal(result.weights[flat(2, 0)], Math.fround(-0.02));
  assert.deepEqual([single, bytes, weights, gradients, mask], before);
});

test("weights where there is no connection are not read", () => {
  const stale = weights.map((w, i) => (mask[i] === 1 ? w : Number.NaN));
  assert.deepEqual(riglUpdate({ ...reference, weights: stale }), riglUpdate(reference));
});

test("row-wise growth gives each neuron back as many as it lost", () => {
  const result = rowWiseRiglUpdate(reference);
  // neuron 0 loses (2,0) and takes it back; neuron 1 loses (1,1), whose place goes to (0,1); neuron 3 keeps (3,3)
  assert.deepEqual(Array.from(result.fresh), [flat(0, 1)]);
  assert.deepEqual([result.dropped, result.regrown, result.grown], [3, 2, 1]);
  assert.deepEqual(Array.from(fanIn(fromMask(result.mask, 5, 4))), [3, 2, 2, 3]);
});

test("values that are not finite, sizes that do not fit and impossible fractions are refused", () => {
  const broken = (change: object, message: RegExp): void =>
    assert.throws(() => riglUpdate({ ...reference, ...change }), { name: "RangeError", message });
  const changed = (values: readonly number[], index: number, value: number): number[] =>
    values.map((old, i) => (i === index ? value : old));
  broken({ gradients: changed(gradients, 7, Number.NaN) }, /gradients\[7\] is NaN; it must be finite/);
  broken({ weights: changed(weights, 0, Number.NEGATIVE_INFINITY) }, /weights\[0\] is -Infinity/);
  broken({ gradients: gradients.slice(1) }, /gradients has 19 values; the layer has 20/);
  broken({ weights: weights.slice(1) }, /weights has 19 values/);
  broken({ mask: mask.slice(1) }, /mask has 19 values/);
  broken({ mask: changed(mask, 3, 0.5) }, /mask\[3\] is 0.5/);
  broken({ fraction: 1.1 }, /fraction is 1.1/);
  broken({ fraction: Number.NaN }, /fraction is NaN/);
});

const layers = fc
  .record({
    inputs: fc.integer({ min: 1, max: 12 }),
    neurons: fc.integer({ min: 1, max: 12 }),
    density: fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
    fraction: fc.double({ min: 0, max: 1, noNaN: true }),
    rounding: fc.constantFrom("trunc" as const, "ceil" as const),
    regrown: fc.constantFrom("keep" as const, "reset" as const),
    seed: fc.nat(),
  })
  .map(({ density, seed, ...shape }) => {
    const random = createRandom(seed);
    const size = shape.inputs * shape.neurons;
    // coarse values, so that ties happen; stale weights where the mask is 0
    const values = (): Float32Array => Float32Array.from({ length: size }, () => Math.round(8 * random.normal()) / 8);
    const bits = Uint8Array.from({ length: size }, () => (random.uniform() < density ? 1 : 0));
    return { ...shape, weights: values(), gradients: values(), mask: bits, random };
  });

const updates = {
  rigl: riglUpdate,
  shuffled: shuffledRiglUpdate,
  "row-wise": rowWiseRiglUpdate,
  set: setUpdate,
};

test("every update conserves connections, keeps the strongest, and starts new ones from zero", () => {
  fc.assert(
    fc.property(layers, fc.constantFrom(...Object.values(updates)), (layer, update) => {
      const result = update(layer);
      const flats = Array.from(layer.mask.keys());
      const active = flats.filter((i) => layer.mask[i] === 1);
      const share = active.length * layer.fraction;
      const dropped = layer.rounding === "ceil" ? Math.ceil(share) : Math.trunc(share);
      const strongest = active
        .sort((i, j) => Math.abs(layer.weights[j]) - Math.abs(layer.weights[i]) || i - j)
        .slice(0, active.length - dropped);
      const fresh = new Set(result.fresh);
      const trulyNew = flats.filter((i) => result.mask[i] === 1 && layer.mask[i] === 0);

      assert.equal(
        result.mask.reduce((sum, bit) => sum + bit, 0),
        active.length,
      );
      assert.equal(result.dropped, dropped);
      assert.equal(result.regrown + result.grown, dropped);
      assert.equal(result.grown, trulyNew.length);
      for (const i of strongest) assert.ok(result.mask[i] === 1 && !fresh.has(i), "kept and grown are disjoint");
      for (const i of trulyNew) assert.ok(fresh.has(i));
      assert.equal(fresh.size, layer.regrown === "reset" ? dropped : trulyNew.length);
      for (const i of flats) {
        const lives = result.mask[i] === 1 && !fresh.has(i);
        assert.equal(result.weights[i], lives ? layer.weights[i] : 0);
      }
    }),
    { numRuns: 500 },
  );
});

test("RigL grows where the gradient is largest among all positions not kept", () => {
  fc.assert(
    fc.property(layers, (layer) => {
      const { mask: next, fresh } = riglUpdate({ ...layer, regrown: "reset" });
      const score = (i: number): number => Math.abs(layer.gradients[i]);
      const weakestGrown = Math.min(...Array.from(fresh, score));
      for (let i = 0; i < next.length; i++) if (next[i] === 0) assert.ok(score(i) <= weakestGrown);
    }),
  );
});

test("SET by the connections alone is SET", () => {
  fc.assert(
    fc.property(layers, fc.nat(), (layer, seed) => {
      const { inputs, neurons, mask, weights } = layer;
      const expected = setUpdate({ ...layer, random: createRandom(seed) });
      const topology = fromMask(mask, inputs, neurons);
      const drops = dropsOf(layer);
      const moved = setUpdateSparse({ topology, weights: gather(topology, weights) }, drops, createRandom(seed));
      const next = fromMask(expected.mask, inputs, neurons);
      assert.deepEqual(moved, {
        topology: next,
        weights: gather(next, expected.weights),
        fresh: expected.fresh,
        dropped: expected.dropped,
        regrown: expected.regrown,
        grown: expected.grown,
      });
    }),
    { numRuns: 500 },
  );
});

test("SET by the connections alone keeps the largest of many draws, and the first of equal ones", () => {
  const [inputs, neurons] = [300, 200];
  const bits = createRandom(3);
  const mask = new Uint8Array(inputs * neurons).map(() => (bits.uniform() < 0.1 ? 1 : 0));
  const layer = { inputs, neurons, mask, weights: Float32Array.from(mask, (bit, flat) => bit * Math.sin(flat)) };
  const topology = fromMask(mask, inputs, neurons);
  for (const levels of [7, 2 ** 20]) {
    for (const fraction of [0, 0.01, 0.5, 1]) {
      const draws = () => {
        const random = createRandom(4);
        random.uniform = () => random.integer(levels) / levels;
        return random;
      };
      const expected = setUpdate({ ...layer, fraction, random: draws() });
      const drops = dropsOf({ mask, fraction });
      const moved = setUpdateSparse({ topology, weights: gather(topology, layer.weights) }, drops, draws());
      assert.deepEqual(moved.topology, fromMask(expected.mask, inputs, neurons));
      assert.deepEqual(moved.fresh, expected.fresh);
    }
  }
});

test("SET by the connections alone refuses what SET refuses", () => {
  const topology = fromMask([1, 0, 1, 1], 2, 2);
  const weights = Float32Array.of(1, Number.NaN, 3);
  const move = (drops: number) => () => setUpdateSparse({ topology, weights }, { drops }, createRandom(0));
  assert.throws(move(1), { name: "RangeError", message: /weights\[.\] is NaN/ });
  assert.throws(move(4), { name: "RangeError", message: /cannot drop 4 of 3/ });
  assert.throws(move(0.5), { name: "RangeError", message: /cannot drop 0.5 of 3/ });
});

test("row-wise growth freezes every fan-in, also of full and of empty neurons", () => {
  fc.assert(
    fc.property(layers, (layer) => {
      const { mask: next } = rowWiseRiglUpdate(layer);
      const { inputs, neurons } = layer;
      assert.deepEqual(fanIn(fromMask(next, inputs, neurons)), fanIn(fromMask(layer.mask, inputs, neurons)));
    }),
  );
});

test("in a full layer every update takes back what it dropped", () => {
  const full = { ...reference, mask: new Array(20).fill(1), random: createRandom(0) };
  for (const update of Object.values(updates)) {
    const result = update(full);
    assert.deepEqual(result.weights, weights);
    assert.deepEqual([result.dropped, result.regrown, result.grown, result.fresh.length], [6, 6, 0, 0]);
  }
});

test("SET and shuffled RigL grow anywhere with equal chance, whatever the gradient's place", () => {
  for (const update of [setUpdate, shuffledRiglUpdate]) {
    const random = createRandom(1);
    const counts = new Array(20).fill(0);
    for (let i = 0; i < 4000; i++) for (const i of update({ ...reference, random }).fresh) counts[i]++;
    const kept = new Set([...mask.keys()].filter((i) => mask[i] === 1));
    // 3 of the 13 positions not kept grow at a time
    counts.forEach((count, i) => {
      if (kept.has(i)) assert.equal(count, 0);
      else assert.ok(Math.abs(count - (4000 * 3) / 13) < 120, `${update.name}: counts are ${counts}`);
    });
  }
});

test("the same seed moves the same connections", () => {
  for (const update of [setUpdate, shuffledRiglUpdate]) {
    const run = (seed: number) => update({ ...reference, fraction: 0.8, random: createRandom(seed) }).mask;
    assert.deepEqual(run(0), run(0));
    assert.notDeepEqual(run(0), run(1));
  }
});

test("one call dispatches to every kind of update with its switches", () => {
  const schedule = {
    alpha: 0.3,
    decay: "cosine",
    interval: 100,
    end: 0.75,
    firstUpdate: "interval",
    regrown: "reset",
    rounding: "ceil",
  } as const;
  const rigl = { kind: "rigl", skipStep: true, ...schedule } as const;
  const layer = { ...reference, fraction: 0.75 };
  const run = (update: TopologyUpdate) => updateTopology(update, { ...layer, random: createRandom(2) });
  const given = { ...layer, rounding: "ceil", regrown: "reset", random: createRandom(2) } as const;
  const again = () => ({ ...given, random: createRandom(2) });
  assert.deepEqual(run({ ...rigl, growth: "gradient" }), riglUpdate(given));
  assert.deepEqual(run({ ...rigl, growth: "shuffled" }), shuffledRiglUpdate(again()));
  assert.deepEqual(run({ ...rigl, growth: "row-wise" }), rowWiseRiglUpdate(given));
  assert.deepEqual(run({ kind: "set", ...schedule }), setUpdate(again()));
  assert.equal(run({ kind: "set", ...schedule }).dropped, 8);
  const still = run({ kind: "static" });
  assert.deepEqual([Array.from(still.mask), still.weights, still.dropped], [mask, weights, 0]);
  const blind = { ...layer, gradients: null, random: createRandom(0) };
  assert.throws(() => updateTopology({ ...rigl, growth: "gradient" }, blind), {
    name: "TypeError",
    message: /dense gradients/,
  });
  assert.equal(updateTopology({ kind: "set", ...schedule }, blind).dropped, 8);
});
