// Builds the addon with AddressSanitizer and UndefinedBehaviorSanitizer and runs the compiled tests of the kernel in it:
// `node lib/native/sanitize.mjs`, after `npm run build`. The exit code is that of the tests,
// or 2 without g++.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { addonPath, buildAddon, findCompiler } from "./build.mjs";

const compiler = findCompiler(["g++"]); // clang would need its own library in front
const tests = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "test", ".build");
const files = [
  "engines/sparse.test.js",
  "engines/sparse-fixtures.test.js",
  "engines/gradient-fixtures.test.js",
  "engines/replace.test.js",
  "engines/sparse-arguments.test.js",
  "engines/sparse-tfjs.test.js",
  "engines/sparse-kernels.test.js",
  "native/addon.test.js",
];

if (!compiler) {
  process.stderr.write("The sanitized build needs g++, which was not found: install GCC's C++ compiler.\n");
  process.exit(2);
}
await buildAddon({ sanitize: true, compiler });
// Node itself is not built with the sanitizer, whose library must therefore come first.
const library = spawnSync(compiler, ["-print-file-name=libasan.so"], { encoding: "utf8" }).stdout.trim();
const { status } = spawnSync(
  process.execPath,
  ["--test", "--test-concurrency=1", ...files.map((file) => join(tests, file))],
  {
    stdio: "inherit",
    env: {
      ...process.env,
      LD_PRELOAD: library,
      PSN_ADDON: addonPath({ sanitize: true }),
      ASAN_OPTIONS: "detect_leaks=0", // what Node leaves behind when it ends
      UBSAN_OPTIONS: "print_stacktrace=1:halt_on_error=1",
    },
  },
);
process.exit(status ?? 1);
