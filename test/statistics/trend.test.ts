import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createRandom } from "psn/dist/random";
import { trend } from "psn/dist/statistics/trend";
import { fixture } from "../fixtures";

interface Case {
  groups: number[][];
  scores: number[];
  slope: number;
  interval: [number, number];
  t: number;
  df: number;
  tP: number;
  exactP: number;
  rho: number;
  levelsP: number;
}
const { trends } = JSON.parse(readFileSync(fixture("statistics.json"), "utf8")) as { trends: Case[] };
const near = (actual: number, expected: number, relative = 1e-7) =>
  assert.ok(Math.abs(actual - expected) <= relative * (1 + Math.abs(expected)), `${actual} is not ${expected}`);
const random = createRandom(0);
const normals = (n: number, centre: number, sd: number) =>
  Array.from({ length: n }, () => centre + sd * random.normal());

test("slope, interval, t and the test among levels are scipy's; the permutation p is near the exact one", () => {
  for (const { groups, scores, ...expected } of trends) {
    const found = trend(groups, { scores });
    for (const key of ["slope", "t", "df", "tP"] as const) near(found[key], expected[key]);
    near(found.interval.low, expected.interval[0]);
    near(found.interval.high, expected.interval[1]);
    near(found.p, expected.exactP, 4 * Math.sqrt((expected.exactP * (1 - expected.exactP)) / 9999));
    near(found.levels.rho, expected.rho);
    near(found.levels.p, expected.levelsP);
    assert.deepEqual(
      found.n,
      groups.map((values) => values.length),
    );
  }
});

test("four levels in perfect order leave a p of 1/12 among levels, however sure each mean is", () => {
  const { levels, p, slope, means } = trend([0, 1, 2, 3].map((level) => normals(10, level, 0.01)));
  near(levels.rho, 1);
  assert.equal(levels.p, 2 / 24);
  assert.equal(p, 1e-4);
  near(slope, 1, 0.01);
  assert.ok(means[0] < means[1] && means[2] < means[3]);
});

test("scores place the levels: turned about they turn the slope, doubled they halve it", () => {
  const groups = [normals(5, 0, 1), normals(6, 1, 1), normals(5, 1, 2)];
  const forth = trend(groups);
  assert.deepEqual(trend(groups, { scores: [0, 1, 2] }), forth);
  const back = trend(groups, { scores: [0, -1, -2] });
  near(back.slope, -forth.slope);
  assert.deepEqual([back.p, back.tP], [forth.p, forth.tP]);
  near(back.interval.low, -forth.interval.high);
  near(trend(groups, { scores: [10, 12, 14] }).slope, forth.slope / 2);
  assert.notEqual(trend(groups, { random: createRandom(1) }).p, forth.p);
});

test("levels that differ in scatter alone are no trend", () => {
  let found = 0;
  const trials = 60;
  for (let trial = 0; trial < trials; trial++) {
    const { p } = trend([normals(10, 0, 0.2), normals(10, 0, 0.5), normals(10, 0, 1), normals(10, 0, 3)]);
    if (p < 0.05) found++;
  }
  assert.ok(found <= 9, `${found} of ${trials} at 5 %`); // binomial: 9 or fewer in 998 of 1000
});

test("without variance there is no test", () => {
  const { t, p, tP, df, interval, slope } = trend([
    [1, 1],
    [2, 2],
  ]);
  assert.ok([t, p, tP, df, interval.low, interval.high].every(Number.isNaN));
  assert.equal(slope, 1);
  assert.ok(
    Number.isNaN(
      trend([
        [0, 2],
        [1, 1],
        [-1, 3],
      ]).levels.p,
    ),
  ); // all means are 1
});

test("too few levels or values, and scores that do not fit, are refused", () => {
  assert.throws(() => trend([[1, 2]]), /1 levels; it takes 2 to 8/);
  assert.throws(() => trend(Array.from({ length: 9 }, () => [1, 2])), /9 levels/);
  assert.throws(() => trend([[1, 2], [1]]), /level 1 has 1 values/);
  assert.throws(
    () =>
      trend([
        [1, 2],
        [1, Number.NaN],
      ]),
    /level 1: value NaN/,
  );
  assert.throws(
    () =>
      trend(
        [
          [1, 2],
          [1, 3],
        ],
        { scores: [1] },
      ),
    /scores 1 for 2 levels/,
  );
  assert.throws(
    () =>
      trend(
        [
          [1, 2],
          [1, 3],
        ],
        { scores: [1, 1] },
      ),
    /different one/,
  );
  assert.throws(
    () =>
      trend(
        [
          [1, 2],
          [1, 3],
        ],
        { level: 95 },
      ),
    /level 95/,
  );
});
