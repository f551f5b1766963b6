#pragma once
// What JavaScript hands over, checked: a wrong argument becomes a pending exception and `failed`, never a crash.
#include "types.h"
#include <node_api.h>
#include <stdio.h>

struct Handle {
  const Kernel* kernel;
  Network* network;
  u32 L;
  u32* sizes; // [L + 1]
  const void* trainedOn; // features of the last steps
  bool* isSet;           // [L]
  u32 unset;             // layers that are not
  int64_t told;          // bytes that V8 knows of
};

class Arguments {
public:
  bool failed = false;

  Arguments(napi_env e, napi_callback_info info, size_t expected) : env(e) {
    size_t count = MAX;
    if (napi_get_cb_info(env, info, &count, values, nullptr, nullptr) != napi_ok || count != expected)
      fail("kernel: %u arguments are needed", (u32)expected);
  }

  void fail(const char* format, u32 a = 0, u32 b = 0, u32 c = 0) {
    if (failed) return;
    failed = true;
    char text[200];
    snprintf(text, sizeof text, format, a, b, c);
    napi_throw_range_error(env, nullptr, text);
  }

  u32 integer() {
    double value = number();
    if (!(value >= 0 && value <= 4294967295.0 && value == (u32)value)) fail("kernel: argument %u is no uint32", next);
    return failed ? 0 : (u32)value;
  }
  double number() {
    double value = 0;
    if (!failed && napi_get_value_double(env, values[next], &value) != napi_ok) fail("kernel: argument %u is no number", next);
    next++;
    return value;
  }
  bool isNull() {
    napi_valuetype type = napi_undefined;
    if (!failed) napi_typeof(env, values[next], &type);
    return type == napi_null;
  }
  void skip() { next++; }

  /** A typed array's values; its length is checked against `length` unless that is ANY. */
  template <class T> T* array(u32& length) {
    T* data = static_cast<T*>(view(typeOf(static_cast<T*>(nullptr)), length));
    return data;
  }
  template <class T> T* array(u64 expected) {
    u32 length = 0;
    T* data = array<T>(length);
    if (!failed && length != expected)
      fail("kernel: argument %u has length %u; it must be %u", next - 1, length, (u32)expected);
    return failed ? nullptr : data;
  }
  template <class T> T* arrayOrNull(u64 expected) {
    if (failed || !isNull()) return array<T>(expected);
    skip();
    return nullptr;
  }
  Handle* handle() {
    void* data = nullptr;
    if (!failed && napi_get_value_external(env, values[next], &data) != napi_ok) fail("kernel: argument %u is no network", next);
    next++;
    Handle* found = static_cast<Handle*>(data);
    if (!failed && !found->network) fail("kernel: the network is disposed");
    return found;
  }
  /** A network that can compute and be read: every layer is set. */
  Handle* wholeHandle() {
    Handle* found = handle();
    if (!failed && found->unset > 0) fail("kernel: %u layers are not set yet", found->unset);
    return found;
  }
  u32 layer(const Handle* handle) {
    u32 index = integer();
    if (!failed && index >= handle->L) fail("kernel: layer %u does not exist; there are %u", index, handle->L);
    return index;
  }

  /** Features, labels and scale; `rows` becomes the number of examples. */
  Source source(const Handle* handle, u32& rows) {
    Source s = {};
    u32 length = 0;
    napi_typedarray_type type = napi_uint8_array;
    if (!failed) napi_get_typedarray_info(env, values[next], &type, nullptr, nullptr, nullptr, nullptr);
    s.isFloat = type == napi_float32_array;
    s.features = view(s.isFloat ? napi_float32_array : napi_uint8_array, length);
    s.labels = array<u8>(rows);
    s.scale = number();
    if (!failed && (u64)rows * handle->sizes[0] != length)
      fail("kernel: %u features are not %u rows of %u", length, rows, handle->sizes[0]);
    return s;
  }
  /** Rows by index, and their labels checked. */
  u32* order(const Handle* handle, const Source& source, u32 available, u32& count) {
    u32* rows = array<u32>(count);
    for (u32 i = 0; !failed && i < count; i++) {
      if (rows[i] >= available) fail("kernel: row %u does not exist; there are %u", rows[i], available);
      else checkLabel(handle, source.labels[rows[i]]);
    }
    if (!failed && count == 0) fail("kernel: no rows");
    return rows;
  }
  void checkLabel(const Handle* handle, u32 label) {
    if (label >= handle->sizes[handle->L]) fail("kernel: label %u, but there are %u classes", label, handle->sizes[handle->L]);
  }

  napi_env env;
  static constexpr size_t MAX = 12;
  napi_value values[MAX];

private:
  u32 next = 0;

  static napi_typedarray_type typeOf(u8*) { return napi_uint8_array; }
  static napi_typedarray_type typeOf(u32*) { return napi_uint32_array; }
  static napi_typedarray_type typeOf(float*) { return napi_float32_array; }
  static napi_typedarray_type typeOf(double*) { return napi_float64_array; }

  void* view(napi_typedarray_type expected, u32& length) {
    napi_typedarray_type type;
    size_t count = 0;
    void* data = nullptr;
    length = 0;
    if (failed) return nullptr;
    if (napi_get_typedarray_info(env, values[next], &type, &count, &data, nullptr, nullptr) != napi_ok || type != expected)
      fail("kernel: argument %u is not the right kind of typed array", next);
    else if (count > 4294967295u) fail("kernel: argument %u is longer than 2^32 - 1", next);
    next++;
    length = failed ? 0 : (u32)count;
    return failed ? nullptr : data;
  }
};
