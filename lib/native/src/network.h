#pragma once
// All that a network in training consists of.
#include "blocks.h"
#include "optimizer.h"

namespace {

/** Above this density a sparse layer is kept as a dense matrix and a mask: products in tiles are faster there. */
constexpr double DENSE_FROM = 0.7;

struct Layer {
  u32 N, M, E;
  bool hasTopology; // else wholly dense, and weights come and go as [N][M]
  bool dense;       // kept as a matrix [N][M'], with a mask if it has a topology
  bool norm;        // LayerNorm behind it

  Array<u32> rowPointers, columns; // [M + 1], [E] the topology, in the order in which it is read
  Weights weights;                 // dense [N][M'], or [E] in the order of the blocks in which it is trained:
  Blocks forward;                  // rows are neurons; the first layer trains in this order
  Blocks backward;                 // rows are inputs; every other layer trains in this one,
  Array<u32> toForward;            // [E] and copies its weights from here
  Array<float> forwardWeights;     // [E] to here
  Array<u8> mask;                  // [N][M'] 1 for connections, in dense layers with a topology
  Array<u8> used;                  // [N] whether any neuron reads an input
  Weights bias, gain, offset;      // [M]

  const float* weightsForward() const { return toForward.data ? forwardWeights.data : weights.value.data; }
  const Blocks& trained() const { return toForward.data ? backward : forward; }
};

} // namespace

struct Network {
  u32 L;      // layers
  u32 chunks; // chunks of B examples for which there are activations
  u32 lanes;  // of the chunk at hand that are computed
  u64 step;   // optimiser steps done
  OptimizerSpec optimizer;
  Layer* layers;
  Array<float>* activations; // [L + 1] of [chunks][features][B]: the inputs, what each layer gives to the next, logits
  Array<float>* slopes;      // [L] of [chunks][M][B]: gradient of the loss by a layer's sums before ReLU
  Array<float>* normalised;  // [L] of [chunks][M][B], with LayerNorm
  Array<float>* deviations;  // [L] of [chunks][B], with LayerNorm: 1/√(variance + ε)
  Array<Partial> sums, gainSums, offsetSums; // [M] running sums of a layer's bias gradient, and of its norm's
  Array<float> transposed;   // [chunks][B][M'] of a dense layer's slopes
  Array<float> panel;        // [TR][M'] a few rows of a dense gradient
  Array<const u8*> rows;     // [B] where the examples of a chunk begin
  u32 widest;                // largest M'
};

namespace {

INLINE float* activation(const Network& net, u32 layer, u32 chunk) {
  const u32 features = layer == 0 ? net.layers[0].N : net.layers[layer - 1].M;
  return net.activations[layer].data + (size_t)chunk * features * LANES;
}
INLINE float* slope(const Network& net, u32 layer, u32 chunk) {
  return net.slopes[layer].data + (size_t)chunk * net.layers[layer].M * LANES;
}

/** Room for the activations of so many chunks; what was in them is lost when they grow. */
void ensureChunks(Network& net, u32 chunks) {
  if (chunks <= net.chunks) return;
  net.chunks = chunks;
  for (u32 l = 0; l <= net.L; l++) {
    const u64 features = l == 0 ? net.layers[0].N : net.layers[l - 1].M;
    net.activations[l].atLeast(features * LANES * chunks);
    if (l == net.L) break;
    const u64 M = net.layers[l].M;
    net.slopes[l].atLeast(M * LANES * chunks);
    if (net.layers[l].norm) {
      net.normalised[l].atLeast(M * LANES * chunks);
      net.deviations[l].atLeast((u64)LANES * chunks);
    }
  }
  net.transposed.atLeast((u64)net.widest * LANES * chunks);
}

u64 weightCount(const Layer& layer) {
  return layer.dense ? (u64)layer.N * roundUp(layer.M, GROUP) : layer.E;
}

/** Room for gradients that outlast a chunk. */
void ensureGradients(Network& net) {
  for (u32 l = 0; l < net.L; l++) {
    Layer& layer = net.layers[l];
    layer.weights.gradient.atLeast(weightCount(layer));
    layer.bias.gradient.atLeast(layer.M);
    if (layer.norm) {
      layer.gain.gradient.atLeast(layer.M);
      layer.offset.gradient.atLeast(layer.M);
    }
  }
}

double bytesOf(const Network& net) {
  size_t total = sizeof(Network) + net.sums.bytes() + net.gainSums.bytes() + net.offsetSums.bytes() +
                 net.transposed.bytes() + net.panel.bytes() + net.rows.bytes() + net.activations[net.L].bytes();
  for (u32 l = 0; l < net.L; l++) {
    const Layer& a = net.layers[l];
    total += net.activations[l].bytes() + net.slopes[l].bytes() + net.normalised[l].bytes() +
             net.deviations[l].bytes() + sizeof(Layer) + a.rowPointers.bytes() + a.columns.bytes() +
             a.weights.bytes() + a.forward.bytes() + a.backward.bytes() + a.toForward.bytes() +
             a.forwardWeights.bytes() + a.mask.bytes() + a.used.bytes() + a.bias.bytes() + a.gain.bytes() +
             a.offset.bytes();
  }
  return (double)total;
}

void destroyNetwork(Network* net) {
  for (u32 l = 0; l < net->L; l++) {
    Layer& a = net->layers[l];
    a.rowPointers.release(), a.columns.release(), a.weights.release(), a.forward.release(), a.backward.release();
    a.toForward.release(), a.forwardWeights.release(), a.mask.release(), a.used.release();
    a.bias.release(), a.gain.release(), a.offset.release();
    net->activations[l].release(), net->slopes[l].release();
    net->normalised[l].release(), net->deviations[l].release();
  }
  net->activations[net->L].release();
  net->sums.release(), net->gainSums.release(), net->offsetSums.release();
  net->transposed.release(), net->panel.release(), net->rows.release();
  void* const parts[] = {net->layers, net->activations, net->slopes, net->normalised, net->deviations, net};
  for (void* memory : parts) psn_release(memory);
}

} // namespace
