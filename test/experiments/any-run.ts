import fc from "fast-check";
import type { LayerRecord, RunResult } from "psn/dist/experiments/record";
import type { RecordedRun } from "psn/dist/experiments/run-grid";
import { protocolVersion, runId } from "psn/dist/experiments/run-id";
import { familyNames } from "psn/dist/profiles/families";
import { createRandom } from "psn/dist/random";
import { resolveConfig, rigl, type TrainConfig } from "psn/dist/training/config";

const provenance = { commit: "c0ffee", backend: "avx512", machine: "m", seconds: 1.25 };
const checksumsOf = { "train.gz": "0".repeat(64) };

/** A record with a true id. */
export function namedRun(
  config: Partial<TrainConfig>,
  result: RunResult,
  { label = "random", checksums = checksumsOf as Readonly<Record<string, string>> } = {},
): RecordedRun {
  const resolved = resolveConfig({ dataset: "mnist", ...config });
  const id = runId(resolved, checksums);
  return {
    label,
    record: { status: "done", id, protocolVersion, config: resolved, checksums, result, provenance },
  };
}

const count = fc.nat({ max: 2 ** 31 - 1 });
const double = fc.double({ noNaN: true, noDefaultInfinity: true });
const share = fc.double({ noNaN: true, min: 0, max: 1 });
const sixDigits = fc
  .tuple(fc.integer({ min: -999999, max: 999999 }), fc.integer({ min: -20, max: 20 }))
  .map(([digits, exponent]) => Number(`${digits}e${exponent}`));

function columns<T>(value: fc.Arbitrary<T>, length: number): fc.Arbitrary<T[]> {
  return fc.array(value, { minLength: length, maxLength: length });
}

const updates = fc.nat({ max: 4 }).chain((n) =>
  fc
    .record({
      step: columns(count, n),
      dropped: columns(count, n),
      kept: columns(share, n),
      cv: columns(sixDigits, n),
      inactive: columns(sixDigits, n),
    })
    .map(({ dropped, kept, ...rest }) => {
      const regrown = dropped.map((drops, i) => Math.floor(drops * kept[i]));
      return { ...rest, dropped, regrown, grown: dropped.map((drops, i) => drops - regrown[i]) };
    }),
);

const gradients = fc.nat({ max: 4 }).chain((n) => {
  const ratio = columns(fc.option(sixDigits), n);
  return fc.record({ epoch: columns(count, n), mean: ratio, l2: ratio, sum: ratio, l2Null: ratio, sumNull: ratio });
});

const layer: fc.Arbitrary<LayerRecord> = fc.record({
  layer: count,
  inputs: count,
  neurons: count,
  connections: count,
  fanInSteps: fc.array(count, { maxLength: 4 }),
  fanIn: fc.array(fc.array(count, { maxLength: 6 }), { maxLength: 4 }),
  updates,
  rewired: share,
  explored: share,
  weightChange: fc.option(double),
  fanOutCv: fc.record({ start: double, end: double }),
  gradients,
});

const result: fc.Arbitrary<RunResult> = fc.record({
  epochs: fc
    .array(fc.record({ trainLoss: double, testLoss: double, testAccuracy: share }), { maxLength: 4 })
    .map((logs) => logs.map((log, i) => ({ epoch: i + 1, ...log }))),
  accuracy: share,
  bestAccuracy: share,
  nonzeros: fc.array(count, { maxLength: 4 }),
  hiddenSparsity: share,
  overallSparsity: share,
  layers: fc.array(layer, { maxLength: 3 }),
});

const config: fc.Arbitrary<Partial<TrainConfig>> = fc.record(
  {
    seed: count,
    trainingRows: fc.option(fc.integer({ min: 1, max: 1000 })),
    hidden: fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 3 }),
    budget: fc.constantFrom("uniform" as const, "erk" as const, [0.9, 0.5, 0]),
    layerNorm: fc.boolean(),
    start: fc.oneof(
      fc.constant({ kind: "dense" } as const),
      fc.record({
        kind: fc.constant("profile" as const),
        family: fc.constantFrom(...familyNames),
        cv: fc.oneof(share, fc.array(share, { maxLength: 3 })),
        rule: fc.constant("window" as const),
        permute: fc.boolean(),
      }),
      fc.constant({
        kind: "transplant",
        from: { start: { kind: "random" }, update: rigl },
        keep: "degrees",
      } as const),
    ),
    update: fc.constantFrom({ kind: "static" } as const, rigl),
  },
  { requiredKeys: [] },
);

const checksums = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });

/** Any run that could be recorded, its numbers unlikely ones. */
export const anyRun: fc.Arbitrary<RecordedRun> = fc
  .record({ config, result, label: fc.string({ unit: "grapheme" }), checksums: checksums })
  .map(({ config: change, result: numbers, ...rest }) => {
    const run = namedRun(change, numbers, rest);
    return JSON.parse(JSON.stringify(run)); // as a store gives it
  });

/** A run of RigL as long as those of the paper, its numbers as varied as theirs. */
export function realisticRun(seed: number): RecordedRun {
  const random = createRandom(seed);
  const noise = (scale: number): number => scale * (1 + 0.1 * random.normal());
  const digits = (value: number): number => Number(value.toPrecision(6));
  const many = <T>(n: number, value: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => value(i));
  const layers = [512, 256].map((neurons, index): LayerRecord => {
    const dropped = many(70, (i) => Math.round(9000 * Math.cos((i / 70) * 1.5)));
    const regrown = dropped.map((drops) => Math.round(drops * random.uniform()));
    const ratio = (): number[] => many(6, () => digits(noise(2)));
    return {
      layer: index,
      inputs: 784,
      neurons,
      connections: 40141,
      fanInSteps: [0, 2300, 4700, 7000],
      fanIn: many(4, () => many(neurons, () => Math.round(78 * Math.exp(0.4 * random.normal())))),
      updates: {
        step: many(70, (i) => 100 * (i + 1)),
        dropped,
        regrown,
        grown: dropped.map((drops, i) => drops - regrown[i]),
        cv: many(70, () => digits(noise(0.4))),
        inactive: many(70, () => 0),
      },
      rewired: random.uniform(),
      explored: random.uniform(),
      weightChange: random.uniform(),
      fanOutCv: { start: random.uniform(), end: random.uniform() },
      gradients: {
        epoch: [0, 1, 2, 5, 10, 20],
        mean: ratio(),
        l2: ratio(),
        sum: ratio(),
        l2Null: ratio(),
        sumNull: ratio(),
      },
    };
  });
  const epochs = many(20, (i) => {
    return { epoch: i + 1, trainLoss: noise(0.3), testLoss: noise(0.4), testAccuracy: Math.round(noise(8500)) / 10000 };
  });
  const counts = { nonzeros: [40141, 13107, 2560], hiddenSparsity: 0.9, overallSparsity: 0.895 };
  return namedRun({ seed, update: rigl }, { epochs, accuracy: 0.85, bestAccuracy: 0.86, ...counts, layers });
}
