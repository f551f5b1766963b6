type Numbers = Uint8Array | Uint32Array | Float32Array | Float64Array;

/** Exported by lib/native/src/wasm.cpp. */
export interface MemoryExports {
  readonly memory: WebAssembly.Memory;
  allocate(bytes: number): number;
  release(pointer: number): void;
}

/** Arrays on their way into WebAssembly's memory and back, for the time of one call. */
export class Lent {
  private readonly pointers: number[] = [];
  private readonly results: { pointer: number; into: Numbers }[] = [];

  constructor(private readonly exports: MemoryExports) {}

  /** A copy inside; 0 for nothing. */
  copy(values: Numbers | null | undefined): number {
    if (values === null || values === undefined) return 0;
    const pointer = this.room(values.byteLength);
    bytesAt(this.exports, pointer, values.byteLength).set(bytesOf(values));
    return pointer;
  }

  /** Room inside that is copied into `into` by {@link collect}. */
  result(into: Numbers | null | undefined): number {
    if (into === null || into === undefined) return 0;
    const pointer = this.room(into.byteLength);
    this.results.push({ pointer, into });
    return pointer;
  }

  room(bytes: number): number {
    if (bytes >= 2 ** 32) throw memoryEnds();
    const pointer = this.exports.allocate(bytes) >>> 0; // 32 bits come out with a sign
    this.pointers.push(pointer);
    return pointer;
  }

  collect(): void {
    for (const { pointer, into } of this.results) {
      bytesOf(into).set(bytesAt(this.exports, pointer, into.byteLength));
    }
  }

  release(): void {
    for (const pointer of this.pointers) this.exports.release(pointer);
  }
}

/** @param cause what WebAssembly said */
export function memoryEnds(cause?: unknown): Error {
  const help = "make layers or batches smaller, or have `npm run setup` build the addon, which has no such limit";
  return new Error(`the network and its batch do not fit into WebAssembly's 4 GB of memory; ${help}`, { cause });
}

/** A view for now: memory that grows leaves old views empty. */
export function bytesAt({ memory }: MemoryExports, pointer: number, length: number): Uint8Array {
  return new Uint8Array(memory.buffer, pointer, length);
}

function bytesOf(values: Numbers): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
