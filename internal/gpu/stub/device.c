// The one device, its context, and the kernels.
//
// ERGON_STUB_CUINIT=100   cuInit fails with this code
// ERGON_STUB_DEVICES=0    there are so many devices
// ERGON_STUB_JIT=218      the module cannot be compiled
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "stub.h"

static int initialized, retained;
static __thread CUcontext current;
static CUcontext const the_context = (CUcontext)0x2000;

EXPORT CUresult cuInit(unsigned flags) {
  CUresult code = (CUresult)stub_setting("ERGON_STUB_CUINIT", 0);
  if (!code) initialized = 1;
  return flags ? CUDA_ERROR_INVALID_VALUE : code;
}

EXPORT CUresult cuDriverGetVersion(int *version) { *version = 12040; return CUDA_SUCCESS; }

EXPORT CUresult cuGetErrorName(CUresult code, const char **name) {
  switch (code) {
  case CUDA_ERROR_OUT_OF_MEMORY: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
  case CUDA_ERROR_NO_DEVICE: *name = "CUDA_ERROR_NO_DEVICE"; break;
  case CUDA_ERROR_INVALID_DEVICE: *name = "CUDA_ERROR_INVALID_DEVICE"; break;
  case CUDA_ERROR_INVALID_CONTEXT: *name = "CUDA_ERROR_INVALID_CONTEXT"; break;
  case CUDA_ERROR_INVALID_PTX: *name = "CUDA_ERROR_INVALID_PTX"; break;
  case CUDA_ERROR_INVALID_VALUE: *name = "CUDA_ERROR_INVALID_VALUE"; break;
  case CUDA_ERROR_NOT_SUPPORTED: *name = "CUDA_ERROR_NOT_SUPPORTED"; break;
  default: *name = "an error of the stub's";
  }
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetCount(int *count) {
  *count = (int)stub_setting("ERGON_STUB_DEVICES", 1);
  return initialized ? CUDA_SUCCESS : CUDA_ERROR_NOT_INITIALIZED;
}

EXPORT CUresult cuDeviceGet(CUdevice *device, int number) {
  int count = 0;
  CUresult code = cuDeviceGetCount(&count);
  if (code) return code;
  *device = number;
  return number < count ? CUDA_SUCCESS : CUDA_ERROR_INVALID_DEVICE;
}

EXPORT CUresult cuDeviceGetName(char *name, int length, CUdevice device) {
  (void)device;
  snprintf(name, length, "stub");
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetAttribute(int *value, CUdevice_attribute attribute, CUdevice device) {
  (void)device;
  switch (attribute) {
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR: *value = 7; return CUDA_SUCCESS;
  case CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR: *value = 5; return CUDA_SUCCESS;
  case CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT: *value = 1; return CUDA_SUCCESS;
  default: return CUDA_ERROR_INVALID_VALUE;
  }
}

EXPORT CUresult cuDevicePrimaryCtxRetain(CUcontext *context, CUdevice device) {
  (void)device;
  retained++;
  *context = the_context;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDevicePrimaryCtxRelease(CUdevice device) {
  (void)device;
  return retained-- > 0 ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

EXPORT CUresult cuCtxSetCurrent(CUcontext context) { current = context; return CUDA_SUCCESS; }

EXPORT CUresult cuCtxGetCurrent(CUcontext *context) { *context = current; return CUDA_SUCCESS; }

// The kernels are in a library of their own, beside this one (RUNPATH).
static void *kernels(void) {
  static void *library;
  if (!library) library = dlopen("libergon-kernels.so", RTLD_NOW | RTLD_LOCAL);
  return library;
}

EXPORT CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned n, CUjit_option *options, void **values) {
  CUresult code = (CUresult)stub_setting("ERGON_STUB_JIT", 0);
  for (unsigned i = 0; i < n && code; i++)
    if (options[i] == CU_JIT_ERROR_LOG_BUFFER) strcpy(values[i], "ptxas application ptx input, line 9; fatal: the stub was told to fail");
  if (!code && !strstr(image, ".version")) code = CUDA_ERROR_INVALID_PTX;
  if (!code && !kernels()) code = CUDA_ERROR_FILE_NOT_FOUND;
  *module = kernels();
  return code;
}

EXPORT CUresult cuModuleUnload(CUmodule module) {
  return (void *)module == kernels() ? CUDA_SUCCESS : CUDA_ERROR_INVALID_HANDLE;
}

EXPORT CUresult cuModuleGetFunction(CUfunction *function, CUmodule module, const char *name) {
  *function = dlsym(module, name);
  return *function ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}

// The size of a kernel's arguments is the symbol NAME_bytes.
EXPORT CUresult cuLaunchKernel(CUfunction f, unsigned x, unsigned y, unsigned z, unsigned threads, unsigned threads_y,
                               unsigned threads_z, unsigned shared, CUstream stream, void **parameters, void **extra) {
  (void)z, (void)threads_y, (void)threads_z, (void)shared, (void)extra;
  char size[256];
  Dl_info symbol;
  if (!current) return CUDA_ERROR_INVALID_CONTEXT;
  if (!dladdr((void *)f, &symbol) || threads != 256) return CUDA_ERROR_INVALID_VALUE;
  snprintf(size, sizeof size, "%s_bytes", symbol.dli_sname);
  const int *bytes = dlsym(kernels(), size);
  return bytes ? stub_queue(stream, (Work)f, parameters[0], *bytes, x, y) : CUDA_ERROR_INVALID_HANDLE;
}
