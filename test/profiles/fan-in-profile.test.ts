import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { layerShape, roundToBudget } from "psn/dist/profiles/allocation";
import { type Family, type FamilyName, familyNames, logFamily, profileShape } from "psn/dist/profiles/families";
import { fanInProfile, maximumCv } from "psn/dist/profiles/fan-in-profile";

const layer784 = { inputs: 784, neurons: 512, nnz: 40141 };
const varying = familyNames.filter((name) => name !== "constant");
const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

function cvOf(fanIn: ArrayLike<number>): number {
  const values = Array.from(fanIn);
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((k) => (k - mean) ** 2)) / values.length) / mean;
}

function giniOf(fanIn: ArrayLike<number>): number {
  const sorted = Array.from(fanIn).sort((a, b) => a - b);
  return sum(sorted.map((k, i) => (2 * i + 1 - sorted.length) * k)) / (sorted.length * sum(sorted));
}

/** Family, CV, shape parameter, least and greatest fan-in, Gini at 784 → 512 with 90 % sparsity. */
const oracle: [FamilyName, number, number, number | null, number | null, number | null][] = [
  ["linear", 0.5, 0.866, 11, 146, 0.289],
  ["power", 1, 2.4216, 1, 267, 0.546],
  ["exponential", 1, 3.83, 7, 306, 0.522],
  ["lognormal", 0.5, 0.4748, null, 305, 0.263],
  ["lognormal", 1, 0.848, null, 758, 0.45],
  ["lognormal", 2, 1.9053, null, 784, 0.747],
  ["lognormal", 2.5, 3.607, null, 784, 0.854],
  ["power-law", 1, 0.542, 37, 784, null],
  ["power-law", 2, 1.2538, 10, 784, null],
];

test("profiles of 784 → 512 at 90 % have the extremes and the Gini of the reference", () => {
  for (const [family, cv, , least, most, gini] of oracle) {
    const fanIn = fanInProfile({ family, cv }, layer784);
    const label = `${family} at CV ${cv}`;
    if (least !== null) assert.equal(Math.min(...fanIn), least, label);
    if (most !== null) assert.equal(Math.max(...fanIn), most, label);
    if (gini !== null) assert.ok(Math.abs(giniOf(fanIn) - gini) < 6e-4, `${label}: ${giniOf(fanIn)}`);
    assert.equal(sum(fanIn), 40141);
    assert.ok(Math.abs(cvOf(fanIn) - cv) < 1e-6, `${label}: ${cvOf(fanIn)}`);
  }
});

test("a step rounds to the reference, and repair shifts its two levels by no more than one", () => {
  const rounded = roundToBudget(layerShape(logFamily("step"), layer784).fanIn(5.0033), layer784);
  assert.deepEqual([Math.min(...rounded), Math.max(...rounded)], [52, 314]);
  const fanIn = fanInProfile({ family: "step", cv: 1 }, layer784);
  assert.ok(Math.abs(giniOf(fanIn) - 0.302) < 6e-4);
  assert.ok(fanIn.every((k, i) => Math.abs(k - rounded[i]) <= 1));
  const falls = (k: number, i: number, level: Uint32Array): boolean => i === 0 || k <= level[i - 1];
  assert.ok(fanIn.slice(0, 461).every(falls) && fanIn.slice(461).every(falls), "among equals the lower index has more");
  assert.ok(Math.abs(cvOf(fanIn) - 1) < 5e-5);
});

test("the reference's shape parameters give the CVs they belong to", () => {
  for (const [family, cv, a] of [...oracle, ["step", 1, 5.0033] as const]) {
    const found = cvOf(layerShape(logFamily(family), layer784).fanIn(a));
    assert.ok(Math.abs(found - cv) < 1e-4, `${family} at a = ${a}: CV ${found}`);
  }
});

test("no profile exceeds the ceiling of its layer, and steep families come close to it", () => {
  assert.ok(Math.abs(maximumCv("lognormal", layer784) - 2.98) < 0.01);
  const second = { inputs: 512, neurons: 256, nnz: 19814 };
  assert.ok(Math.abs(maximumCv("lognormal", second) - 2.35) < 0.01);
  assert.throws(() => fanInProfile({ family: "lognormal", cv: 2.5 }, second), {
    name: "RangeError",
    message: /"lognormal" has no CV 2.5 .* the maximum that it reaches is 2\.3/,
  });
  assert.throws(() => fanInProfile({ family: "linear", cv: 0.6 }, layer784), /maximum that it reaches is 0\.5773/);
  assert.throws(() => fanInProfile({ family: "constant", cv: 0.1 }, layer784), /maximum that it reaches is 0\.0000/);
});

test("a family's own maximum can be asked for and is reached", () => {
  for (const family of varying) {
    const cv = maximumCv(family, layer784);
    assert.ok(Math.abs(cvOf(fanInProfile({ family, cv }, layer784)) - cv) < 1e-3, family);
    assert.throws(() => fanInProfile({ family, cv: cv + 1e-3 }, layer784), RangeError, family);
  }
});

test("a CV below what a family or whole numbers can do is an error that names the least", () => {
  assert.throws(
    () => fanInProfile({ family: "logistic", cv: 0.03 }, layer784),
    /the minimum that it reaches is 0\.068/,
  );
  const thin = { inputs: 784, neurons: 512, nnz: 299 };
  assert.throws(() => fanInProfile({ family: "power", cv: 0.5 }, thin), /minimum that whole numbers give is 0\.844/);
});

test("a CV that so few connections cannot give is an error that names the nearest", () => {
  assert.throws(
    () => fanInProfile({ family: "power", cv: 0.4 }, { inputs: 13, neurons: 2, nnz: 4 }),
    /nearest that whole numbers give is 0\.5000/,
  );
});

test("CV 0 is constant fan-in for every family, the remainder going to the lowest indices", () => {
  for (const family of familyNames) {
    const fanIn = fanInProfile({ family, cv: 0 }, { inputs: 9, neurons: 5, nnz: 28 });
    assert.deepEqual(Array.from(fanIn), [6, 6, 6, 5, 5], family);
  }
});

const anyLayer = fc
  .record({ inputs: fc.integer({ min: 1, max: 120 }), neurons: fc.integer({ min: 1, max: 90 }) })
  .chain(({ inputs, neurons }) =>
    fc.record({
      inputs: fc.constant(inputs),
      neurons: fc.constant(neurons),
      nnz: fc.integer({ min: 1, max: inputs * neurons }),
    }),
  );

test("in any layer, a profile has exact nnz, its CV, its bounds and its rank order, or it is a RangeError", () => {
  let made = 0;
  fc.assert(
    fc.property(anyLayer, fc.constantFrom(...varying), fc.integer({ min: 0, max: 100 }), (layer, family, percent) => {
      const cv = (percent / 100) * maximumCv(family, layer);
      const fanIn = profileOrRangeError(family, cv, layer);
      if (fanIn === null) return;
      made++;
      assert.equal(fanIn.length, layer.neurons);
      assert.equal(sum(fanIn), layer.nnz);
      const least = layer.nnz < layer.neurons ? 0 : 1;
      assert.ok(fanIn.every((k) => k >= least && k <= layer.inputs));
      if (cv === 0) return;
      assert.ok(Math.abs(cvOf(fanIn) - cv) <= 0.02, `CV ${cvOf(fanIn)} instead of ${cv}`);
      assertRankOrder(fanIn, family);
    }),
    { seed: 1, numRuns: 300 },
  );
  assert.ok(made > 150, `only ${made} of 300 profiles exist`);
});

function profileOrRangeError(family: Family, cv: number, layer: typeof layer784): Uint32Array | null {
  try {
    return fanInProfile({ family, cv }, layer);
  } catch (error) {
    assert.ok(error instanceof RangeError, String(error));
    assert.match(error.message, /(maximum that it reaches|minimum that|nearest that whole numbers give) .*\d\.\d{4}/);
    return null;
  }
}

/** A neuron with a clearly larger shape value never has a smaller fan-in. */
function assertRankOrder(fanIn: Uint32Array, family: FamilyName): void {
  const shape = profileShape(family, 0.9);
  const value = (i: number): number => shape((i + 0.5) / fanIn.length);
  const ranks = Array.from(fanIn, (_, i) => i).sort((i, j) => value(i) - value(j));
  for (let r = 1; r < ranks.length; r++) {
    const [lower, upper] = [ranks[r - 1], ranks[r]];
    if (value(lower) < value(upper) * (1 - 1e-9))
      assert.ok(fanIn[lower] <= fanIn[upper], `${family}: ranks ${r - 1}, ${r}`);
  }
}

test("a dense layer and a layer of one neuron have one profile only", () => {
  assert.deepEqual(Array.from(fanInProfile({ family: "power", cv: 0 }, { inputs: 4, neurons: 3, nnz: 12 })), [4, 4, 4]);
  assert.throws(() => fanInProfile({ family: "power", cv: 0.1 }, { inputs: 4, neurons: 3, nnz: 12 }), /is 0\.0000/);
  assert.deepEqual(Array.from(fanInProfile({ family: "step", cv: 0 }, { inputs: 9, neurons: 1, nnz: 5 })), [5]);
  assert.throws(() => fanInProfile({ family: "step", cv: 0.1 }, { inputs: 9, neurons: 1, nnz: 5 }), /is 0\.0000/);
});

test("with fewer connections than neurons some have none", () => {
  const fanIn = fanInProfile({ family: "lognormal", cv: 2 }, { inputs: 784, neurons: 512, nnz: 299 });
  assert.equal(sum(fanIn), 299);
  assert.ok(fanIn.filter((k) => k === 0).length > 213);
  assert.ok(Math.abs(cvOf(fanIn) - 2) < 0.005);
});

test("a family of one's own is used like the others", () => {
  const power = { name: "mine", shape: (x: number, a: number) => x ** a };
  assert.deepEqual(
    fanInProfile({ family: power, cv: 1 }, layer784),
    fanInProfile({ family: "power", cv: 1 }, layer784),
  );
});

test("a family of one's own that breaks its contract is refused by name", () => {
  const negative = { name: "mine", shape: (x: number, a: number) => 1 - a * x };
  assert.throws(() => fanInProfile({ family: negative, cv: 1 }, layer784), /family "mine": shape\(.*\) is -/);
  const empty = { name: "mine", shape: (x: number, a: number) => (a === 0 || x > 0.99 ? 1 : 0) };
  assert.throws(() => fanInProfile({ family: empty, cv: 1 }, layer784), /"mine" at a = .* is 0 at too many neurons/);
  assert.throws(
    () => fanInProfile({ family: { ...negative, maximum: Number.NaN }, cv: 1 }, layer784),
    /maximum ≥ 0 \(it is NaN\)/,
  );
});

test("bad layers and CVs are refused by value", () => {
  const profile = { family: "power", cv: 1 } as const;
  assert.throws(() => fanInProfile(profile, { inputs: 4, neurons: 3, nnz: 13 }), /nnz is 13; .* 1 … 12/);
  assert.throws(() => fanInProfile(profile, { inputs: 4, neurons: 3, nnz: 0 }), /nnz is 0/);
  assert.throws(() => fanInProfile(profile, { inputs: 4.5, neurons: 3, nnz: 3 }), /4.5 inputs/);
  for (const cv of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => fanInProfile({ family: "power", cv }, layer784), { name: "RangeError", message: /cv is/ });
  }
});
