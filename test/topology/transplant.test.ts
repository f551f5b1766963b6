import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRandom } from "psn/dist/random";
import { checkTopology, fanIn, fanOut, fromMask, toMask } from "psn/dist/topology/masks";
import type { Topology } from "psn/dist/topology/topology";
import { transplant, transplantKeeps } from "psn/dist/topology/transplant";

const layer = (inputs: number, neurons: number) =>
  fc
    .array(fc.constantFrom(0, 1), { minLength: inputs * neurons, maxLength: inputs * neurons })
    .map((mask) => fromMask(mask, inputs, neurons));
/** Two sparse layers on top of each other, a dense one behind. */
const networks = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([n, m, o]) => fc.tuple(layer(n, m), layer(m, o)))
  .map((sparse) => [...sparse, null]);
const seeds = fc.integer({ min: 0, max: 1e6 }).map((seed) => createRandom(seed));

const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);
/** Inputs of each neuron, as the set that they are, whichever input is which: how many inputs each two neurons share. */
const shared = ({ neurons, rowPointers, columns }: Topology) => {
  const rows = Array.from({ length: neurons }, (_, i) => columns.subarray(rowPointers[i], rowPointers[i + 1]));
  return rows.map((a) => rows.map((b) => a.filter((input) => b.includes(input)).length));
};
const each = (before: (Topology | null)[], after: (Topology | null)[], check: (a: Topology, b: Topology) => void) => {
  assert.deepEqual(
    after.map((t) => t === null),
    before.map((t) => t === null),
  );
  before.forEach((topology, l) => {
    if (topology !== null) check(topology, after[l] as Topology);
  });
};

test("whatever is inherited is a valid layer of the same size, and the same again from the same seed", () => {
  fc.assert(
    fc.property(
      networks,
      fc.constantFrom(...transplantKeeps),
      fc.integer({ min: 0, max: 1e6 }),
      (network, keep, seed) => {
        const found = transplant(network, keep, createRandom(seed));
        each(network, found, (a, b) => {
          checkTopology(b);
          assert.deepEqual([b.inputs, b.neurons, b.columns.length], [a.inputs, a.neurons, a.columns.length]);
        });
        assert.deepEqual(transplant(network, keep, createRandom(seed)), found);
      },
    ),
  );
});

test("masks stay as they are, in arrays of their own", () => {
  fc.assert(
    fc.property(networks, seeds, (network, random) => {
      const found = transplant(network, "masks", random);
      assert.deepEqual(found, network);
      each(network, found, (a, b) => assert.ok(a.columns !== b.columns && a.rowPointers !== b.rowPointers));
    }),
  );
});

test("degrees: every fan-in and fan-out stays", () => {
  fc.assert(
    fc.property(networks, seeds, (network, random) => {
      each(network, transplant(network, "degrees", random), (a, b) => {
        assert.deepEqual(fanIn(b), fanIn(a));
        assert.deepEqual(fanOut(b), fanOut(a));
      });
    }),
  );
});

test("fan-ins: every fan-in stays", () => {
  fc.assert(
    fc.property(networks, seeds, (network, random) => {
      each(network, transplant(network, "fan-ins", random), (a, b) => assert.deepEqual(fanIn(b), fanIn(a)));
    }),
  );
});

test("fan-outs: every fan-out stays, and fan-ins differ by at most one", () => {
  fc.assert(
    fc.property(networks, seeds, (network, random) => {
      each(network, transplant(network, "fan-outs", random), (a, b) => {
        assert.deepEqual(fanOut(b), fanOut(a));
        assert.ok(Math.max(...fanIn(b)) - Math.min(...fanIn(b)) <= 1);
      });
    }),
  );
});

test("uncoupled: the first layer stays, later ones but for the names of their inputs", () => {
  fc.assert(
    fc.property(networks, seeds, (network, random) => {
      const found = transplant(network, "uncoupled", random);
      assert.deepEqual(found[0], network[0]);
      each(network, found, (a, b) => {
        assert.deepEqual(fanIn(b), fanIn(a));
        assert.deepEqual(sorted(fanOut(b)), sorted(fanOut(a)));
        assert.deepEqual(shared(b), shared(a));
      });
    }),
  );
});

test("nothing given is changed", () => {
  const network = [fromMask([1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1], 4, 3), fromMask([1, 0, 0, 1, 1, 1], 3, 2)];
  const before = structuredClone(network);
  for (const keep of transplantKeeps) transplant(network, keep, createRandom(1));
  assert.deepEqual(network, before);
});

/** How often each mask comes out of `keep`, over `draws` seeds. */
function frequencies(topology: Topology, keep: (typeof transplantKeeps)[number], draws: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < draws; seed++) {
    const [, found] = transplant([null, topology], keep, createRandom(seed));
    const key = toMask(found as Topology).join("");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

test("every layer that keeps what is kept comes out equally often", () => {
  // Number of 3 × 3 masks of row and column sums 1, 1, 2 (5); of column sums 1, 1, 2 and rows that differ by at most
  // one (5 for each place of the two); of row sums 1, 1, 2 (27); of renamings of the inputs (6).
  const topology = fromMask([1, 0, 0, 0, 0, 1, 0, 1, 1], 3, 3);
  for (const [keep, layers] of [
    ["degrees", 5],
    ["fan-outs", 15],
    ["fan-ins", 27],
    ["uncoupled", 6],
  ] as const) {
    const draws = 200 * layers;
    const counts = [...frequencies(topology, keep, draws).values()];
    assert.equal(counts.length, layers, keep);
    const chi2 = counts.reduce((sum, count) => sum + (count - 200) ** 2 / 200, 0);
    const df = layers - 1;
    assert.ok(chi2 < df + 4 * Math.sqrt(2 * df), `${keep}: χ² ${chi2} with ${df} degrees of freedom`);
  }
});

test("layers and ways to inherit draw apart from each other", () => {
  const square = fromMask(
    Array.from({ length: 400 }, (_, flat) => (flat % 3 === 0 ? 1 : 0)),
    20,
    20,
  );
  const [a, b] = transplant([square, square], "fan-ins", createRandom(0));
  assert.notDeepEqual(a, b);
});

test("a layer of 80 thousand connections is rewired until its start is forgotten", () => {
  // Bands: neuron i reads the k inputs from i on, so that no chance mask looks like it.
  const [inputs, neurons, k] = [784, 512, 157];
  const mask = new Uint8Array(inputs * neurons);
  for (let i = 0; i < neurons; i++) for (let t = 0; t < k; t++) mask[((i + t) % inputs) * neurons + i] = 1;
  const band = fromMask(mask, inputs, neurons);
  // Given its degrees, a connection is there with probability about fan-in × fan-out / E: the overlap that chance gives.
  const out = fanOut(band);
  const chance = band.columns.reduce((sum, input) => sum + (k * out[input]) / band.columns.length, 0);
  for (const keep of ["degrees", "fan-outs"] as const) {
    const [found] = transplant([band], keep, createRandom(0));
    const after = toMask(found as Topology);
    const overlap = mask.reduce((sum, bit, flat) => sum + (bit & after[flat]), 0);
    const [share, expected] = [overlap / band.columns.length, chance / band.columns.length];
    assert.ok(Math.abs(share - expected) < 0.01, `${keep}: overlap ${share}, chance ${expected}`);
  }
});

test("an unknown inheritance is refused with the known ones", () => {
  assert.throws(
    () => transplant([], "weights" as "masks", createRandom(0)),
    /"weights" is unknown; use one of masks, /,
  );
});
