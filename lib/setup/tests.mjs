import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { nodeModules, root } from "./paths.mjs";
import { run, SetupError } from "./run.mjs";

/** Lints, then runs the compiled tests; `folders` such as "topology" narrow both to a part. */
export async function runTests(folders) {
  const biome = join(nodeModules, "@biomejs", "biome", "bin", "biome");
  const lint = await run(process.execPath, [biome, "check", "."], { show: true });
  if (lint.code !== 0) {
    process.stderr.write("Not as the linter wants it; `npm run format` mends most of it.\n");
    return lint.code;
  }
  const files = testFiles(readdirSync(join(root, "test"), { recursive: true }), folders);
  if (files.length === 0) throw new SetupError(`No test is in ${folders.join(", ")}; name folders of test/.`);
  const compiled = files.map((file) => join(root, "test", ".build", file.replace(/\.ts$/, ".js")));
  const { code } = await run(
    process.execPath,
    ["--test", "--test-concurrency=2", "--test-reporter=spec", ...compiled],
    { show: true },
  );
  return code;
}

/**
 * The tests among the files of test/, by their sources, because a deleted test may still lie compiled in .build. The
 * slow ones come first: they fill the time in which the others take turns.
 *
 * @param {readonly string[]} files paths relative to test/
 * @param {readonly string[]} folders "topology" or "test/topology"; none means all
 */
export function testFiles(files, folders = []) {
  const wanted = folders.map((folder) => relative("test", join("test", folder.replace(/^(\.\/)?test\//, ""))));
  const slow = (file) => /^(browser|notebooks)\//.test(file);
  return files
    .filter((file) => file.endsWith(".test.ts") && !file.startsWith(".build/"))
    .filter((file) => wanted.length === 0 || wanted.some((folder) => file.startsWith(`${folder}/`) || file === folder))
    .sort((a, b) => Number(slow(b)) - Number(slow(a)) || (a < b ? -1 : 1));
}
