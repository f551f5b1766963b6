import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FanInSpread, type FanInStatistics, fanInStatistics } from "psn/dist/measures/fan-in";

const near = (actual: number, expected: number, tolerance = 5e-7) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} within ${tolerance}`);

const fanIns = fc.array(fc.integer({ min: 0, max: 784 }), { minLength: 1, maxLength: 60 });

/** The part that is over all neurons. */
function spreadOf({ neurons, mean, cv, gini, topDecileShare }: FanInStatistics): FanInSpread {
  return { neurons, mean, cv, gini, topDecileShare };
}

test("CV and Gini are the method's for [1,1,2,3,10] and [0,0,4,8,12]", () => {
  const first = fanInStatistics([1, 1, 2, 3, 10]);
  near(first.cv, 0.994796);
  near(first.gini, 0.470588);
  assert.deepEqual(first.active, spreadOf(first));
  const second = fanInStatistics([0, 0, 4, 8, 12]);
  near(second.cv, 0.971825);
  near(second.gini, 0.533333);
});

test("silent neurons count in the whole, not among the active", () => {
  const statistics = fanInStatistics([0, 8, 0, 8], { inputs: 16 });
  const { zeroShare, activeShare, max, maxShare, active } = statistics;
  assert.deepEqual([zeroShare, activeShare, max, maxShare], [0.5, 0.5, 8, 0.5]);
  assert.deepEqual(spreadOf(statistics), { neurons: 4, mean: 4, cv: 1, gini: 0.5, topDecileShare: 0.5 });
  assert.deepEqual(active, { neurons: 2, mean: 8, cv: 0, gini: 0, topDecileShare: 0.5 });
});

test("the top decile has ceil(M/10) neurons", () => {
  const share = (length: number) => fanInStatistics(new Uint32Array(length).fill(7)).topDecileShare;
  near(share(1), 1);
  near(share(10), 1 / 10);
  near(share(11), 2 / 11);
  near(share(512), 52 / 512);
  near(fanInStatistics([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).topDecileShare, 21 / 66);
});

test("what does not exist is NaN: nothing measured, zeros only, no number of inputs", () => {
  const nothing = { neurons: 0, mean: Number.NaN, cv: Number.NaN, gini: Number.NaN, topDecileShare: Number.NaN };
  const empty = fanInStatistics([], { inputs: 3 });
  assert.deepEqual([empty.zeroShare, empty.activeShare, empty.max, empty.maxShare], new Array(4).fill(Number.NaN));
  assert.deepEqual(spreadOf(empty), nothing);
  const dead = fanInStatistics([0, 0], { inputs: 3 });
  assert.deepEqual([dead.zeroShare, dead.activeShare, dead.max, dead.maxShare], [1, 0, 0, 0]);
  assert.deepEqual(spreadOf(dead), { ...nothing, neurons: 2, mean: 0 });
  assert.deepEqual(dead.active, nothing);
  assert.ok(Number.isNaN(fanInStatistics([1]).maxShare));
});

test("one neuron has no spread", () => {
  assert.deepEqual(spreadOf(fanInStatistics([5])), { neurons: 1, mean: 5, cv: 0, gini: 0, topDecileShare: 1 });
});

test("what is not a count is refused, with the neuron and the value", () => {
  assert.throws(() => fanInStatistics([1, Number.NaN]), /neuron 1 is NaN/);
  assert.throws(() => fanInStatistics([1.5]), /neuron 0 is 1.5/);
  assert.throws(() => fanInStatistics([2, -1]), /neuron 1 is -1/);
  assert.throws(() => fanInStatistics([2, 11], { inputs: 10 }), /neuron 1 is 11; .* 0 … 10/);
  assert.throws(() => fanInStatistics([2], { inputs: 0 }), /inputs 0/);
});

test("measures do not depend on the order of neurons, and CV and Gini not on scale", () => {
  fc.assert(
    fc.property(fanIns, fc.integer({ min: 2, max: 9 }), (fanIn, factor) => {
      const reference = fanInStatistics(fanIn);
      assert.deepEqual(fanInStatistics([...fanIn].reverse()), reference);
      const scaled = fanInStatistics(fanIn.map((k) => k * factor));
      if (reference.activeShare > 0) {
        near(scaled.cv, reference.cv, 1e-9);
        near(scaled.gini, reference.gini, 1e-9);
      }
    }),
  );
});

test("Gini is in [0, 1 − 1/M], shares are in [0, 1], and the top decile holds at least its part", () => {
  fc.assert(
    fc.property(fanIns, (fanIn) => {
      fc.pre(fanIn.some((k) => k > 0));
      const statistics = fanInStatistics(fanIn);
      near(statistics.zeroShare + statistics.activeShare, 1);
      for (const { neurons, gini, topDecileShare, cv } of [statistics, statistics.active]) {
        assert.ok(gini > -1e-12 && gini <= 1 - 1 / neurons + 1e-12);
        assert.ok(topDecileShare <= 1 && topDecileShare >= Math.ceil(neurons / 10) / neurons - 1e-12);
        assert.ok(cv >= 0 && cv <= Math.sqrt(neurons - 1) + 1e-9);
      }
      assert.ok(statistics.active.cv <= statistics.cv + 1e-9);
    }),
  );
});
