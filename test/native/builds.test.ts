import { test } from "node:test";
import { nativeKernels } from "psn/dist/engines/kernel/native";
import { passesEngineTests } from "./engine-tests";

/** What this machine can run besides what it runs by itself. */
const builds = ["wasm", ...nativeKernels().map(({ name }) => name)].filter((name) => !name.endsWith("_unfused"));

for (const build of builds) {
  test(`the kernel's build ${build} passes every test of the engine`, () => passesEngineTests({ PSN_KERNEL: build }));
}

test("the deterministic mode passes every test of the engine", () => passesEngineTests({ PSN_DETERMINISTIC: "1" }));
