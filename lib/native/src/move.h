#pragma once
// The dense gradient, and RigL's update with it (Evci et al., arXiv 1911.11134): the smallest weights drop, and as many
// connections grow where the gradient is largest among all positions that are not kept. The dense gradient streams by,
// six inputs at a time; no memory follows N × M.
#include "select.h"
#include "step.h"
#include "topology.h"

namespace {

/** A forward and backward pass that leaves activations and slopes of all chunks; returns how many chunks. */
u32 keepBatch(Network& net, const Source& source, const u32* order, u32 rows) {
  const u32 chunks = (rows + LANES - 1) / LANES;
  ensureChunks(net, chunks);
  ensureGradients(net);
  runBatch(net, source, order, rows, nullptr, true);
  return chunks;
}

/** Calls visit(first input, how many, their gradients [·][M']) for all inputs of a layer, in order. */
template <class Visit> void eachPanel(Network& net, u32 l, u32 chunks, Visit visit) {
  const Layer& layer = net.layers[l];
  const u32 ld = roundUp(layer.M, GROUP);
  for (u32 c = 0; c < chunks; c++) transposeRows(slope(net, l, c), layer.M, net.transposed.data + (size_t)c * ld * LANES);
  for (u32 i = 0; i < layer.N; i += TR) {
    const u32 count = smaller(TR, layer.N - i);
    for (u32 c = 0; c < chunks; c++) {
      outerProduct(activation(net, l, c) + (size_t)i * LANES, count, net.transposed.data + (size_t)c * ld * LANES,
                   layer.M, net.panel.data, ld, c > 0);
    }
    visit(i, count, net.panel.data);
  }
}

/** out [N][M] */
void denseGradients(Network* net, const Source* source, const u32* order, u32 rows, u32 l, float* out) {
  const u32 chunks = keepBatch(*net, *source, order, rows);
  const u32 M = net->layers[l].M, ld = roundUp(M, GROUP);
  eachPanel(*net, l, chunks, [&](u32 i, u32 count, const float* panel) {
    for (u32 r = 0; r < count; r++)
      __builtin_memcpy(out + (size_t)(i + r) * M, panel + (size_t)r * ld, M * sizeof(float));
  });
}

/** The smallest key among connections that stay. */
u64 lastKept(const Connections& old, u32 M, u32 keep) {
  const u32 E = old.rowPointers[M];
  Array<u64> keys;
  keys.reset(E);
  for (u32 j = 0; j < M; j++)
    for (u32 e = old.rowPointers[j]; e < old.rowPointers[j + 1]; e++)
      keys[e] = keyOf(old.weights[e], old.columns[e] * M + j);
  selectLargest(keys.data, E, keep);
  const u64 last = keep == 0 ? ~(u64)0 : keys[keep - 1];
  keys.release();
  return last;
}

/** What stays of a layer's connections, in canonical order, and by input. */
struct Kept {
  Array<u32> entries;            // [E − drop] positions among the old ones
  Array<u32> rowPointers;        // [M + 1]
  Array<u32> byInput, pointers;  // [E − drop] their neurons, by input; [N + 2]

  Kept(const Connections& old, u32 N, u32 M, u64 last) {
    const u32 E = old.rowPointers[M];
    entries.reset(E), rowPointers.reset(M + 1), byInput.reset(E), pointers.reset(N + 2);
    u32 n = 0;
    for (u32 j = 0; j < M; j++) {
      for (u32 e = old.rowPointers[j]; e < old.rowPointers[j + 1]; e++) {
        if (keyOf(old.weights[e], old.columns[e] * M + j) < last) continue;
        entries[n++] = e;
        pointers[old.columns[e] + 2]++;
      }
      rowPointers[j + 1] = n;
    }
    for (u32 i = 0; i < N; i++) pointers[i + 2] += pointers[i + 1];
    for (u32 j = 0; j < M; j++)
      for (u32 k = rowPointers[j]; k < rowPointers[j + 1]; k++) byInput[pointers[old.columns[entries[k]] + 1]++] = j;
  }
  void release() { entries.release(), rowPointers.release(), byInput.release(), pointers.release(); }
};

/** Where connections grow: rows of ascending columns [M + 1], [drop]. */
struct Grown {
  Array<u32> rowPointers, columns;

  Grown(const u64* keys, u32 count, u32 N, u32 M) {
    Array<u32> place, flats;
    place.reset(N + 1), flats.reset(count), rowPointers.reset(M + 2), columns.reset(count);
    for (u32 i = 0; i < count; i++) place[flatOf(keys[i]) / M + 1]++, rowPointers[flatOf(keys[i]) % M + 2]++;
    for (u32 i = 0; i < N; i++) place[i + 1] += place[i];
    for (u32 i = 0; i < count; i++) flats[place[flatOf(keys[i]) / M]++] = flatOf(keys[i]);
    for (u32 j = 0; j < M; j++) rowPointers[j + 2] += rowPointers[j + 1];
    for (u32 i = 0; i < count; i++) columns[rowPointers[flats[i] % M + 1]++] = flats[i] / M;
    place.release(), flats.release();
  }
  void release() { rowPointers.release(), columns.release(); }
};

/** Kept and grown connections together, both by rows; counts[0] those that returned, counts[1] new ones. */
void merge(const Connections& old, const Kept& kept, const Grown& grown, u32 M, bool isAdam, bool reset,
           Connections& next, u32* counts) {
  next.reset(M, old.rowPointers[M], isAdam);
  u32 n = 0;
  const auto bring = [&](u32 e) {
    next.weights[n] = old.weights[e];
    next.mean[n] = old.mean[e];
    if (isAdam) next.square[n] = old.square[e];
  };
  for (u32 j = 0; j < M; j++) {
    u32 k = kept.rowPointers[j], g = grown.rowPointers[j];
    const u32 keptEnd = kept.rowPointers[j + 1], grownEnd = grown.rowPointers[j + 1];
    while (k < keptEnd || g < grownEnd) {
      if (g == grownEnd || (k < keptEnd && old.columns[kept.entries[k]] < grown.columns[g])) {
        next.columns[n] = old.columns[kept.entries[k]];
        bring(kept.entries[k++]);
      } else {
        const u32 e = findColumn(old, j, next.columns[n] = grown.columns[g++]);
        const bool returned = e < old.rowPointers[j + 1];
        counts[returned ? 0 : 1]++;
        if (returned && !reset) bring(e);
      }
      n++;
    }
    next.rowPointers[j + 1] = n;
  }
}

/** The `count` positions with the largest gradient that are not kept; false if a gradient is not finite. */
bool findLargest(Network& net, u32 l, u32 chunks, const Kept& kept, Largest& largest) {
  const u32 M = net.layers[l].M, ld = roundUp(M, GROUP);
  bool finite = true;
  eachPanel(net, l, chunks, [&](u32 first, u32 count, float* panel) {
    finite = finite && areFinite(panel, (size_t)count * ld);
    for (u32 r = 0; r < count; r++) {
      float* row = panel + (size_t)r * ld;
      for (u32 k = kept.pointers[first + r]; k < kept.pointers[first + r + 1]; k++)
        row[kept.byInput[k]] = __builtin_nanf(""); // no candidate
      largest.offerRow(row, M, (first + r) * M);
    }
  });
  largest.narrow();
  return finite;
}

/** Moves `drop` connections of a layer; false, and nothing moved, if gradient or weights are not finite. */
bool moveLayer(Network& net, u32 l, u32 chunks, u32 drop, bool reset, u32* counts) {
  const Layer& layer = net.layers[l];
  counts[0] = counts[1] = 0;
  Connections old, next;
  copyOut(net, l, old);
  bool finite = areFinite(old.weights.data, layer.E);
  if (finite && drop > 0) {
    Kept kept(old, layer.N, layer.M, lastKept(old, layer.M, layer.E - drop));
    Largest largest(drop);
    finite = findLargest(net, l, chunks, kept, largest);
    if (finite) {
      Grown grown(largest.keys.data, drop, layer.N, layer.M);
      merge(old, kept, grown, layer.M, net.optimizer.isAdam, reset, next, counts);
      install(net, l, next);
      grown.release();
    }
    kept.release();
    largest.keys.release();
  }
  old.release();
  next.release();
  return finite;
}

u32 move(Network* net, const Source* source, const u32* order, u32 rows, const u32* layers, const u32* drops, u32 count,
         u32 reset, u32* counts) {
  const u32 chunks = keepBatch(*net, *source, order, rows);
  for (u32 i = 0; i < count; i++)
    if (!moveLayer(*net, layers[i], chunks, drops[i], reset != 0, counts + 2 * i)) return layers[i] + 1;
  return 0;
}

} // namespace
