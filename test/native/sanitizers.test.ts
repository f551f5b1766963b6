import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { nativeKernels } from "psn/dist/engines/kernel/native";
import { passesEngineTests } from "./engine-tests";

const native = join(__dirname, "..", "..", "..", "lib", "native");
const addon = join(native, "dist", "kernel-sanitized.node");

function compiler(): string | undefined {
  try {
    return execFileSync("g++", ["-print-file-name=libasan.so"], { encoding: "utf8" }).trim();
  } catch {
    return undefined; // told by the skipped test
  }
}

const library = process.platform === "linux" ? compiler() : undefined;
const skip = library === undefined ? "AddressSanitizer is preloaded from GCC on Linux, which is not here" : false;

test("AddressSanitizer and UndefinedBehaviorSanitizer find nothing in any build of the kernel", { skip }, () => {
  execFileSync(process.execPath, [join(native, "build.mjs"), "--addon", "--sanitize"], { stdio: "pipe" });
  // Node itself leaks at exit, and its stacks are not the sanitizer's.
  const settings = { LD_PRELOAD: library as string, ASAN_OPTIONS: "detect_leaks=0", PSN_KERNEL_ADDON: addon };
  for (const { name } of nativeKernels().filter((kernel) => !kernel.name.endsWith("_unfused"))) {
    passesEngineTests({ ...settings, PSN_KERNEL: name });
  }
});
