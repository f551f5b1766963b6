#pragma once
// Letters used in every file of the kernel:
//   B  LANES, the examples of a chunk; a batch is one or more chunks, the last one possibly partly filled
//   N  inputs of a layer        M  neurons of a layer        E  connections of a sparse layer
//   C  classes                  W  floats in a vector        L  layers
// Activations are feature-major: [features][B]. Dense matrices are [N][M'], M' = M rounded up to 16.
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;

constexpr u32 LANES = 128;
constexpr u32 GROUP = 16; // weights that are updated together; sums over a chunk are 16 running sums, then a tree

/** Adam or SGD by the formulas of torch.optim; numbers as JavaScript has them. */
struct OptimizerSpec {
  u32 isAdam, nesterov;
  double beta1, beta2, epsilon, momentum, weightDecay;
};

/** Examples: row r is features[r × N … (r + 1) × N), bytes or floats, each times scale. */
struct Source {
  const void* features;
  u32 isFloat;
  double scale;
  const u8* labels;
};

/** The parameters of a layer as they come and go: rows of ascending columns, or, dense, rowPointers null. */
struct Parameters {
  const u32* rowPointers; // [M + 1]
  const u32* columns;     // [E]
  const float* weights;   // [E] in the order of columns, or dense [N][M]
  const float* bias;      // [M]
  const float* gain;      // [M], null without LayerNorm
  const float* offset;    // [M]
};

struct Network;

/**
 * One build of the kernel. No call checks its arguments: the addon does, and WebAssembly's host, which cannot be harmed,
 * relies on its callers. Pointers may be null where a layer has no such values.
 */
struct Kernel {
  const char* name;
  u32 fused; // uses fused multiply-add; without it, results are the same on every machine
  Network* (*create)(const u32* sizes, u32 count, u32 layerNorm, const OptimizerSpec*);
  void (*destroy)(Network*);
  void (*set)(Network*, u32 layer, const Parameters*);
  void (*replace)(Network*, u32 layer, const u32* rowPointers, const u32* columns, const float* weights,
                  const u32* fresh, u32 freshCount);
  u32 (*connections)(const Network*, u32 layer); // E; N × M for a dense layer
  u32 (*isSparse)(const Network*, u32 layer);
  void (*read)(const Network*, u32 layer, u32* rowPointers, u32* columns, float* weights, float* bias, float* gain,
               float* offset);
  void (*steps)(Network*, const Source*, const u32* order, u32 rows, u32 batch, const double* rates, double* losses);
  void (*evaluate)(Network*, const Source*, u32 first, u32 rows, double* sumAndHits);
  double (*gradients)(Network*, const Source*, const u32* order, u32 rows);
  void (*readGradients)(const Network*, u32 layer, float* weights, float* bias, float* gain, float* offset);
  void (*denseGradients)(Network*, const Source*, const u32* order, u32 rows, u32 layer, float* out);
  /** counts [layers][2]: regrown and new; returns 0, or 1 + the layer whose gradient or weights are not finite. */
  u32 (*move)(Network*, const Source*, const u32* order, u32 rows, const u32* layers, const u32* drops, u32 count,
              u32 reset, u32* counts);
  double (*bytes)(const Network*);
};

extern "C" {
/** 64-byte aligned and zeroed; never null. The hosts provide both. 64 bits: a size must not wrap before it is refused. */
void* psn_allocate(u64 bytes);
void psn_release(void* memory);
}
