import assert from "node:assert/strict";
import { test } from "node:test";
import { goldenStride, inputOffsets } from "psn/dist/wiring/offsets";

test("offsets are those of the reference", () => {
  assert.deepEqual(Array.from(inputOffsets(784, 13)), [0, 484, 185, 669, 370, 70, 555, 255, 740, 440, 141, 625, 326]);
  assert.deepEqual(Array.from(inputOffsets(54, 7)), [0, 33, 12, 46, 25, 4, 38]);
});

test("offsets are exact for the first hundred thousand neurons", () => {
  const golden = 16180339887498948482045868343656381177203091798057628621n; // φ·10⁵⁵, cut off
  const scale = 10n ** 55n;
  for (const inputs of [784, 54, 28657]) {
    const offsets = inputOffsets(inputs, 100_000);
    for (let i = 0; i < 100_000; i++) {
      const exact = ((BigInt(i * inputs) * golden) / scale) % BigInt(inputs);
      if (offsets[i] !== Number(exact)) assert.fail(`offset ${i} of ${inputs} is ${offsets[i]} instead of ${exact}`);
    }
  }
});

test("golden strides are those of the reference", () => {
  assert.deepEqual([784, 512, 256, 128, 54].map(goldenStride), [485, 317, 159, 79, 35]);
});

test("a golden stride is the nearest coprime integer to n/φ", () => {
  const coprime = (a: number, b: number): boolean => (b === 0 ? a === 1 : coprime(b, a % b));
  for (let n = 1; n <= 300; n++) {
    const ideal = n / ((1 + Math.sqrt(5)) / 2);
    const stride = goldenStride(n);
    assert.ok(coprime(stride, n), `stride ${stride} of ${n}`);
    for (let other = 1; other <= n; other++) {
      if (coprime(other, n))
        assert.ok(Math.abs(stride - ideal) <= Math.abs(other - ideal), `${other} is nearer for ${n}`);
    }
  }
});

test("sizes that are not counts are refused", () => {
  for (const inputs of [0, -3, 2.5, Number.NaN]) {
    assert.throws(() => goldenStride(inputs), { name: "RangeError", message: new RegExp(`${inputs} inputs`) });
    assert.throws(() => inputOffsets(inputs, 2), RangeError);
  }
  assert.throws(() => inputOffsets(784, -1), /count -1/);
});
