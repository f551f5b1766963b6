import { join } from "node:path";
import type { Batch } from "../engine";
import { type Kernel, type KernelNetwork, movesOf } from "./kernel";

type Network = object;
type Data = [Batch["features"], Uint8Array, number];

/** The functions of lib/native/src/addon.cpp. */
interface Addon {
  kernels(): string[];
  create(kernel: number, sizes: Uint32Array, layerNorm: number, optimizer: Float64Array): Network;
  destroy(network: Network): void;
  set(network: Network, layer: number, ...parameters: (Uint32Array | Float32Array | null)[]): void;
  replace(network: Network, layer: number, ...parameters: (Uint32Array | Float32Array)[]): void;
  connections(network: Network, layer: number): number;
  read(network: Network, layer: number, ...into: (Uint32Array | Float32Array | null)[]): void;
  readGradients(network: Network, layer: number, ...into: (Float32Array | null)[]): void;
  steps(network: Network, ...rest: [...Data, Uint32Array, number, Float64Array, Float64Array]): void;
  evaluate(network: Network, ...rest: [...Data, number, number, Float64Array]): void;
  gradients(network: Network, ...rest: [...Data, Uint32Array]): number;
  denseGradients(network: Network, ...rest: [...Data, Uint32Array, number, Float32Array]): void;
  move(network: Network, ...rest: [...Data, Uint32Array, Uint32Array, Uint32Array, number, Uint32Array]): number;
  bytes(network: Network): number;
}

/** Where lib/native/build.mjs leaves the addon; `PSN_ADDON` names another file, such as its build with sanitizers. */
export const addonPath: string =
  process.env.PSN_ADDON ?? join(__dirname, "..", "..", "..", "native", "dist", "kernel.node");

/**
 * The kernels of the addon that this machine can run, the fastest first.
 *
 * @throws whatever `require` throws where the addon is missing or made for another system
 */
export function nativeKernels(path: string = addonPath): Kernel[] {
  const addon: Addon = require(path);
  return addon.kernels().map((name, index) => ({
    name,
    create: (sizes, layerNorm, optimizer) =>
      nativeNetwork(addon, addon.create(index, sizes, Number(layerNorm), optimizer)),
  }));
}

const dataOf = ({ features, labels, scale }: Batch): Data => [features, labels, scale];

function nativeNetwork(addon: Addon, network: Network): KernelNetwork {
  return {
    set: (layer, { topology, weights, bias, norm }) =>
      addon.set(
        network,
        layer,
        topology?.rowPointers ?? null,
        topology?.columns ?? null,
        weights,
        bias,
        norm?.gain ?? null,
        norm?.offset ?? null,
      ),
    replace: (layer, { rowPointers, columns }, weights, fresh) =>
      addon.replace(network, layer, rowPointers, columns, weights, fresh),
    connections: (layer) => addon.connections(network, layer),
    read: (layer, { rowPointers = null, columns = null, weights = null, bias = null, norm }) =>
      addon.read(network, layer, rowPointers, columns, weights, bias, norm?.gain ?? null, norm?.offset ?? null),
    steps: (data, order, batch, rates, losses) => addon.steps(network, ...dataOf(data), order, batch, rates, losses),
    evaluate: (data, first, rows) => {
      const sums = new Float64Array(2);
      addon.evaluate(network, ...dataOf(data), first, rows, sums);
      return { loss: sums[0], hits: sums[1] };
    },
    gradients: (data, order) => addon.gradients(network, ...dataOf(data), order),
    readGradients: (layer, { weights = null, bias = null, norm }) =>
      addon.readGradients(network, layer, weights, bias, norm?.gain ?? null, norm?.offset ?? null),
    denseGradients: (data, order, layer, into) => addon.denseGradients(network, ...dataOf(data), order, layer, into),
    move: (data, order, layers, drops, reset) => {
      const counts = new Uint32Array(2 * layers.length);
      return movesOf(addon.move(network, ...dataOf(data), order, layers, drops, Number(reset), counts), counts);
    },
    bytes: () => addon.bytes(network),
    dispose: () => addon.destroy(network),
  };
}
