import { readFileSync } from "node:fs";
import { join } from "node:path";
import { protocolVersion } from "./messages";

/** The versions that a kernel's answers rest on. */
export interface KernelVersions {
  readonly node: string;
  readonly typescript: string;
  readonly tslab: string;
  readonly psn: string;
}

export function kernelVersions(tslab: {
  readonly version: string;
  readonly typescript: { version: string };
}): KernelVersions {
  const manifest = join(__dirname, "..", "..", "package.json");
  return {
    node: process.versions.node,
    typescript: tslab.typescript.version,
    tslab: tslab.version,
    psn: JSON.parse(readFileSync(manifest, "utf8")).version,
  };
}

/** The answer to `kernel_info_request`. Notebooks are saved with its `language_info`. */
export function kernelInformation(versions: KernelVersions): object {
  const { node, typescript, tslab, psn } = versions;
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: "tslab",
    implementation_version: tslab,
    banner: `TypeScript ${typescript} on Node ${node}, by tslab ${tslab}, with psn ${psn}`,
    help_links: [{ text: "tslab", url: "https://github.com/yunabe/tslab" }],
    language_info: {
      name: "typescript",
      version: typescript,
      mimetype: "text/typescript",
      file_extension: ".ts",
      nbconvert_exporter: "script",
      // Jupyter Notebook highlights TypeScript by the second and third of these, JupyterLab by the first.
      codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
      versions,
    },
  };
}
