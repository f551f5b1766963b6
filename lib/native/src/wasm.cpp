// What the WebAssembly build adds to the kernel: memory that only grows (a network has an instance of its own, which
// goes as a whole), and the kernel's calls as exports. Arrays are pointers into the memory.
#include "types.h"

extern "C" const Kernel psn_kernel_wasm;
extern "C" u8 __heap_base;

static u64 top = 0; // 2^32 when memory is full
constexpr size_t ALIGNED = 512; // a row of activations; a block's size stands in as many bytes before it

static u32 lastSize(const u8* memory) { return reinterpret_cast<const u32*>(memory - 64)[0]; }

/** Freed arrays, to be taken again by arrays that fit: topology changes ask for the same sizes over and over. */
static u8* freed = nullptr;
static u8*& nextOf(u8* memory) { return *reinterpret_cast<u8**>(memory - 32); }

/** What is in it is old. Traps where memory ends. */
static u8* take(u64 bytes) {
  bytes = (bytes + ALIGNED - 1) / ALIGNED * ALIGNED;
  for (u8** link = &freed; *link; link = &nextOf(*link)) {
    u8* memory = *link;
    if (lastSize(memory) < bytes || lastSize(memory) / 2 > bytes) continue;
    *link = nextOf(memory);
    return memory;
  }
  if (top == 0) top = (reinterpret_cast<size_t>(&__heap_base) + ALIGNED - 1) / ALIGNED * ALIGNED;
  const u64 end = top + ALIGNED + bytes, have = __builtin_wasm_memory_size(0) * 65536ull;
  if (end > 1ull << 32) __builtin_trap();
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 65535) / 65536) == (size_t)-1) __builtin_trap();
  u8* memory = reinterpret_cast<u8*>((size_t)top + ALIGNED);
  top = end;
  reinterpret_cast<u32*>(memory - 64)[0] = (u32)bytes;
  return memory;
}

extern "C" void* psn_allocate(u64 bytes) {
  u8* memory = take(bytes);
  return __builtin_memset(memory, 0, lastSize(memory));
}

extern "C" void psn_release(void* memory) {
  if (!memory) return;
  nextOf(static_cast<u8*>(memory)) = freed;
  freed = static_cast<u8*>(memory);
}

#define EXPORT(name) extern "C" __attribute__((export_name(#name)))
static const Kernel& kernel = psn_kernel_wasm;

EXPORT(allocate) void* allocate(u32 bytes) { return take(bytes); } // the host fills it
EXPORT(release) void release(void* memory) { psn_release(memory); }

EXPORT(create) Network* create(const u32* sizes, u32 count, u32 layerNorm, const double* o) {
  const OptimizerSpec spec = {o[0] != 0, o[1] != 0, o[2], o[3], o[4], o[5], o[6]};
  return kernel.create(sizes, count, layerNorm, &spec);
}
EXPORT(set)
void set(Network* net, u32 layer, const u32* rowPointers, const u32* columns, const float* weights, const float* bias,
         const float* gain, const float* offset) {
  const Parameters p = {rowPointers, columns, weights, bias, gain, offset};
  kernel.set(net, layer, &p);
}
EXPORT(replace)
void replace(Network* net, u32 layer, const u32* rowPointers, const u32* columns, const float* weights,
             const u32* fresh, u32 freshCount) {
  kernel.replace(net, layer, rowPointers, columns, weights, fresh, freshCount);
}
EXPORT(connections) u32 connections(const Network* net, u32 layer) { return kernel.connections(net, layer); }
EXPORT(read)
void read(const Network* net, u32 layer, u32* rowPointers, u32* columns, float* weights, float* bias, float* gain,
          float* offset) {
  kernel.read(net, layer, rowPointers, columns, weights, bias, gain, offset);
}
EXPORT(readGradients)
void readGradients(const Network* net, u32 layer, float* weights, float* bias, float* gain, float* offset) {
  kernel.readGradients(net, layer, weights, bias, gain, offset);
}
EXPORT(steps)
void steps(Network* net, const void* features, u32 isFloat, const u8* labels, double scale, const u32* order, u32 rows,
           u32 batch, const double* rates, double* losses) {
  const Source source = {features, isFloat, scale, labels};
  kernel.steps(net, &source, order, rows, batch, rates, losses);
}
EXPORT(evaluate)
void evaluate(Network* net, const void* features, u32 isFloat, const u8* labels, double scale, u32 first, u32 rows,
              double* sums) {
  const Source source = {features, isFloat, scale, labels};
  kernel.evaluate(net, &source, first, rows, sums);
}
EXPORT(gradients)
double gradients(Network* net, const void* features, u32 isFloat, const u8* labels, double scale, const u32* order,
                 u32 rows) {
  const Source source = {features, isFloat, scale, labels};
  return kernel.gradients(net, &source, order, rows);
}
EXPORT(denseGradients)
void denseGradients(Network* net, const void* features, u32 isFloat, const u8* labels, double scale, const u32* order,
                    u32 rows, u32 layer, float* out) {
  const Source source = {features, isFloat, scale, labels};
  kernel.denseGradients(net, &source, order, rows, layer, out);
}
EXPORT(move)
u32 move(Network* net, const void* features, u32 isFloat, const u8* labels, double scale, const u32* order, u32 rows,
         const u32* layers, const u32* drops, u32 count, u32 reset, u32* counts) {
  const Source source = {features, isFloat, scale, labels};
  return kernel.move(net, &source, order, rows, layers, drops, count, reset, counts);
}
EXPORT(bytes) double bytes(const Network* net) { return kernel.bytes(net); }

// The compiler turns loops into calls of these.
extern "C" void* memset(void* to, int value, size_t n) {
  u8* p = static_cast<u8*>(to);
  for (size_t i = 0; i < n; i++) p[i] = (u8)value;
  return to;
}
extern "C" void* memcpy(void* to, const void* from, size_t n) {
  for (size_t i = 0; i < n; i++) static_cast<u8*>(to)[i] = static_cast<const u8*>(from)[i];
  return to;
}
