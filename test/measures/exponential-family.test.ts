import assert from "node:assert/strict";
import { test } from "node:test";
import { maximumLikelihood } from "psn/dist/measures/exponential-family";

const points = (inputs: number, centre: number, scale: number) =>
  Float64Array.from({ length: inputs }, (_, i) => (Math.log(i + 1) - centre) / scale);

/** Mean of t and of t² under the law: 0 and 1 at the maximum, since they are those of the data. */
function moments(t: Float64Array, logProbability: Float64Array): [number, number] {
  let first = 0;
  let second = 0;
  logProbability.forEach((logP, i) => {
    first += Math.exp(logP) * t[i];
    second += Math.exp(logP) * t[i] ** 2;
  });
  return [first, second];
}

test("both moments are matched at the maximum, for wide laws and for one that nearly sits on a point", () => {
  for (const t of [
    points(784, Math.log(6), 0.0101), // what 511 fan-ins of 6, one of 5 and one of 7 give
    points(784, 4, 0.5),
    points(54, 1.5, 0.6),
  ]) {
    const { theta1, theta2, logProbability } = maximumLikelihood(t, true);
    const [first, second] = moments(t, logProbability);
    assert.ok(Math.abs(first) < 1e-8 && Math.abs(second - 1) < 1e-8, `${first}, ${second}`);
    assert.ok(theta2 < 0 && Number.isFinite(theta1));
  }
});

test("without the quadratic term, θ₂ stays and the mean alone is matched", () => {
  const t = points(54, 1.5, 0.6);
  const { theta2, logProbability } = maximumLikelihood(t, false);
  assert.equal(theta2, 0);
  assert.ok(Math.abs(moments(t, logProbability)[0]) < 1e-8);
});

test("data that no law of the family gives are an error, not a number", () => {
  const oneSided = Float64Array.of(1, 2, 3); // the mean of the data, 0, is outside the points
  assert.throws(() => maximumLikelihood(oneSided, true), /no maximum after 200 Newton steps/);
});
