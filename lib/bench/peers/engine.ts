/** An engine of ours as a peer of the benchmark: `node --expose-gc engine.js tfjs|sparse`, asked by JSON lines. */
import { type Answers, lines, type Requests } from "../protocol";
import type { Setting } from "../setting";
import { engineRun } from "./engine-run";
import { type Examples, makeExamples, type Run } from "./run";

interface Program {
  readonly backend: string;
  open(setting: Setting, examples: Examples): Run;
}

/** Each process loads only what it needs: TensorFlow alone is a hundred megabytes. */
async function program(name: string): Promise<Program> {
  if (name === "tfjs") {
    const { createTfjsEngine }: typeof import("psn/dist/engines/tfjs") = require("psn/dist/engines/tfjs");
    const engine = await createTfjsEngine();
    return { backend: engine.backend, open: (setting, examples) => engineRun(engine, setting, examples) };
  }
  if (name === "sparse") {
    const { createSparseEngine }: typeof import("psn/dist/engines/sparse") = require("psn/dist/engines/sparse");
    const engine = createSparseEngine();
    return { backend: engine.backend, open: (setting, examples) => engineRun(engine, setting, examples) };
  }
  throw new RangeError(`there is no engine ${name}; there are tfjs and sparse`);
}

function answering({ backend, open }: Program): { [K in keyof Requests]: (request: Requests[K]) => Answers[K] } {
  const examples = new Map<string, Examples>();
  const runs = new Map<string, Run>();
  const run = (name: string): Run => {
    const found = runs.get(name);
    if (found === undefined) throw new RangeError(`there is no run ${name}; open it first`);
    return found;
  };
  return {
    hello: () => ({ backend }),
    data: (request) => {
      examples.set(request.data, makeExamples(request));
      return {};
    },
    open: ({ run: name, data, setting }) => {
      runs.set(name, open(setting, examples.get(data)!));
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
  const answers = answering(await program(process.argv[2]));
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
