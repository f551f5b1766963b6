import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { claimResults } from "psn/dist/claims/ledger";
import type { DisplayMessage } from "psn/dist/notebook/kernel";
import { showClaim, showRecorded, showVerdict } from "psn/dist/notebook/show-claims";
import { paperRuns } from "../claims/paper-runs";

const sent: DisplayMessage[] = [];
const printed: string[] = [];
const log = console.log;
const kernelModule = join("/", "somewhere", "node_modules", "tslab", "dist", "jupyter.js");

beforeEach(() => {
  sent.length = 0;
  printed.length = 0;
  console.log = (text: string) => void printed.push(text);
});

afterEach(() => {
  console.log = log;
  delete require.cache[kernelModule];
});

const runs = [
  ...paperRuns({ experiment: "static", labels: ["dense", "random"], seeds: 3, percent: () => 88 }),
  ...paperRuns({
    experiment: "rigl",
    protocol: "tuned",
    datasets: ["covtype"],
    labels: ["ERK"],
    seeds: 1,
    percent: () => 80,
  }),
];
const [s1] = claimResults(runs);

test("a claim shows what was fixed before the numbers", () => {
  showClaim(s1);
  for (const text of [s1.title, s1.paper, s1.hypothesis, s1.test, s1.margin])
    assert.ok(printed[0].includes(text), text);
});

test("a verdict shows every protocol with its value and findings, then limits and what would change it", () => {
  showVerdict(s1);
  for (const { protocol, verdict, headline, findings } of s1.results) {
    assert.ok(printed[0].includes(`**${protocol}: ${verdict}.** ${headline}.`));
    for (const finding of findings) assert.ok(printed[0].includes(`\n- ${finding}`), finding);
  }
  assert.ok(s1.results[0].findings.length > 0);
  assert.ok(printed[0].endsWith(`*Limits.* ${s1.limits}\n\n*What would change it.* ${s1.whatWouldChange}`));
});

test("what tuned changes is said once it can be", () => {
  const change = "Under tuned reproduced: +1 pp.";
  showVerdict({ ...s1, change });
  assert.ok(!printed[0].includes(change));
  const results = s1.results.map((result) => ({ ...result, verdict: "reproduced" as const }));
  showVerdict({ ...s1, change, results });
  assert.ok(printed[1].includes(change));
});

test("in a notebook a verdict is markdown in which < is no tag", () => {
  require.cache[kernelModule] = {
    exports: { lastWriteDisplayData: (message: DisplayMessage) => void sent.push(message) },
  } as unknown as NodeJS.Module;
  showVerdict({ ...s1, limits: "p < .05" });
  assert.match(sent[0].data["text/markdown"] as string, /p &lt; \.05/);
  assert.match(sent[0].data["text/plain"] as string, /p < \.05/);
});

test("what is recorded is counted by experiment, protocol and data set", () => {
  showRecorded(runs);
  assert.match(printed[0], /static +plain +Fashion-MNIST +6 +2 +0 … 2\n/);
  assert.match(printed[0], /rigl +tuned +Forest Cover +1 +1 +0 … 0/);
  showRecorded([]);
  assert.match(printed[1], /No run is recorded yet/);
});
