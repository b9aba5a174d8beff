// Memory of the device and of the host.
//
// ERGON_STUB_MEMORY=1000000   the device has so many bytes
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "stub.h"

typedef struct Block {
  CUdeviceptr start;
  size_t bytes;
  struct Block *next;
} Block;

static Block *blocks;
static size_t used;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t total(void) { return stub_setting("ERGON_STUB_MEMORY", 8ll << 30); }

static CUresult entered(void) {
  CUcontext context = 0;
  cuCtxGetCurrent(&context);
  return context ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

EXPORT CUresult stub_check(CUdeviceptr at, size_t bytes) {
  CUresult code = CUDA_ERROR_INVALID_VALUE;
  pthread_mutex_lock(&lock);
  for (Block *b = blocks; b; b = b->next)
    if (at >= b->start && at + bytes <= b->start + b->bytes) code = entered();
  pthread_mutex_unlock(&lock);
  return code;
}

EXPORT CUresult cuMemGetInfo(size_t *available, size_t *all) {
  *all = total();
  *available = used < total() ? total() - used : 0;
  return entered();
}

EXPORT CUresult cuDeviceTotalMem(size_t *all, CUdevice device) { (void)device; *all = total(); return CUDA_SUCCESS; }

EXPORT CUresult cuMemAlloc(CUdeviceptr *at, size_t bytes) {
  if (!bytes) return CUDA_ERROR_INVALID_VALUE;
  if (entered()) return CUDA_ERROR_INVALID_CONTEXT;
  void *p = 0;
  if (used + bytes > total() || posix_memalign(&p, 512, bytes)) return CUDA_ERROR_OUT_OF_MEMORY;
  memset(p, 0xA5, bytes);
  Block *b = malloc(sizeof *b);
  pthread_mutex_lock(&lock);
  *b = (Block){(CUdeviceptr)p, bytes, blocks};
  blocks = b;
  used += bytes;
  pthread_mutex_unlock(&lock);
  *at = b->start;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuMemFree(CUdeviceptr at) {
  CUresult code = entered();
  if (code) return code;
  code = CUDA_ERROR_INVALID_VALUE;
  pthread_mutex_lock(&lock);
  for (Block **link = &blocks; *link; link = &(*link)->next)
    if ((*link)->start == at) {
      Block *b = *link;
      *link = b->next;
      used -= b->bytes;
      free((void *)b->start);
      free(b);
      code = CUDA_SUCCESS;
      break;
    }
  pthread_mutex_unlock(&lock);
  return code;
}

EXPORT CUresult cuMemHostAlloc(void **p, size_t bytes, unsigned flags) {
  (void)flags;
  if (entered()) return CUDA_ERROR_INVALID_CONTEXT;
  *p = malloc(bytes);
  return *p ? CUDA_SUCCESS : CUDA_ERROR_OUT_OF_MEMORY;
}

EXPORT CUresult cuMemFreeHost(void *p) { free(p); return entered(); }

typedef struct {
  void *to;
  const void *from;
  size_t bytes;
} Copy;

static void copy(const void *data, int x, int y) {
  (void)x, (void)y;
  const Copy *c = data;
  memcpy(c->to, c->from, c->bytes);
}

// Copies cannot be captured: only a mistake of package cuda's would ask for it.
static CUresult queue_copy(CUstream stream, Copy c) {
  CUstreamCaptureStatus status;
  cuStreamIsCapturing(stream, &status);
  if (status != CU_STREAM_CAPTURE_STATUS_NONE) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  return stub_queue(stream, copy, &c, sizeof c, 1, 1);
}

EXPORT CUresult cuMemcpyHtoDAsync(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
  CUresult code = stub_check(to, bytes);
  return code ? code : queue_copy(stream, (Copy){(void *)to, from, bytes});
}

EXPORT CUresult cuMemcpyDtoHAsync(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
  CUresult code = stub_check(from, bytes);
  return code ? code : queue_copy(stream, (Copy){to, (const void *)from, bytes});
}

typedef struct {
  CUdeviceptr at;
  size_t bytes;
  unsigned char value;
} Fill;

static void fill(const void *data, int x, int y) {
  (void)x, (void)y;
  const Fill *f = data;
  memset((void *)f->at, f->value, f->bytes);
}

EXPORT CUresult cuMemsetD8Async(CUdeviceptr at, unsigned char value, size_t bytes, CUstream stream) {
  CUresult code = stub_check(at, bytes);
  Fill f = {at, bytes, value};
  return code ? code : stub_queue(stream, fill, &f, sizeof f, 1, 1);
}
