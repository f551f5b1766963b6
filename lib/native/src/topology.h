#pragma once
// Layers put together from a topology in canonical order (rows of ascending columns), and read back into it.
#include "network.h"

namespace {

/** A sparse layer's connections in canonical order. */
struct Connections {
  Array<u32> rowPointers, columns; // [M + 1], [E]
  Array<float> weights, mean, square; // [E]; square only for Adam

  void reset(u32 M, u32 E, bool isAdam) {
    rowPointers.reset(M + 1);
    columns.reset(E);
    weights.reset(E);
    mean.reset(E);
    if (isAdam) square.reset(E);
  }
  void release() {
    rowPointers.release(), columns.release(), weights.release(), mean.release(), square.release();
  }
};

/** Calls visit(where the layer keeps it, canonical position) for every connection. */
template <class Visit> void eachConnection(const Layer& layer, Visit visit) {
  if (layer.dense) {
    const u32 ld = roundUp(layer.M, GROUP);
    for (u32 j = 0; j < layer.M; j++)
      for (u32 e = layer.rowPointers[j]; e < layer.rowPointers[j + 1]; e++) visit((size_t)layer.columns[e] * ld + j, e);
  } else {
    const u32* canonical = layer.trained().canonical.data;
    for (u32 e = 0; e < layer.E; e++) visit((size_t)e, canonical[e]);
  }
}

/** Values that the layer keeps → in canonical order. */
void inCanonicalOrder(const Layer& layer, const float* kept, float* out) {
  eachConnection(layer, [&](size_t at, u32 e) { out[e] = kept[at]; });
}

/** Rows of ascending columns [R] → rows of the transpose [C], and which entry each of its entries was. */
void transposeTopology(u32 R, u32 C, const u32* rowPointers, const u32* columns, u32* pointers, u32* rows, u32* entry) {
  const u32 E = rowPointers[R];
  for (u32 c = 0; c <= C; c++) pointers[c] = 0;
  for (u32 e = 0; e < E; e++) pointers[columns[e] + 1]++;
  for (u32 c = 0; c < C; c++) pointers[c + 1] += pointers[c];
  Array<u32> next;
  next.reset(C);
  copyValues(next.data, pointers, C);
  for (u32 r = 0; r < R; r++) {
    for (u32 e = rowPointers[r]; e < rowPointers[r + 1]; e++) {
      const u32 at = next[columns[e]]++;
      rows[at] = r;
      entry[at] = e;
    }
  }
  next.release();
}

/** The orders in which a sparse layer is computed. */
void layOutLayer(Layer& layer, bool isFirst) {
  const u32 N = layer.N, M = layer.M, E = layer.E;
  layOut(layer.forward, M, N, layer.rowPointers.data, layer.columns.data, nullptr);
  if (isFirst) {
    layer.used.reset(N);
    for (u32 e = 0; e < E; e++) layer.used[layer.columns[e]] = 1;
    return;
  }
  Array<u32> pointers, rows, entry;
  pointers.reset(N + 1), rows.reset(E), entry.reset(E);
  transposeTopology(M, N, layer.rowPointers.data, layer.columns.data, pointers.data, rows.data, entry.data);
  layOut(layer.backward, N, M, pointers.data, rows.data, entry.data);
  u32* place = rows.data; // canonical position → place in the forward pass
  for (u32 e = 0; e < E; e++) place[layer.forward.canonical[e]] = e;
  layer.toForward.reset(E);
  layer.forwardWeights.reset(E);
  for (u32 e = 0; e < E; e++) layer.toForward[e] = place[layer.backward.canonical[e]];
  for (u32 e = E; e < roundUp(E, GROUP); e++) layer.toForward[e] = E; // padding copies to padding
  pointers.release(), rows.release(), entry.release();
}

/** Puts connections in place of what a layer had. */
void install(Network& net, u32 index, const Connections& from) {
  Layer& layer = net.layers[index];
  const u32 N = layer.N, M = layer.M, E = layer.E = from.rowPointers[M];
  const bool hadGradients = layer.weights.gradient.data != nullptr;
  layer.rowPointers.reset(M + 1);
  layer.columns.reset(E);
  copyValues(layer.rowPointers.data, from.rowPointers.data, (M + 1));
  copyValues(layer.columns.data, from.columns.data, E);
  layer.dense = E >= DENSE_FROM * N * M;
  layer.weights.reset(weightCount(layer), net.optimizer.isAdam);
  if (layer.dense) {
    layer.forward.release(), layer.backward.release(), layer.toForward.release(), layer.forwardWeights.release();
    layer.used.release();
    layer.mask.reset(weightCount(layer));
    eachConnection(layer, [&](size_t at, u32) { layer.mask[at] = 1; });
  } else {
    layer.mask.release();
    layOutLayer(layer, index == 0);
  }
  eachConnection(layer, [&](size_t at, u32 e) {
    layer.weights.value[at] = from.weights[e];
    layer.weights.mean[at] = from.mean[e];
    if (net.optimizer.isAdam) layer.weights.square[at] = from.square[e];
    if (layer.toForward.data) layer.forwardWeights[layer.toForward[at]] = from.weights[e];
  });
  if (hadGradients) layer.weights.gradient.reset(weightCount(layer));
}

/** A sparse layer's connections as they are. */
void copyOut(const Network& net, u32 index, Connections& to) {
  const Layer& layer = net.layers[index];
  to.reset(layer.M, layer.E, net.optimizer.isAdam);
  copyValues(to.rowPointers.data, layer.rowPointers.data, (layer.M + 1));
  copyValues(to.columns.data, layer.columns.data, layer.E);
  eachConnection(layer, [&](size_t at, u32 e) {
    to.weights[e] = layer.weights.value[at];
    to.mean[e] = layer.weights.mean[at];
    if (net.optimizer.isAdam) to.square[e] = layer.weights.square[at];
  });
}

/** The position of a column among those of a row, or the end of the row. */
u32 findColumn(const Connections& in, u32 row, u32 column) {
  u32 low = in.rowPointers[row], end = in.rowPointers[row + 1], high = end;
  while (low < high) {
    const u32 middle = low + (high - low) / 2;
    if (in.columns[middle] < column) low = middle + 1;
    else high = middle;
  }
  return low < end && in.columns[low] == column ? low : end;
}

/** Optimiser state goes along where a connection was there before and is not named `fresh` (flat indices). */
void replaceConnections(Network* net, u32 index, const u32* rowPointers, const u32* columns, const float* weights,
                        const u32* fresh, u32 freshCount) {
  const u32 M = net->layers[index].M, E = rowPointers[M];
  Connections old, next;
  copyOut(*net, index, old);
  next.reset(M, E, net->optimizer.isAdam);
  copyValues(next.rowPointers.data, rowPointers, (M + 1));
  copyValues(next.columns.data, columns, E);
  copyValues(next.weights.data, weights, E);
  for (u32 j = 0; j < M; j++) {
    for (u32 e = rowPointers[j], was = old.rowPointers[j], end = old.rowPointers[j + 1]; e < rowPointers[j + 1]; e++) {
      while (was < end && old.columns[was] < columns[e]) was++;
      if (was == end || old.columns[was] != columns[e]) continue;
      next.mean[e] = old.mean[was];
      if (net->optimizer.isAdam) next.square[e] = old.square[was];
    }
  }
  for (u32 i = 0; i < freshCount; i++) {
    const u32 row = fresh[i] % M, e = findColumn(next, row, fresh[i] / M);
    if (e == next.rowPointers[row + 1]) continue;
    next.mean[e] = 0;
    if (net->optimizer.isAdam) next.square[e] = 0;
  }
  install(*net, index, next);
  old.release();
  next.release();
}

} // namespace
