import assert from "node:assert/strict";
import { test } from "node:test";
import { createRandom } from "psn/dist/random";
import { bootstrap, expandedLevel } from "psn/dist/statistics/bootstrap";
import { clusteredCorrelation } from "psn/dist/statistics/clustered-correlation";
import { pearson } from "psn/dist/statistics/correlation";
import { partialCorrelation } from "psn/dist/statistics/partial-correlation";

const random = createRandom(0);
const normal = () => random.normal();
/** `clusters` points with `copies` pairs each, which repeat the point but for a little noise. */
function clustered(clusters: number, copies: number, slope: number) {
  const [x, y, names]: [number[], number[], string[]] = [[], [], []];
  for (let c = 0; c < clusters; c++) {
    const [u, v] = [normal(), normal()];
    for (let copy = 0; copy < copies; copy++) {
      x.push(u);
      y.push(slope * u + v + 0.01 * normal());
      names.push(`profile ${c}`);
    }
  }
  return { x, y, names };
}

test("r is Pearson's; the interval is that of clusters, not of pairs", () => {
  const { x, y, names } = clustered(100, 10, 1);
  const found = clusteredCorrelation(x, y, names, { resamples: 2000 });
  const single = pearson(
    x.filter((_, i) => i % 10 === 0),
    y.filter((_, i) => i % 10 === 0),
  );
  assert.equal(found.r, pearson(x, y).r);
  assert.deepEqual([found.n, found.clusters, found.level], [1000, 100, 0.95]);
  assert.ok(Math.abs(found.interval.low - single.interval.low) < 0.06, `${found.interval.low}`);
  assert.ok(Math.abs(found.interval.high - single.interval.high) < 0.06, `${found.interval.high}`);
});

test("of ten clusters without a correlation, the interval leaves 0 out about as seldom as it says", () => {
  const trials = 300;
  let out = 0;
  for (let trial = 0; trial < trials; trial++) {
    const { x, y, names } = clustered(10, 3, 0);
    const { low, high } = clusteredCorrelation(x, y, names, { resamples: 300, random }).interval;
    if (low > 0 || high < 0) out++;
  }
  assert.ok(out / trials > 0.005 && out / trials < 0.1, `${out / trials}`);
});

test("names say what belongs together, in whatever order", () => {
  const { x, y, names } = clustered(6, 2, 1);
  const options = { resamples: 200 };
  const order = random.permutation(12);
  const renamed = names.map((name) => `other ${name}`);
  assert.deepEqual(clusteredCorrelation(x, y, renamed, options), clusteredCorrelation(x, y, names, options));
  const wider = clusteredCorrelation(x, y, names, { ...options, level: 0.99 }).interval;
  assert.ok(wider.low < clusteredCorrelation(x, y, names, options).interval.low);
  const pick = <T>(values: T[]) => Array.from(order, (i) => values[i]);
  const shuffled = clusteredCorrelation(pick(x), pick(y), pick(names), options).interval;
  const straight = clusteredCorrelation(x, y, names, options).interval;
  assert.ok(Math.abs(shuffled.low - straight.low) < 1e-9 && Math.abs(shuffled.high - straight.high) < 1e-9);
});

test("given a third quantity, r is the partial correlation, and its interval that of clusters too", () => {
  const { x, y, names } = clustered(40, 10, 1);
  const given = x.map((value) => value + normal());
  const found = clusteredCorrelation(x, y, names, { resamples: 500, given });
  const pairs = partialCorrelation(x, y, given);
  assert.equal(found.r, pairs.r);
  assert.ok(found.interval.high - found.interval.low > 1.5 * (pairs.interval.high - pairs.interval.low));
  assert.ok(found.interval.low < found.r && found.r < found.interval.high);
  assert.ok(Number.isNaN(clusteredCorrelation(x, y, names, { resamples: 10, given: x }).r));
  assert.throws(() => clusteredCorrelation(x, y, names, { given: [1] }), /400 values against 1/);
});

test("the interval is the bootstrap's of whole clusters, expanded for their number", () => {
  const { x, y, names } = clustered(6, 1, 1);
  const { low, high } = bootstrap(
    (drawn) =>
      pearson(
        drawn.map((i) => x[i]),
        drawn.map((i) => y[i]),
      ).r,
    [0, 1, 2, 3, 4, 5],
    {
      resamples: 50,
      level: expandedLevel(0.95, 6),
      random: createRandom(2),
    },
  );
  const { interval } = clusteredCorrelation(x, y, names, { resamples: 50, random: createRandom(2) });
  assert.deepEqual(interval, { low, high });
});

test("a constant side has no correlation; too few clusters and misfit names are refused", () => {
  const five = ["a", "b", "c", "d", "e"];
  const { r, interval } = clusteredCorrelation([1, 2, 3, 4, 5], [1, 1, 1, 1, 1], five, { resamples: 10 });
  assert.ok(Number.isNaN(r) && Number.isNaN(interval.low) && Number.isNaN(interval.high));
  assert.throws(() => clusteredCorrelation([1, 2], [1, 2], ["a", "b"]), /2 names of 2 clusters for 2 pairs/);
  assert.throws(() => clusteredCorrelation([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], five), /5 names .* for 6 pairs/);
  assert.throws(() => clusteredCorrelation([1, 2], [1], ["a", "b"]), /2 values against 1/);
});
