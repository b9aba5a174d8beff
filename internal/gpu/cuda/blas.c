//go:build gpu

#include "blas.h"

#include <dlfcn.h>
#include <stdlib.h>

// The prototypes of cublas_api.h, without its types: so that no header of
// cuBLAS is needed. An enum is an int, a handle a pointer. They are the same in
// versions 11 to 13.
struct Blas {
  void *handle;
  int (*create)(void **handle);
  int (*destroy)(void *handle);
  int (*set_stream)(void *handle, CUstream stream);
  int (*set_workspace)(void *handle, void *workspace, size_t bytes);
  int (*set_math_mode)(void *handle, int mode);
  int (*get_property)(int property, int *value);
  const char *(*status_name)(int status);
  int (*gemm)(void *handle, int transpose_a, int transpose_b, int m, int n, int k, const float *alpha,
              const float *A, int lda, const float *B, int ldb, const float *beta, float *C, int ldc);
  int (*gemm_strided)(void *handle, int transpose_a, int transpose_b, int m, int n, int k, const float *alpha,
                      const float *A, int lda, long long stride_a, const float *B, int ldb, long long stride_b,
                      const float *beta, float *C, int ldc, long long stride_c, int networks);
};

enum { DEFAULT_MATH = 0, NOT_INITIALIZED = 1 };

static Blas *give_up(Blas *b, const char **reason) {
  *reason = dlerror();
  free(b);
  return 0;
}

// The library stays loaded: it does not bear being loaded twice.
Blas *blas_open(const char *library, const char **reason) {
  Blas *b = calloc(1, sizeof *b);
  void *l = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (!l) return give_up(b, reason);
  if (!(b->create = dlsym(l, "cublasCreate_v2"))) return give_up(b, reason);
  if (!(b->destroy = dlsym(l, "cublasDestroy_v2"))) return give_up(b, reason);
  if (!(b->set_stream = dlsym(l, "cublasSetStream_v2"))) return give_up(b, reason);
  if (!(b->set_workspace = dlsym(l, "cublasSetWorkspace_v2"))) return give_up(b, reason);
  if (!(b->set_math_mode = dlsym(l, "cublasSetMathMode"))) return give_up(b, reason);
  if (!(b->get_property = dlsym(l, "cublasGetProperty"))) return give_up(b, reason);
  if (!(b->status_name = dlsym(l, "cublasGetStatusName"))) return give_up(b, reason);
  if (!(b->gemm = dlsym(l, "cublasSgemm_v2"))) return give_up(b, reason);
  if (!(b->gemm_strided = dlsym(l, "cublasSgemmStridedBatched"))) return give_up(b, reason);
  return b;
}

int blas_version(const Blas *b) {
  int major = 0, minor = 0, patch = 0;
  b->get_property(0, &major);
  b->get_property(1, &minor);
  b->get_property(2, &patch);
  return major * 1000000 + minor * 1000 + patch;
}

int blas_start(Blas *b, Queue q, CUdeviceptr workspace, size_t bytes) {
  if (driver_enter(q)) return NOT_INITIALIZED;
  int status = b->create(&b->handle);
  if (!status) status = b->set_stream(b->handle, q.stream); // before the workspace, which it resets
  if (!status) status = b->set_workspace(b->handle, (void *)workspace, bytes);
  if (!status) status = b->set_math_mode(b->handle, DEFAULT_MATH); // no TF32
  return status;
}

int blas_stop(Blas *b, Queue q) {
  int status = driver_enter(q) ? NOT_INITIALIZED : 0;
  if (!status && b->handle) status = b->destroy(b->handle);
  free(b);
  return status;
}

int blas_multiply(const Blas *b, Queue q, const Gemm *p) {
  if (driver_enter(q)) return NOT_INITIALIZED;
  const float one = 1, zero = 0;
  const float *A = (const float *)p->A, *B = (const float *)p->B;
  float *C = (float *)p->C;
  if (p->networks == 1)
    return b->gemm(b->handle, p->transpose_a, p->transpose_b, p->m, p->n, p->k, &one, A, p->lda, B, p->ldb, &zero, C, p->ldc);
  return b->gemm_strided(b->handle, p->transpose_a, p->transpose_b, p->m, p->n, p->k, &one, A, p->lda, p->stride_a,
                         B, p->ldb, p->stride_b, &zero, C, p->ldc, p->stride_c, p->networks);
}

const char *blas_name(const Blas *b, int status) { return b->status_name(status); }
