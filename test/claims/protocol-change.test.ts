import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClaimResult } from "psn/dist/claims/claim";
import { changeRows, claimResults, ledgerRow } from "psn/dist/claims/ledger";
import { frame } from "psn/dist/notebook/frames";
import { early, late, movingRuns, staticRuns, under } from "./worlds";

const changed = claimResults([...under("plain", early), ...under("tuned", late)]);
const of = (id: string): ClaimResult => changed.find((claim) => claim.id === id) ?? assert.fail(id);

test("every claim that runs under both protocols compares them: verdicts, numbers, what they are made of", () => {
  for (const { id, results, changes, change } of changed.filter((claim) => claim.id !== "H1")) {
    assert.ok(
      results.every(({ verdict }) => verdict !== "not testable"),
      `${id}: ${results.map(({ headline }) => headline).join(" | ")}`,
    );
    assert.ok(changes.length > 0, id);
    assert.ok(
      changes.some(({ isSure }) => isSure),
      id,
    );
    assert.ok(
      changes.every(({ plain }) => plain.sides !== undefined),
      id,
    );
    assert.match(
      change,
      /^Under tuned.*: .* Of \d+ numbers? compared, \d+ differs? between the protocols by an interval that leaves 0 out, unadjusted(, most of all)?: .* → /,
    );
    assert.doesNotMatch(change, /undefined|NaN|Infinity/, id);
  }
  const { changes, change } = of("H1");
  assert.deepEqual([changes, change], [[], "Not run under tuned."]);
});

test("a changed verdict, its effect, the difference and the reason are said by number", () => {
  const { results, changes, change } = of("S1");
  assert.deepEqual(
    results.map(({ verdict }) => verdict),
    ["reproduced", "not reproduced"],
  );
  assert.match(change, /^Under tuned not reproduced \(reproduced under plain\): /);
  const [mnist] = changes;
  assert.equal(mnist.quantity, "MNIST: dense − random, 90 %");
  assert.ok(Math.abs(mnist.difference.estimate - 1.6) < 1e-9);
  assert.ok(mnist.difference.low < 1.6 && mnist.difference.high > 1.6);
  const [before, after] = [mnist.plain, mnist.tuned].map(({ sides }) => (sides ?? []).map(({ value }) => value));
  assert.ok(Math.abs(after[0] - before[0] - 1.6) < 1e-9 && Math.abs(after[1] - before[1]) < 1e-9);
  assert.match(
    change,
    /MNIST: dense − random, 90 % \+0\.\d\d → \+1\.\d\d pp, by \+1\.60 \[.*?\] \(dense 89\..* → 90\./,
  );
});

test("ratios and r are told to three digits, shares in per cent to one", () => {
  assert.match(
    of("G1").change,
    /over its null, CV 1 1\.\d{3} → 1\.\d{3}, by \+0\.\d{3} \[0\.\d{3}, \d\.\d{3}\] \(raw \d\.\d{3} → /,
  );
  assert.match(
    of("E2").change,
    /rewired, .*, relative [+−]\d+\.\d → [+−]\d+\.\d %, by −\d+\.\d \[−\d+\.\d, −\d+\.\d\] \(matched.* \d\d\.\d → \d\d\.\d, ERK/,
  );
});

test("the same numbers under both protocols surely differ in nothing", () => {
  const same = claimResults([...under("plain", early), ...movingRuns("tuned", early)]).find(({ id }) => id === "R1");
  assert.ok(same !== undefined && same.changes.length > 0 && same.changes.every(({ isSure }) => !isSure));
  assert.match(
    same.change,
    /^Under tuned reproduced as well: .* Of \d+ numbers compared, 0 differ between the protocols by/,
  );
});

test("verdicts over different cells and structures say so first, and what plain gives of those that both have", () => {
  assert.match(
    of("S2").change,
    /^Under tuned, over sparsities of 90 % and 95 % and CVs up to 1, \S.* \(under plain, over sparsities of 80 %, .* and CVs up to 2\.5, .*\): .* Over what tuned has, plain gives: .* \(profiles beat random in \d+ of 88 cells/,
  );
  const g2 = of("G2");
  assert.match(
    g2.change,
    /^Under tuned, over 15 structures with CVs up to 1, .* \(under plain, over 25 structures with CVs up to 2\.5, .*Over what tuned has, plain gives: \S.* n = 15 structures on 4 data sets/,
  );
  assert.ok(g2.changes.length > 0);
  for (const { quantity, plain, tuned } of g2.changes) {
    assert.match(quantity, /, CVs up to 1$/);
    assert.deepEqual([plain.n, tuned.n], [15, 15]);
  }
  assert.doesNotMatch(of("S1").change, /Over what tuned has/);
});

test("where tuned is not run, nothing is compared, and what is missing is said", () => {
  const [{ changes, change }] = claimResults(staticRuns("plain", early));
  assert.deepEqual(changes, []);
  assert.match(change, /^Under tuned not testable: not yet run: MNIST: 80 of 80 runs/);
});

test("the ledger has the value under each protocol, and a table of what differs", () => {
  const row = ledgerRow(of("S1"));
  assert.match(row.ours, /^holds on /);
  assert.match(row.oursTuned ?? "", /^holds on none/);
  const rows = changeRows(changed);
  assert.equal(new Set(rows.map(({ claim }) => claim)).size, changed.length - 1);
  assert.equal(rows.length, changed.flatMap(({ changes }) => changes).length);
  assert.equal(
    frame(rows.map(({ claim, quantity, unit, isSure }) => ({ claim, quantity, unit, isSure }))).shape[0],
    rows.length,
  );
});
