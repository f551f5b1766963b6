// The kernel, compiled once for each instruction set: PSN_NAME, PSN_WIDTH (floats in a vector) and PSN_FMA say which.
#include "move.h"

#define PSN_TEXT(x) PSN_TEXT_OF(x)
#define PSN_TEXT_OF(x) #x
#define PSN_JOIN(a, b) PSN_JOIN_OF(a, b)
#define PSN_JOIN_OF(a, b) a##b

namespace {

template <class T> T* take(size_t count) { return static_cast<T*>(psn_allocate((u64)count * sizeof(T))); }

Network* create(const u32* sizes, u32 count, u32 layerNorm, const OptimizerSpec* optimizer) {
  Network* net = take<Network>(1);
  const u32 L = net->L = count - 1;
  net->optimizer = *optimizer;
  net->layers = take<Layer>(L);
  net->activations = take<Array<float>>(L + 1);
  net->slopes = take<Array<float>>(L);
  net->normalised = take<Array<float>>(L);
  net->deviations = take<Array<float>>(L);
  for (u32 l = 0; l < L; l++) {
    Layer& layer = net->layers[l];
    layer.N = sizes[l];
    layer.M = sizes[l + 1];
    layer.norm = layerNorm && l + 1 < L;
    layer.bias.reset(layer.M, optimizer->isAdam);
    if (layer.norm) {
      layer.gain.reset(layer.M, optimizer->isAdam);
      layer.offset.reset(layer.M, optimizer->isAdam);
      for (u32 j = 0; j < layer.M; j++) layer.gain.value[j] = 1;
    }
    const u32 width = roundUp(layer.M, 4 * GROUP); // at least a stripe of the dense gradient
    net->widest = width > net->widest ? width : net->widest;
  }
  net->sums.reset(net->widest), net->gainSums.reset(net->widest), net->offsetSums.reset(net->widest);
  net->panel.reset((u64)TR * net->widest);
  net->rows.reset(LANES);
  ensureChunks(*net, 1);
  return net;
}

void setMatrix(Layer& layer, const float* weights, bool isAdam) {
  const u32 ld = roundUp(layer.M, GROUP);
  layer.dense = true;
  layer.E = layer.N * layer.M;
  layer.weights.reset((u64)layer.N * ld, isAdam);
  for (u32 i = 0; i < layer.N; i++)
    copyValues(layer.weights.value.data + (size_t)i * ld, weights + (size_t)i * layer.M, layer.M);
}

void copyVector(const Weights& to, const float* from, u32 M) {
  if (from && to.value.data) copyValues(to.value.data, from, M);
}

void set(Network* net, u32 index, const Parameters* p) {
  Layer& layer = net->layers[index];
  copyVector(layer.bias, p->bias, layer.M);
  copyVector(layer.gain, p->gain, layer.M);
  copyVector(layer.offset, p->offset, layer.M);
  layer.hasTopology = p->rowPointers != nullptr;
  if (!layer.hasTopology) return setMatrix(layer, p->weights, net->optimizer.isAdam);
  layer.rowPointers.reset(layer.M + 1); // no connections yet
  replaceConnections(net, index, p->rowPointers, p->columns, p->weights, nullptr, 0);
}

u32 connections(const Network* net, u32 index) { return net->layers[index].E; }

u32 isSparse(const Network* net, u32 index) { return net->layers[index].hasTopology; }

/** Values that a layer keeps, as they are read: canonical, or dense [N][M]. */
void readValues(const Layer& layer, const float* kept, float* out) {
  if (!out) return;
  const u32 N = layer.N, M = layer.M;
  if (layer.hasTopology) return inCanonicalOrder(layer, kept, out);
  const u32 ld = roundUp(M, GROUP);
  for (u32 i = 0; i < N; i++) copyValues(out + (size_t)i * M, kept + (size_t)i * ld, M);
}

void readVector(const float* from, u32 M, float* out) {
  if (out && from) copyValues(out, from, M);
}

void read(const Network* net, u32 index, u32* rowPointers, u32* columns, float* weights, float* bias, float* gain,
          float* offset) {
  const Layer& layer = net->layers[index];
  if (layer.hasTopology && rowPointers) copyValues(rowPointers, layer.rowPointers.data, layer.M + 1);
  if (layer.hasTopology && columns) copyValues(columns, layer.columns.data, layer.E);
  readValues(layer, layer.weights.value.data, weights);
  readVector(layer.bias.value.data, layer.M, bias);
  readVector(layer.gain.value.data, layer.M, gain);
  readVector(layer.offset.value.data, layer.M, offset);
}

void readGradients(const Network* net, u32 index, float* weights, float* bias, float* gain, float* offset) {
  const Layer& layer = net->layers[index];
  if (!layer.weights.gradient.data) return;
  readValues(layer, layer.weights.gradient.data, weights);
  readVector(layer.bias.gradient.data, layer.M, bias);
  readVector(layer.gain.gradient.data, layer.M, gain);
  readVector(layer.offset.gradient.data, layer.M, offset);
}

double bytes(const Network* net) { return bytesOf(*net); }

} // namespace

extern "C" const Kernel PSN_JOIN(psn_kernel_, PSN_NAME);
extern "C" const Kernel PSN_JOIN(psn_kernel_, PSN_NAME) = {
    PSN_TEXT(PSN_NAME), PSN_FMA, create, destroyNetwork, set, replaceConnections, connections, isSparse, read, steps,
    evaluate, gradients, readGradients, denseGradients, move, bytes};
