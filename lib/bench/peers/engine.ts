/** An engine of ours as a peer of the benchmark: `node --expose-gc engine.js tfjs|sparse`, asked by JSON lines. */
import type { Batch, Engine, EngineNetwork, LayerParameters } from "psn/dist/engines/engine";
import { startTopologies } from "psn/dist/network/start";
import { initialWeights } from "psn/dist/network/weights";
import { createRandom } from "psn/dist/random";
import { adam, rigl } from "psn/dist/training/config";
import { updateLayers } from "psn/dist/training/update-layers";
import { type Answers, lines, type Requests } from "../protocol";
import type { Setting } from "../setting";

interface Examples {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** A network in training. */
interface Run {
  /** Trains; returns the last loss. */
  steps(count: number): number;
  /** Bytes that it counts as its own; null where the engine does not count. */
  own(): number | null;
  dispose(): void;
}

const LEARNING_RATE = 1e-3;

async function createEngine(name: string): Promise<Engine> {
  // Each process loads what it needs only: TensorFlow alone is a hundred megabytes.
  if (name === "tfjs") {
    const { createTfjsEngine }: typeof import("psn/dist/engines/tfjs") = require("psn/dist/engines/tfjs");
    return createTfjsEngine();
  }
  throw new RangeError(`there is no engine ${name}; there are tfjs and sparse`);
}

function makeExamples({ rows, inputs, classes, seed }: Requests["data"]): Examples {
  const random = createRandom(seed);
  const words = new Uint32Array(new SharedArrayBuffer(4 * Math.ceil((rows * inputs) / 4)));
  for (let i = 0; i < words.length; i++) words[i] = random.integer(2 ** 32);
  const labels = new Uint8Array(new SharedArrayBuffer(rows)).map(() => random.integer(classes));
  return { pixels: new Uint8Array(words.buffer, 0, rows * inputs), labels };
}

function randomLayers({ sizes, sparsity, seed }: Setting): LayerParameters[] {
  const random = createRandom(seed);
  const config = { sizes, sparsity, budget: "uniform", denseOutput: true, start: { kind: "random" } } as const;
  return startTopologies(config, random.fork("wiring")).map((topology, layer) => {
    const shape = topology ?? { inputs: sizes[layer], neurons: sizes[layer + 1] };
    const weights = initialWeights(shape, "unit", random.fork(`weights ${layer}`));
    return { topology, weights, bias: new Float32Array(shape.neurons) };
  });
}

/** Batches in a random order of the examples, again and again; the arrays are reused. */
function* batches({ sizes, batch: rows, seed }: Setting, { pixels, labels }: Examples): Generator<Batch, never> {
  const inputs = sizes[0];
  const order = createRandom(seed).fork("order").permutation(labels.length);
  const batch = { rows, scale: 1 / 255, features: new Uint8Array(rows * inputs), labels: new Uint8Array(rows) };
  for (let first = 0; ; first = first + 2 * rows > order.length ? 0 : first + rows) {
    for (let i = 0; i < rows; i++) {
      const row = order[first + i];
      batch.features.set(pixels.subarray(row * inputs, (row + 1) * inputs), i * inputs);
      batch.labels[i] = labels[row];
    }
    yield batch;
  }
}

/** Step by step, through the interface that every engine has. */
function stepwiseRun(engine: Engine, setting: Setting, examples: Examples): Run {
  const { sizes, layerNorm, update } = setting;
  const layers = randomLayers(setting);
  const network: EngineNetwork = engine.create({ sizes, layerNorm }, layers, adam);
  const sparse = layers.flatMap(({ topology }, layer) => (topology === null ? [] : [layer]));
  const random = createRandom(setting.seed).fork("updates");
  const source = batches(setting, examples);
  let [step, loss] = [0, Number.NaN];
  return {
    steps(count) {
      for (let i = 0; i < count; i++) {
        const batch = source.next().value;
        if (update !== null && ++step % update.interval === 0) {
          updateLayers(network, rigl, { step, fraction: update.fraction, layers: sparse, batch, random });
        } else loss = network.step(batch, LEARNING_RATE);
      }
      return loss;
    },
    own: () => null,
    dispose: () => network.dispose(),
  };
}

function answering(engine: Engine): { [K in keyof Requests]: (request: Requests[K]) => Answers[K] } {
  const examples = new Map<string, Examples>();
  const runs = new Map<string, Run>();
  const run = (name: string): Run => {
    const found = runs.get(name);
    if (found === undefined) throw new RangeError(`there is no run ${name}; open it first`);
    return found;
  };
  return {
    hello: () => ({ backend: engine.backend }),
    data: (request) => {
      examples.set(request.data, makeExamples(request));
      return {};
    },
    open: ({ run: name, data, setting }) => {
      runs.set(name, stepwiseRun(engine, setting, examples.get(data)!));
      return {};
    },
    steps: ({ run: name, steps }) => {
      const before = process.cpuUsage();
      const loss = run(name).steps(steps);
      const { user, system } = process.cpuUsage(before);
      return { cpu: (user + system) / 1e6, loss };
    },
    memory: ({ run: name }) => {
      globalThis.gc?.();
      return { resident: process.memoryUsage.rss(), own: name === undefined ? null : run(name).own() };
    },
    close: ({ run: name }) => {
      run(name).dispose();
      runs.delete(name);
      globalThis.gc?.();
      return {};
    },
  };
}

async function main(): Promise<void> {
  const answers = answering(await createEngine(process.argv[2]));
  const answer = (line: string): object => {
    const { id, do: what, ...fields } = JSON.parse(line);
    try {
      if (!Object.hasOwn(answers, what)) throw new RangeError(`${what} cannot be done`);
      return { id, ...(answers[what as keyof Requests] as (fields: object) => object)(fields) };
    } catch (error) {
      return { id, error: error instanceof Error ? error.message : String(error) };
    }
  };
  const hear = lines((line) => process.stdout.write(`${JSON.stringify(answer(line))}\n`));
  process.stdin.setEncoding("utf8").on("data", hear);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message.replaceAll("\n", " ")}\n`);
  process.exitCode = 1;
});
