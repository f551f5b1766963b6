import type { Split } from "./dataset";

/** The same split in shared memory, which worker threads read in place. */
export function shareSplit({ rows, features, labels }: Split): Split {
  const shared = features instanceof Uint8Array ? new Uint8Array(room(features)) : new Float32Array(room(features));
  shared.set(features);
  const sharedLabels = new Uint8Array(room(labels));
  sharedLabels.set(labels);
  return { rows, features: shared, labels: sharedLabels };
}

function room({ byteLength }: ArrayBufferView): SharedArrayBuffer {
  return new SharedArrayBuffer(byteLength);
}
