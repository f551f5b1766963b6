import type { Batch, EngineNetwork } from "../engines/engine";
import { moveLayer } from "../engines/move-layer";
import { rowsOf } from "../engines/rows";
import type { Random } from "../random";
import { fanIn } from "../topology/masks";
import { dropCount, type Moving } from "../topology/move";
import { type ConnectedLayer, type MovedConnections, setUpdateSparse } from "../topology/set";
import type { Topology } from "../topology/topology";
import { type TopologyUpdate, updateTopology } from "../topology/update";

/** What one topology update did to one layer. */
export interface UpdateLog {
  /** Training step of the update, counted from 1. */
  readonly step: number;
  /** Index of the layer, from 0. */
  readonly layer: number;
  /** Connections dropped; of these, connections grown again at once; and truly new ones. */
  readonly dropped: number;
  readonly regrown: number;
  readonly grown: number;
  /** Fan-in of every neuron after the update. */
  readonly fanIn: readonly number[];
}

/** How topologies move, without those that do not. */
export type MovingTopology = Exclude<TopologyUpdate, { kind: "static" }>;

/** When and on what an update happens. */
export interface UpdateMoment {
  readonly step: number;
  /** Share of connections to drop. */
  readonly fraction: number;
  /** The sparse layers. */
  readonly layers: readonly number[];
  /** The rows `order` of `data` are the update's batch. */
  readonly data: Batch;
  readonly order: Uint32Array;
  readonly random: Random;
  /** Told the topology that each layer has now. */
  readonly observe?: (layer: number, topology: Topology) => void;
}

/** Drops and grows connections in the given sparse layers, once, and says what happened. */
export function updateLayers(network: EngineNetwork, update: MovingTopology, at: UpdateMoment): UpdateLog[] {
  const moves = isPlainRigl(update) ? moveByEngine(network, update, at) : moveByLibrary(network, update, at);
  return at.layers.map((layer, i) => {
    const { topology } = readSparse(network, layer);
    at.observe?.(layer, topology);
    const { regrown, grown } = moves[i];
    return { step: at.step, layer, dropped: regrown + grown, regrown, grown, fanIn: Array.from(fanIn(topology)) };
  });
}

type PlainRigl = Extract<MovingTopology, { kind: "rigl" }>;

function isPlainRigl(update: MovingTopology): update is PlainRigl {
  return update.kind === "rigl" && update.growth === "gradient";
}

function moveByEngine(
  network: EngineNetwork,
  { rounding, regrown }: PlainRigl,
  { data, order, layers, fraction }: UpdateMoment,
): { regrown: number; grown: number }[] {
  const drops = layers.map((layer) => dropCount(network.connections(layer), { fraction, rounding }));
  return network.move(data, order, layers, drops, regrown);
}

/** SET draws where connections grow, and RigL's controls rearrange gradients: the engine takes over what they decide. */
function moveByLibrary(
  network: EngineNetwork,
  update: MovingTopology,
  { data, order, layers, fraction, step, random }: UpdateMoment,
): { regrown: number; grown: number }[] {
  const randomOf = (layer: number): Random => random.fork(`update ${step} layer ${layer}`);
  if (update.kind === "set") {
    return layers.map((layer) => moveBySet(network, layer, { ...update, fraction, random: randomOf(layer) }));
  }
  const gradients = network.denseGradients(rowsOf(data, order), layers);
  return layers.map((layer, i) =>
    moveLayer(network, layer, (sparse) =>
      updateTopology(update, { ...sparse, gradients: gradients[i], fraction, random: randomOf(layer) }),
    ),
  );
}

function moveBySet(
  network: EngineNetwork,
  layer: number,
  { random, regrown, ...moving }: Moving & { readonly random: Random },
): MovedConnections {
  const sparse = readSparse(network, layer);
  const drops = dropCount(sparse.weights.length, moving);
  const moved = setUpdateSparse(sparse, { drops, regrown }, random);
  network.replace(layer, moved.topology, moved.weights, moved.fresh);
  return moved;
}

function readSparse(network: EngineNetwork, layer: number): ConnectedLayer {
  const { topology, weights } = network.read(layer);
  if (topology === null) throw new RangeError(`updateLayers: layer ${layer} is dense; only sparse layers move`);
  return { topology, weights };
}
