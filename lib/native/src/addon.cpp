// The kernel as a Node-API addon. Every function takes a network from create() first; arguments and their meaning are
// those of Kernel in types.h, with (features, labels, scale) for a Source.
#include "arguments.h"
#include "host.h"

static napi_value undefined(napi_env env) {
  napi_value value;
  napi_get_undefined(env, &value);
  return value;
}
static napi_value numberOf(napi_env env, double x) {
  napi_value value;
  napi_create_double(env, x, &value);
  return value;
}

/** Tells V8 how much a network has grown or shrunk, so that forgotten ones are collected when memory runs short. */
static void tellBytes(napi_env env, Handle* handle) {
  const int64_t now = handle->network ? (int64_t)handle->kernel->bytes(handle->network) : 0;
  int64_t all;
  if (now != handle->told) napi_adjust_external_memory(env, now - handle->told, &all);
  handle->told = now;
}

static void dispose(napi_env env, Handle* handle) {
  if (handle->network) handle->kernel->destroy(handle->network);
  handle->network = nullptr;
  tellBytes(env, handle);
}

/** kernels() → names, the fastest first */
static napi_value kernels(napi_env env, napi_callback_info) {
  const Kernel* found[KERNELS];
  const u32 n = availableKernels(found);
  napi_value names, name;
  napi_create_array_with_length(env, n, &names);
  for (u32 i = 0; i < n; i++) {
    napi_create_string_utf8(env, found[i]->name, NAPI_AUTO_LENGTH, &name);
    napi_set_element(env, names, i, name);
  }
  return names;
}

/** create(kernel index, sizes, layerNorm 0/1, optimizer [7] in the order of OptimizerSpec) */
static napi_value create(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 4);
  const Kernel* found[KERNELS];
  const u32 n = availableKernels(found), index = in.integer();
  u32 count = 0;
  u32* sizes = in.array<u32>(count);
  const u32 layerNorm = in.integer();
  const double* o = in.array<double>((u64)7);
  if (index >= n) in.fail("kernel: number %u does not exist; there are %u", index, n);
  if (count < 2) in.fail("kernel: %u sizes; two or more are needed", count);
  for (u32 l = 0; !in.failed && l < count; l++) {
    if (sizes[l] < 1 || sizes[l] >= 1u << 24) in.fail("kernel: size %u is not in 1 ... 2^24 - 1", sizes[l]);
    else if (l > 0 && (u64)sizes[l] * sizes[l - 1] >= 1ull << 32) in.fail("kernel: %u x %u is 2^32 or more", sizes[l - 1], sizes[l]);
  }
  if (in.failed) return nullptr;
  const OptimizerSpec spec = {o[0] != 0, o[1] != 0, o[2], o[3], o[4], o[5], o[6]};
  Network* network = found[index]->create(sizes, count, layerNorm, &spec);
  Handle* handle = new Handle{found[index], network, count - 1, new u32[count], nullptr, new bool[count](), count - 1, 0};
  memcpy(handle->sizes, sizes, count * sizeof(u32));
  napi_value value;
  napi_create_external(env, handle, [](napi_env env, void* data, void*) {
    Handle* handle = static_cast<Handle*>(data);
    dispose(env, handle);
    delete[] handle->sizes;
    delete[] handle->isSet;
    delete handle;
  }, nullptr, &value);
  tellBytes(env, handle);
  return value;
}

static napi_value destroy(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 1);
  Handle* handle = in.handle();
  if (!in.failed) dispose(env, handle);
  return in.failed ? nullptr : undefined(env);
}

/** Rows of ascending columns of a layer, or nulls for a dense one. */
struct TopologyArguments {
  u32 *rowPointers = nullptr, *columns = nullptr, count = 0;

  void take(Arguments& in, const Handle* handle, u32 layer) {
    const u32 N = in.failed ? 0 : handle->sizes[layer], M = in.failed ? 0 : handle->sizes[layer + 1];
    rowPointers = in.arrayOrNull<u32>((u64)M + 1);
    if (!rowPointers) return in.skip();
    columns = in.array<u32>(count);
    if (in.failed) return;
    if (rowPointers[0] != 0 || rowPointers[M] != count) return in.fail("kernel: row pointers do not span %u columns", count);
    for (u32 j = 0; j < M; j++)
      if (rowPointers[j] > rowPointers[j + 1]) return in.fail("kernel: row pointers fall at %u", j);
    for (u32 j = 0; j < M; j++)
      for (u32 e = rowPointers[j]; e < rowPointers[j + 1]; e++)
        if (columns[e] >= N || (e > rowPointers[j] && columns[e - 1] >= columns[e]))
          return in.fail("kernel: row %u: column %u is out of order or not below %u", j, columns[e], N);
  }
};

/** set(network, layer, rowPointers | null, columns | null, weights, bias, gain | null, offset | null), once a layer */
static napi_value set(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 8);
  Handle* handle = in.handle();
  const u32 layer = in.layer(handle);
  if (!in.failed && handle->isSet[layer]) in.fail("kernel: layer %u is set already", layer);
  TopologyArguments topology;
  topology.take(in, handle, layer);
  if (in.failed) return nullptr;
  const u64 N = handle->sizes[layer], M = handle->sizes[layer + 1];
  Parameters p = {topology.rowPointers, topology.columns, nullptr, nullptr, nullptr, nullptr};
  p.weights = in.array<float>(topology.rowPointers ? topology.count : N * M);
  p.bias = in.array<float>(M);
  p.gain = in.arrayOrNull<float>(M);
  p.offset = in.arrayOrNull<float>(M);
  if (in.failed) return nullptr;
  handle->kernel->set(handle->network, layer, &p);
  handle->isSet[layer] = true;
  handle->unset--;
  tellBytes(env, handle);
  return undefined(env);
}

/** replace(network, layer, rowPointers, columns, weights, fresh): of a layer that was set with a topology */
static napi_value replace(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 6);
  Handle* handle = in.handle();
  const u32 layer = in.layer(handle);
  TopologyArguments topology;
  topology.take(in, handle, layer);
  const float* weights = in.array<float>((u64)topology.count);
  u32 freshCount = 0;
  const u32* fresh = in.array<u32>(freshCount);
  if (!in.failed && !topology.rowPointers) in.fail("kernel: replace needs a topology");
  if (!in.failed && !handle->kernel->isSparse(handle->network, layer)) in.fail("kernel: layer %u has no topology", layer);
  for (u32 i = 0; !in.failed && i < freshCount; i++)
    if (fresh[i] >= (u64)handle->sizes[layer] * handle->sizes[layer + 1]) in.fail("kernel: fresh index %u is outside", fresh[i]);
  if (in.failed) return nullptr;
  handle->kernel->replace(handle->network, layer, topology.rowPointers, topology.columns, weights, fresh, freshCount);
  tellBytes(env, handle);
  return undefined(env);
}

static napi_value connections(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 2);
  Handle* handle = in.handle();
  const u32 layer = in.layer(handle);
  return in.failed ? nullptr : numberOf(env, handle->kernel->connections(handle->network, layer));
}

/** read(network, layer, rowPointers, columns, weights, bias, gain, offset): all that are not null are filled */
static napi_value read(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 8);
  Handle* handle = in.wholeHandle();
  const u32 layer = in.layer(handle);
  if (in.failed) return nullptr;
  const u64 M = handle->sizes[layer + 1], E = handle->kernel->connections(handle->network, layer);
  u32* rowPointers = in.arrayOrNull<u32>(M + 1);
  u32* columns = in.arrayOrNull<u32>(E);
  float* weights = in.arrayOrNull<float>(E);
  float* bias = in.arrayOrNull<float>(M);
  float* gain = in.arrayOrNull<float>(M);
  float* offset = in.arrayOrNull<float>(M);
  if (in.failed) return nullptr;
  handle->kernel->read(handle->network, layer, rowPointers, columns, weights, bias, gain, offset);
  return undefined(env);
}

/** readGradients(network, layer, weights, bias, gain, offset): those not null are filled with what gradients() left */
static napi_value readGradients(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 6);
  Handle* handle = in.wholeHandle();
  const u32 layer = in.layer(handle);
  if (in.failed) return nullptr;
  const u64 M = handle->sizes[layer + 1];
  float* weights = in.arrayOrNull<float>((u64)handle->kernel->connections(handle->network, layer));
  float* bias = in.arrayOrNull<float>(M);
  float* gain = in.arrayOrNull<float>(M);
  float* offset = in.arrayOrNull<float>(M);
  if (in.failed) return nullptr;
  handle->kernel->readGradients(handle->network, layer, weights, bias, gain, offset);
  return undefined(env);
}

/** steps(network, features, labels, scale, order, batch, rates, losses): one rate and one loss for each batch */
static napi_value steps(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 8);
  Handle* handle = in.wholeHandle();
  u32 available = 0, rows = 0;
  const Source source = in.source(handle, available);
  const u32* order = in.order(handle, source, available, rows);
  const u32 batch = in.integer();
  if (batch == 0) in.fail("kernel: a batch of 0 rows");
  const u64 count = in.failed ? 0 : ((u64)rows + batch - 1) / batch;
  const double* rates = in.array<double>(count);
  double* losses = in.array<double>(count);
  if (in.failed) return nullptr;
  if (available > batch && handle->trainedOn != source.features) { // a whole data set, not one batch
    handle->trainedOn = source.features;
    askForLargePages(source.features, (size_t)available * handle->sizes[0] * (source.isFloat ? 4 : 1));
  }
  FlushToZero flush(handle->kernel->fused);
  handle->kernel->steps(handle->network, &source, order, rows, batch, rates, losses);
  tellBytes(env, handle);
  return undefined(env);
}

/** evaluate(network, features, labels, scale, first row, rows, sums [2]): adds up losses and hits */
static napi_value evaluate(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 7);
  Handle* handle = in.wholeHandle();
  u32 available = 0;
  const Source source = in.source(handle, available);
  const u32 first = in.integer(), rows = in.integer();
  double* sums = in.array<double>((u64)2);
  if ((u64)first + rows > available) in.fail("kernel: rows %u + %u, but there are %u", first, rows, available);
  for (u32 r = first; !in.failed && r < first + rows; r++) in.checkLabel(handle, source.labels[r]);
  if (in.failed) return nullptr;
  FlushToZero flush(handle->kernel->fused);
  handle->kernel->evaluate(handle->network, &source, first, rows, sums);
  return undefined(env);
}

/** gradients(network, features, labels, scale, order) → mean loss */
static napi_value gradients(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 5);
  Handle* handle = in.wholeHandle();
  u32 available = 0, rows = 0;
  const Source source = in.source(handle, available);
  const u32* order = in.order(handle, source, available, rows);
  if (in.failed) return nullptr;
  FlushToZero flush(handle->kernel->fused);
  const double loss = handle->kernel->gradients(handle->network, &source, order, rows);
  tellBytes(env, handle);
  return numberOf(env, loss);
}

/** denseGradients(network, features, labels, scale, order, layer, out [N][M]) */
static napi_value denseGradients(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 7);
  Handle* handle = in.wholeHandle();
  u32 available = 0, rows = 0;
  const Source source = in.source(handle, available);
  const u32* order = in.order(handle, source, available, rows);
  const u32 layer = in.layer(handle);
  float* out = in.failed ? nullptr : in.array<float>((u64)handle->sizes[layer] * handle->sizes[layer + 1]);
  if (in.failed) return nullptr;
  FlushToZero flush(handle->kernel->fused);
  handle->kernel->denseGradients(handle->network, &source, order, rows, layer, out);
  tellBytes(env, handle);
  return undefined(env);
}

/** move(network, features, labels, scale, order, layers, drops, reset 0/1, counts [layers][2]) → as Kernel::move */
static napi_value move(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 9);
  Handle* handle = in.wholeHandle();
  u32 available = 0, rows = 0, count = 0;
  const Source source = in.source(handle, available);
  const u32* order = in.order(handle, source, available, rows);
  const u32* layers = in.array<u32>(count);
  const u32* drops = in.array<u32>((u64)count);
  const u32 reset = in.integer();
  u32* counts = in.array<u32>((u64)count * 2);
  for (u32 i = 0; !in.failed && i < count; i++) {
    if (layers[i] >= handle->L) in.fail("kernel: layer %u does not exist; there are %u", layers[i], handle->L);
    else if (!handle->kernel->isSparse(handle->network, layers[i])) in.fail("kernel: layer %u is dense", layers[i]);
    else if (drops[i] > handle->kernel->connections(handle->network, layers[i])) in.fail("kernel: %u to drop are too many", drops[i]);
  }
  if (in.failed) return nullptr;
  FlushToZero flush(handle->kernel->fused);
  const u32 outcome = handle->kernel->move(handle->network, &source, order, rows, layers, drops, count, reset, counts);
  tellBytes(env, handle);
  return numberOf(env, outcome);
}

/** bytes(network) → memory in use */
static napi_value bytes(napi_env env, napi_callback_info info) {
  Arguments in(env, info, 1);
  Handle* handle = in.handle();
  return in.failed ? nullptr : numberOf(env, handle->kernel->bytes(handle->network));
}

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback call;
  } all[] = {{"kernels", kernels}, {"create", create}, {"destroy", destroy}, {"set", set}, {"replace", replace},
             {"connections", connections}, {"read", read}, {"readGradients", readGradients}, {"steps", steps},
             {"evaluate", evaluate}, {"gradients", gradients}, {"denseGradients", denseGradients}, {"move", move},
             {"bytes", bytes}};
  for (const auto& each : all) {
    napi_value function;
    napi_create_function(env, each.name, NAPI_AUTO_LENGTH, each.call, nullptr, &function);
    napi_set_named_property(env, exports, each.name, function);
  }
  return exports;
}
