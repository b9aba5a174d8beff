// The functions of cuBLAS that package cuda calls, by their documentation:
// column-major matrices, written down naively.
//
// ERGON_STUB_BLAS=1   cublasCreate fails with this status
#include "stub.h"

enum { SUCCESS = 0, NOT_INITIALIZED = 1, INVALID_VALUE = 7, EXECUTION_FAILED = 13 };

typedef struct {
  CUstream stream;
  CUdeviceptr workspace;
} Handle;

EXPORT int cublasCreate_v2(Handle **h) {
  CUcontext context = 0;
  cuCtxGetCurrent(&context);
  *h = 0;
  int status = context ? (int)stub_setting("ERGON_STUB_BLAS", 0) : NOT_INITIALIZED;
  if (!status) *h = calloc(1, sizeof **h);
  return status;
}

EXPORT int cublasDestroy_v2(Handle *h) { free(h); return SUCCESS; }

EXPORT int cublasSetStream_v2(Handle *h, CUstream stream) {
  *h = (Handle){stream, 0};
  return SUCCESS;
}

EXPORT int cublasSetWorkspace_v2(Handle *h, void *at, size_t bytes) {
  h->workspace = (CUdeviceptr)at;
  return stub_check(h->workspace, bytes) ? INVALID_VALUE : SUCCESS;
}

EXPORT int cublasSetMathMode(Handle *h, int mode) { (void)h; return mode ? INVALID_VALUE : SUCCESS; }

EXPORT int cublasGetProperty(int property, int *value) {
  *value = property == 0 ? 12 : 0;
  return SUCCESS;
}

EXPORT const char *cublasGetStatusName(int status) {
  return status == NOT_INITIALIZED ? "CUBLAS_STATUS_NOT_INITIALIZED" : status == INVALID_VALUE ? "CUBLAS_STATUS_INVALID_VALUE" : "CUBLAS_STATUS_EXECUTION_FAILED";
}

typedef struct {
  int transpose_a, transpose_b, m, n, k, lda, ldb, ldc, networks;
  long long stride_a, stride_b, stride_c;
  const float *A, *B;
  float *C, alpha, beta;
} Gemm;

static void gemm(const void *data, int x, int y) {
  (void)x, (void)y;
  const Gemm *p = data;
  for (int s = 0; s < p->networks; s++) {
    const float *A = p->A + s * p->stride_a, *B = p->B + s * p->stride_b;
    float *C = p->C + s * p->stride_c;
    for (int j = 0; j < p->n; j++)
      for (int i = 0; i < p->m; i++) {
        float sum = 0;
        for (int l = 0; l < p->k; l++)
          sum += (p->transpose_a ? A[l + (size_t)i * p->lda] : A[i + (size_t)l * p->lda]) *
                 (p->transpose_b ? B[j + (size_t)l * p->ldb] : B[l + (size_t)j * p->ldb]);
        float *c = &C[i + (size_t)j * p->ldc];
        *c = p->alpha * sum + (p->beta ? p->beta * *c : 0);
      }
  }
}

// reach is how many numbers a matrix of columns columns occupies, in all networks.
static size_t reach(const Gemm *p, long long stride, int rows, int columns, int ld) {
  return 4 * ((p->networks - 1) * (size_t)stride + (columns - 1) * (size_t)ld + rows);
}

static int queue(const Handle *h, const Gemm *p) {
  int rows_a = p->transpose_a ? p->k : p->m, columns_a = p->transpose_a ? p->m : p->k;
  int rows_b = p->transpose_b ? p->n : p->k, columns_b = p->transpose_b ? p->k : p->n;
  if (p->m < 0 || p->n < 0 || p->k < 0 || p->lda < rows_a || p->ldb < rows_b || p->ldc < p->m) return INVALID_VALUE;
  if (!h->workspace) return NOT_INITIALIZED;
  if (stub_check((CUdeviceptr)p->A, reach(p, p->stride_a, rows_a, columns_a, p->lda)) ||
      stub_check((CUdeviceptr)p->B, reach(p, p->stride_b, rows_b, columns_b, p->ldb)) ||
      stub_check((CUdeviceptr)p->C, reach(p, p->stride_c, p->m, p->n, p->ldc)))
    return EXECUTION_FAILED;
  return stub_queue(h->stream, gemm, p, sizeof *p, 1, 1) ? EXECUTION_FAILED : SUCCESS;
}

EXPORT int cublasSgemm_v2(Handle *h, int transpose_a, int transpose_b, int m, int n, int k, const float *alpha,
                          const float *A, int lda, const float *B, int ldb, const float *beta, float *C, int ldc) {
  Gemm p = {transpose_a, transpose_b, m, n, k, lda, ldb, ldc, 1, 0, 0, 0, A, B, C, *alpha, *beta};
  return queue(h, &p);
}

EXPORT int cublasSgemmStridedBatched(Handle *h, int transpose_a, int transpose_b, int m, int n, int k, const float *alpha,
                                     const float *A, int lda, long long stride_a, const float *B, int ldb, long long stride_b,
                                     const float *beta, float *C, int ldc, long long stride_c, int networks) {
  Gemm p = {transpose_a, transpose_b, m, n, k, lda, ldb, ldc, networks, stride_a, stride_b, stride_c, A, B, C, *alpha, *beta};
  return queue(h, &p);
}
