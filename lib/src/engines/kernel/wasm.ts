import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Batch } from "../engine";
import { type Kernel, type KernelNetwork, movesOf } from "./kernel";
import { bytesAt, Lent, type MemoryExports, memoryEnds } from "./wasm-memory";

type Calls = Record<
  | "create"
  | "set"
  | "replace"
  | "connections"
  | "read"
  | "readGradients"
  | "steps"
  | "evaluate"
  | "gradients"
  | "denseGradients"
  | "move"
  | "bytes",
  (...values: number[]) => number
>;
type Exports = MemoryExports & Calls;

/** Rows whose cache lines are asked for at once, and the numbers of four bytes in a line. */
const [ROWS_AHEAD, LINE] = [32, 16];
/** Rows that are copied into WebAssembly's memory at a time, or one batch: so few that they are still cached when used. */
const ROWS_AT_ONCE = 256;

let compiled: WebAssembly.Module | undefined;

/** The kernel as WebAssembly. Each network has an instance, and so a memory, of its own. */
export function wasmKernel(): Kernel {
  compiled ??= new WebAssembly.Module(readFileSync(join(__dirname, "..", "..", "..", "native", "kernel.wasm")));
  const module = compiled;
  return {
    name: "wasm",
    create(sizes, layerNorm, optimizer) {
      const exports = new WebAssembly.Instance(module).exports as unknown as Exports;
      return wasmNetwork(exports, sizes, Number(layerNorm), optimizer);
    },
  };
}

/**
 * Runs calls with arrays lent to them; what they filled is copied out. Where memory ends the kernel traps, and leaves
 * the network half changed: every later call is the same error.
 */
function lending(exports: Exports): <T>(call: (lent: Lent) => T) => T {
  let ended: Error | undefined;
  return (call) => {
    if (ended !== undefined) throw ended;
    const lent = new Lent(exports);
    try {
      const result = call(lent);
      lent.collect();
      return result;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      ended = memoryEnds(error);
      throw ended;
    } finally {
      lent.release();
    }
  };
}

/** Examples inside WebAssembly: pointers, and the order 0, 1, … in which they lie there. */
type Inside = [features: number, isFloat: number, labels: number, scale: number];

/**
 * A number of every cache line of the rows order[first … end), `size` bytes each, combined: so many independent reads
 * bring them from memory together, which takes half as long as one row after the other.
 */
function readAhead(numbers: Uint32Array, size: number, order: Uint32Array, first: number, end: number): number {
  let combined = 0;
  for (let i = first; i < end; i++) {
    let at = Math.floor((order[i] * size) / 4);
    const to = Math.floor(((order[i] + 1) * size) / 4);
    // Four in a turn: what a loop adds to each takes the room of further reads in the processor.
    for (; at < to - 3 * LINE; at += 4 * LINE) {
      combined |= numbers[at] | numbers[at + LINE] | numbers[at + 2 * LINE] | numbers[at + 3 * LINE];
    }
    for (; at < to; at += LINE) combined |= numbers[at];
  }
  return combined;
}

/** Copies the rows `order` of `data`; by loops, as every step comes by here. */
function bring(exports: Exports, lent: Lent, data: Batch, order: Uint32Array, inputs: number): Inside {
  const { features, labels, scale } = data;
  const { buffer, byteOffset, byteLength } = features;
  const size = inputs * features.BYTES_PER_ELEMENT;
  const [to, labelsTo] = [lent.room(order.length * size), lent.room(order.length)];
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const numbers = new Uint32Array(buffer, byteOffset - (byteOffset % 4), Math.floor(byteLength / 4));
  const target = bytesAt(exports, to, order.length * size);
  const labelTarget = bytesAt(exports, labelsTo, order.length);
  for (let first = 0; first < order.length; first += ROWS_AHEAD) {
    const end = Math.min(first + ROWS_AHEAD, order.length);
    // Put where the row itself goes next, for reads whose result is not used are left out.
    target[first * size] = readAhead(numbers, size, order, first, end);
    for (let i = first; i < end; i++) {
      target.set(bytes.subarray(order[i] * size, (order[i] + 1) * size), i * size);
      labelTarget[i] = labels[order[i]];
    }
  }
  return [to, Number(features.BYTES_PER_ELEMENT === 4), labelsTo, scale];
}

function counting(length: number, first = 0): Uint32Array {
  const numbers = new Uint32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = first + i;
  return numbers;
}

function wasmNetwork(exports: Exports, sizes: Uint32Array, layerNorm: number, optimizer: Float64Array): KernelNetwork {
  const inputs = sizes[0];
  const lend = lending(exports);
  const network = lend((lent) => exports.create(lent.copy(sizes), sizes.length, layerNorm, lent.copy(optimizer)));
  const asked = (lent: Lent, data: Batch, order: Uint32Array): [...Inside, number, number] => [
    ...bring(exports, lent, data, order, inputs),
    lent.copy(counting(order.length)),
    order.length,
  ];
  return {
    set: (layer, { topology, weights, bias, norm }) => {
      const arrays = [topology?.rowPointers, topology?.columns, weights, bias, norm?.gain, norm?.offset];
      lend((lent) => exports.set(network, layer, ...arrays.map((array) => lent.copy(array))));
    },
    replace: (layer, { rowPointers, columns }, weights, fresh) => {
      const arrays = [rowPointers, columns, weights, fresh];
      lend((lent) => exports.replace(network, layer, ...arrays.map((array) => lent.copy(array)), fresh.length));
    },
    connections: (layer) => exports.connections(network, layer),
    read: (layer, { rowPointers, columns, weights, bias, norm }) => {
      const arrays = [rowPointers, columns, weights, bias, norm?.gain, norm?.offset];
      lend((lent) => exports.read(network, layer, ...arrays.map((array) => lent.result(array))));
    },
    steps: (data, order, batch, rates, losses) => {
      const atOnce = Math.max(1, Math.floor(ROWS_AT_ONCE / batch)) * batch;
      for (let first = 0; first < order.length; first += atOnce) {
        const rows = order.subarray(first, first + atOnce);
        const [from, to] = [first / batch, first / batch + Math.ceil(rows.length / batch)];
        lend((lent) => {
          const examples = asked(lent, data, rows);
          const into = lent.result(losses.subarray(from, to));
          exports.steps(network, ...examples, batch, lent.copy(rates.subarray(from, to)), into);
        });
      }
    },
    evaluate: (data, first, rows) => {
      const sums = new Float64Array(2);
      for (let done = 0; done < rows; done += 1024) {
        const order = counting(Math.min(1024, rows - done), first + done);
        lend((lent) => {
          const inside = bring(exports, lent, data, order, inputs);
          const into = lent.copy(sums);
          exports.evaluate(network, ...inside, 0, order.length, into);
          sums.set(new Float64Array(exports.memory.buffer, into, 2));
        });
      }
      return { loss: sums[0], hits: sums[1] };
    },
    gradients: (data, order) => lend((lent) => exports.gradients(network, ...asked(lent, data, order))),
    readGradients: (layer, { weights, bias, norm }) => {
      const arrays = [weights, bias, norm?.gain, norm?.offset];
      lend((lent) => exports.readGradients(network, layer, ...arrays.map((array) => lent.result(array))));
    },
    denseGradients: (data, order, layer, into) => {
      lend((lent) => exports.denseGradients(network, ...asked(lent, data, order), layer, lent.result(into)));
    },
    move: (data, order, layers, drops, reset) => {
      const counts = new Uint32Array(2 * layers.length);
      const outcome = lend((lent) => {
        const [examples, chosen] = [asked(lent, data, order), [lent.copy(layers), lent.copy(drops)]];
        return exports.move(network, ...examples, ...chosen, layers.length, Number(reset), lent.result(counts));
      });
      return movesOf(outcome, counts);
    },
    bytes: () => exports.bytes(network),
    dispose: () => {}, // the instance goes with its last reference
  };
}
