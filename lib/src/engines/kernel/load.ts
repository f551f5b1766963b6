import type { Kernel } from "./kernel";
import { nativeKernels } from "./native";
import { wasmKernel } from "./wasm";

/** Names that `PSN_KERNEL` may ask for. */
const names = ["avx512", "avx2", "portable", "wasm"];

let native: Kernel[] | undefined;
let excuse: string | undefined;

/**
 * The fastest build of the kernel that this machine can run: the addon with the widest instruction set, or, where it
 * does not load, WebAssembly, with a line on stderr that says so and why. The environment variable `PSN_KERNEL` asks
 * for one by name.
 *
 * @param deterministic the same bits on every machine: no fused multiply-add, at some cost in speed
 * @throws Error when `PSN_KERNEL` asks for what does not exist here
 */
export function loadKernel({ deterministic = false }: { readonly deterministic?: boolean } = {}): Kernel {
  const asked = process.env.PSN_KERNEL ?? "";
  if (asked !== "" && !names.includes(asked)) {
    throw new Error(`PSN_KERNEL is "${asked}"; allowed are ${names.join(", ")}, or leave it unset.`);
  }
  if (asked === "wasm") return wasmKernel();
  const found = addonKernels(asked === "").filter(({ name }) => {
    const isExact = name === "portable" || name.endsWith("_unfused");
    return (deterministic ? isExact : !name.endsWith("_unfused")) && name.startsWith(asked);
  });
  if (found.length > 0) return found[0];
  if (asked === "") return wasmKernel();
  throw new Error(`PSN_KERNEL is "${asked}", which this machine cannot run${excuse ? `: ${excuse}` : ""}.`);
}

function addonKernels(isSpoken: boolean): Kernel[] {
  if (native !== undefined) return native;
  try {
    native = nativeKernels();
  } catch (error) {
    native = [];
    excuse = String(error instanceof Error ? error.message : error).split("\n")[0];
    if (isSpoken) {
      process.stderr.write(
        `The sparse kernel runs on WebAssembly, about four times slower: its addon does not load (${excuse}). ` +
          "`npm run setup` builds it where there is a C++ compiler.\n",
      );
    }
  }
  return native;
}
