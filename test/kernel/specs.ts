import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(__dirname, "..", "..", "..");

/** tslab as its own installer sets it up. */
const stock = {
  argv: [join(root, "node_modules", ".bin", "tslab"), "kernel", "--config-path", "{connection_file}"],
  display_name: "TypeScript",
  language: "typescript",
};

/** A folder for JUPYTER_PATH whose kernel `tslab` is this project's, the same behind a shell, or tslab as it comes. */
export async function kernelFolder(which: "ours" | "wrapped" | "stock"): Promise<string> {
  const { kernelSpec } = await import(pathToFileURL(join(root, "lib", "setup", "kernel.mjs")).href);
  const folder = mkdtempSync(join(tmpdir(), "psn-kernels-"));
  mkdirSync(join(folder, "kernels", "tslab"), { recursive: true });
  const ours = kernelSpec();
  const wrapped = { ...ours, argv: ["sh", "-c", '"$@"; exit', "sh", ...ours.argv] };
  writeFileSync(join(folder, "kernels", "tslab", "kernel.json"), JSON.stringify({ ours, wrapped, stock }[which]));
  return folder;
}
