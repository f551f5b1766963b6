import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accuracyText,
  count,
  datasetList,
  estimateText,
  gainText,
  list,
  plain,
  pText,
  signed,
  unitText,
  valueText,
} from "psn/dist/claims/format";

test("an estimate is written with its sign, interval, n and p", () => {
  const estimate = { mean: 0.16, low: 0.02, high: 0.3, n: 10 };
  assert.equal(estimateText({ ...estimate, p: 0.0123 }), "+0.16 pp [0.02, 0.30], n = 10, p = .012");
  assert.equal(estimateText({ ...estimate, mean: -0.16, low: -0.3 }), "−0.16 pp [−0.30, 0.30], n = 10");
  assert.equal(estimateText({ ...estimate, low: Number.NaN, n: 1 }), "+0.16 pp, n = 1");
});

test("a table's cell says a gain with its interval, and an accuracy with half of it", () => {
  const gain = { mean: -0.16, low: -0.3, high: 0.02 };
  assert.equal(gainText(gain), "−0.16\u00A0[−0.30,\u00A00.02]");
  assert.equal(gainText({ ...gain, low: Number.NaN, high: Number.NaN }), "−0.16");
  const accuracy = { mean: 0.88312, low: 0.88112, high: 0.88512 };
  assert.equal(accuracyText(accuracy), "88.31\u00A0±\u00A00.20");
  assert.equal(accuracyText({ ...accuracy, low: Number.NaN }), "88.31");
});

test("ratios, r and shares, in per cent, have a digit more than percentage points, wherever they stand", () => {
  const small = { mean: -0.0254, low: -0.0414, high: -0.0044 };
  assert.equal(gainText(small, "ratio"), "−0.025\u00A0[−0.041,\u00A0−0.004]");
  assert.equal(gainText(small, "r"), gainText(small, "ratio"));
  assert.equal(gainText(small, "share"), "−2.5\u00A0[−4.1,\u00A0−0.4]");
  assert.equal(gainText(small, "pp a data set"), "−0.03\u00A0[−0.04,\u00A00.00]");
  assert.equal(valueText({ mean: 1.24, low: 1.18, high: 1.3 }, "ratio"), "1.240\u00A0[1.180,\u00A01.300]");
  assert.equal(valueText({ mean: 0.014, low: 0.002, high: 0.026 }, "share"), "+1.4\u00A0[0.2,\u00A02.6]");
  assert.deepEqual(
    ["share", "ratio", "r", "pp"].map((unit) => [unitText(unit).name, unitText(unit).suffix]),
    [
      ["%", " %"],
      ["ratio", ""],
      ["r", ""],
      ["pp", " pp"],
    ],
  );
});

test("what rounds to nothing has no sign, and what does not exist is a dash", () => {
  assert.deepEqual([signed(-0.001), signed(0.001), signed(1.25, 1), signed(Number.NaN)], ["0.00", "0.00", "+1.3", "–"]);
  assert.deepEqual([plain(2), plain(-2)], ["2.00", "−2.00"]);
  assert.deepEqual([0.0004, 0.05, 1, 0.9994, Number.NaN].map(pText), ["p < .001", "p = .050", "p = 1", "p = 1", "p –"]);
});

test("lists read as sentences do", () => {
  assert.deepEqual(
    [list([]), list(["a"]), list(["a", "b"]), list(["a", "b", "c"])],
    ["none", "a", "a and b", "a, b and c"],
  );
  assert.equal(datasetList(["mnist", "emnist-bymerge-116k"]), "MNIST and emnist-bymerge-116k");
  assert.deepEqual([count(1, "cell"), count(2, "cell")], ["1 cell", "2 cells"]);
});
