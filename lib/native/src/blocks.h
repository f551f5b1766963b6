#pragma once
// A sparse matrix cut into blocks of columns, whose operand rows [B] stay in the first-level cache. Within a block,
// each row's entries are a segment, and segments are ordered by length, so that loop exits are predictable.
#include "memory.h"

namespace {

constexpr u32 FIRST = 1u << 31, LAST = 1u << 30, ROW = LAST - 1;

/** R rows; every row has a segment, if need be an empty one. Entries of a row stay in ascending order of columns. */
struct Blocks {
  u32 segments = 0;
  Array<u32> row;       // [segments] row of a segment, with FIRST and LAST where it is the row's first and last one
  Array<u32> start;     // [segments + 1] its first entry
  Array<u32> operand;   // [E] column × B: where the operand's row begins
  Array<u32> canonical; // [E] the entry's position in row-major order

  void release() {
    row.release();
    start.release();
    operand.release();
    canonical.release();
  }
  size_t bytes() const { return row.bytes() + start.bytes() + operand.bytes() + canonical.bytes(); }
};

/** Columns in a block: so many that a segment has about eight entries, but 80 at least, which fill 40 KB. */
u32 blockSize(u32 rows, u32 columns, u32 entries) {
  const u64 wanted = entries == 0 ? columns : (u64)8 * rows * columns / entries;
  return wanted >= columns ? columns : wanted < 80 ? 80 : (u32)wanted;
}

/** One segment before ordering. */
struct Segment {
  u32 row, from, length, block;
};

/** Cuts rows into segments; returns how many. */
u32 cut(u32 R, const u32* rowPointers, const u32* columns, u32 size, Segment* out) {
  u32 n = 0;
  for (u32 r = 0; r < R; r++) {
    u32 begin = rowPointers[r], end = rowPointers[r + 1], first = n;
    if (begin == end) out[n++] = {r, begin, 0, 0};
    for (u32 e = begin; e < end;) {
      u32 block = columns[e] / size, limit = (block + 1) * size, from = e;
      while (e < end && columns[e] < limit) e++;
      out[n++] = {r, from, e - from, block};
    }
    out[first].row |= FIRST;
    out[n - 1].row |= LAST;
  }
  return n;
}

/**
 * Lays out a matrix [R][columns] given by rows of ascending columns. `order`, if given, says what to record as an
 * entry's canonical position.
 */
void layOut(Blocks& blocks, u32 R, u32 columnCount, const u32* rowPointers, const u32* columns, const u32* order) {
  const u32 E = rowPointers[R], size = blockSize(R, columnCount, E);
  const u32 blockCount = (columnCount + size - 1) / size, lengths = size + 1;
  Array<Segment> segments;
  segments.reset(R + (E < (u64)R * blockCount ? E : (u64)R * blockCount));
  Array<u32> next;
  next.reset((u64)blockCount * lengths + 1);
  const u32 n = blocks.segments = cut(R, rowPointers, columns, size, segments.data);
  for (u32 s = 0; s < n; s++) next[(size_t)segments[s].block * lengths + segments[s].length + 1]++;
  for (u32 k = 0; k < blockCount * lengths; k++) next[k + 1] += next[k];
  Array<u32> place;
  place.reset(n);
  for (u32 s = 0; s < n; s++) place[next[(size_t)segments[s].block * lengths + segments[s].length]++] = s;
  blocks.row.reset(n);
  blocks.start.reset(n + 1);
  blocks.operand.reset(E);
  blocks.canonical.reset(E);
  for (u32 s = 0, at = 0; s < n; s++) {
    const Segment& segment = segments[place[s]];
    blocks.row[s] = segment.row;
    for (u32 e = segment.from; e < segment.from + segment.length; e++, at++) {
      blocks.operand[at] = columns[e] * LANES;
      blocks.canonical[at] = order ? order[e] : e;
    }
    blocks.start[s + 1] = at;
  }
  segments.release();
  next.release();
  place.release();
}

} // namespace
