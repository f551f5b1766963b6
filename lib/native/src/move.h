#pragma once
// The dense gradient, and RigL's update with it (Evci et al., arXiv 1911.11134): the smallest weights drop, and as many
// connections grow where the gradient is largest among all positions that are not kept. The dense gradient streams by
// in small tiles; no memory follows N × M.
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

constexpr u32 STRIPE = TQ * W; // neurons whose dense gradient is computed together

/**
 * Calls visit(input i, neuron j, how many inputs and neurons, gradients [·][STRIPE]) for all tiles of a layer's dense
 * gradient: of a stripe of neurons, whose slopes stay in the first-level cache, all inputs in order; then the next.
 */
template <class Visit> void eachTile(Network& net, u32 l, u32 chunks, Visit visit) {
  const Layer& layer = net.layers[l];
  for (u32 j = 0; j < layer.M; j += STRIPE) {
    const u32 width = smaller(STRIPE, layer.M - j), vectors = (width + W - 1) / W;
    float* stripes = net.transposed.data; // [chunks][B][STRIPE]
    for (u32 c = 0; c < chunks; c++)
      transposeRows(slope(net, l, c) + (size_t)j * LANES, width, LANES, stripes + c * STRIPE * LANES, STRIPE);
    for (u32 i = 0; i < layer.N; i += TR) {
      const u32 count = smaller(TR, layer.N - i);
      for (u32 c = 0; c < chunks; c++) {
        tileFor(count, vectors)(activation(net, l, c) + (size_t)i * LANES, LANES, 1, stripes + c * STRIPE * LANES,
                                STRIPE, LANES, net.panel.data, STRIPE, c > 0);
      }
      visit(i, j, count, width, net.panel.data);
    }
  }
}

/** out [N][M] */
void denseGradients(Network* net, const Source* source, const u32* order, u32 rows, u32 l, float* out) {
  const u32 chunks = keepBatch(*net, *source, order, rows);
  const u32 M = net->layers[l].M;
  eachTile(*net, l, chunks, [&](u32 i, u32 j, u32 count, u32 width, const float* tile) {
    for (u32 r = 0; r < count; r++)
      copyValues(out + (size_t)(i + r) * M + j, tile + r * STRIPE, width);
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
  Array<u32> byInput;            // [E − drop] their neurons, by input, ascending
  Array<u32> pointers, ends;     // [N] where those of an input begin and end

  Kept(const Connections& old, u32 N, u32 M, u64 last) {
    const u32 E = old.rowPointers[M];
    entries.reset(E), rowPointers.reset(M + 1), byInput.reset(E), pointers.reset(N + 1), ends.reset(N);
    u32 n = 0;
    for (u32 j = 0; j < M; j++) {
      for (u32 e = old.rowPointers[j]; e < old.rowPointers[j + 1]; e++) {
        const u32 stays = keyOf(old.weights[e], old.columns[e] * M + j) >= last;
        entries[n] = e;
        n += stays;
        pointers[old.columns[e] + 1] += stays;
      }
      rowPointers[j + 1] = n;
    }
    for (u32 i = 0; i < N; i++) {
      ends[i] = pointers[i];
      pointers[i + 1] += pointers[i];
    }
    for (u32 j = 0; j < M; j++)
      for (u32 k = rowPointers[j]; k < rowPointers[j + 1]; k++) byInput[ends[old.columns[entries[k]]]++] = j;
  }
  void release() {
    entries.release(), rowPointers.release(), byInput.release(), pointers.release(), ends.release();
  }
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

/** A set of columns that gives them back in ascending order. */
struct Columns {
  Array<u64> words;

  explicit Columns(u32 N) { words.reset(N / 64 + 1); }
  void add(u32 column) { words[column / 64] |= (u64)1 << column % 64; }
  /** Calls visit(column) for all, and is empty again. */
  template <class Visit> void take(u32 N, Visit visit) {
    for (u32 w = 0; w <= N / 64; w++) {
      for (u64 word = words[w]; word != 0; word &= word - 1) visit(w * 64 + (u32)__builtin_ctzll(word));
      words[w] = 0;
    }
  }
};

/**
 * Kept and grown connections together; counts[0] those that were dropped and returned, counts[1] new ones. `source`
 * [N] has, for the row at hand, the old connection that a column takes its values from; the padding behind them is 0.
 */
void merge(const Connections& old, const Kept& kept, const Grown& grown, u32 N, u32 M, bool isAdam, bool reset,
           Connections& next, u32* counts) {
  const u32 nothing = old.rowPointers[M];
  next.reset(M, old.rowPointers[M], isAdam);
  Columns row(N);
  Array<u32> source;
  source.reset(N);
  u32 n = 0;
  for (u32 j = 0; j < M; j++) {
    const u32 from = old.rowPointers[j], length = old.rowPointers[j + 1] - from;
    for (u32 e = from; e < from + length; e++) source[old.columns[e]] = e;
    for (u32 k = kept.rowPointers[j]; k < kept.rowPointers[j + 1]; k++) row.add(old.columns[kept.entries[k]]);
    for (u32 g = grown.rowPointers[j]; g < grown.rowPointers[j + 1]; g++) {
      const u32 column = grown.columns[g], e = source[column];
      const bool returned = (e - from < length) & (old.columns[e] == column); // else it is of an earlier row
      counts[0] += returned;
      source[column] = returned && !reset ? e : nothing;
      row.add(column);
    }
    row.take(N, [&](u32 column) {
      const u32 e = source[column];
      next.columns[n] = column;
      next.weights[n] = old.weights[e];
      next.mean[n] = old.mean[e];
      if (isAdam) next.square[n] = old.square[e];
      n++;
    });
    next.rowPointers[j + 1] = n;
  }
  counts[1] = grown.rowPointers[M] - counts[0];
  row.words.release();
  source.release();
}

/** The positions with the largest gradient that are not kept; false if a gradient is not finite. */
bool findLargest(Network& net, u32 l, u32 chunks, Kept& kept, Largest& largest) {
  const u32 M = net.layers[l].M;
  V sums[TQ] = {}; // of zeros, while all is finite
  eachTile(net, l, chunks, [&](u32 first, u32 j, u32 count, u32 width, const float* tile) {
    for (u32 r = 0; r < count; r++) {
      const float* row = tile + r * STRIPE;
      for (u32 q = 0; q * W < width; q++) sums[q] = madd(load(row + q * W), splat(0), sums[q]);
      u64 excluded = 0;
      u32 next = kept.pointers[first + r]; // stripes come in order, and so do an input's neurons
      for (const u32 end = kept.ends[first + r]; next < end && kept.byInput[next] < j + width; next++)
        excluded |= (u64)1 << (kept.byInput[next] - j);
      kept.pointers[first + r] = next;
      largest.offerRow(row, width, (first + r) * M + j, excluded);
    }
  });
  largest.narrow();
  for (u32 q = 0; q < TQ; q++)
    for (u32 i = 0; i < W; i++)
      if (sums[q][i] != 0) return false;
  return true;
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
      merge(old, kept, grown, layer.N, layer.M, net.optimizer.isAdam, reset, next, counts);
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
