import { sep } from "node:path";

/** One message of Jupyter's `display_data`; with a `display_id` it can be updated later. */
export interface DisplayMessage {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

/** Sends a message; `update` replaces the earlier one of the same `display_id`. */
export type DisplayWriter = (message: DisplayMessage, update: boolean) => void;

/**
 * How to show something in the notebook that this process is the kernel of; undefined outside a kernel.
 *
 * tslab's public display sends one MIME type a message, so its inner writer is used. It is looked up among the loaded
 * modules: resolving "tslab" by name could give a second copy that no notebook is connected to.
 */
export function kernelDisplay(): DisplayWriter | undefined {
  const end = ["tslab", "dist", "jupyter.js"].join(sep);
  for (const [path, loaded] of Object.entries(require.cache)) {
    if (!path.endsWith(sep + end)) continue;
    const write: DisplayWriter | null | undefined = loaded?.exports.lastWriteDisplayData;
    if (write) return write;
  }
  return undefined;
}
