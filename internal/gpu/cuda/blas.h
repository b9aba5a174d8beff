// The few functions of cuBLAS that products need, looked up when a device is
// opened: which of its versions a machine has is not known when building.
#ifndef ERGON_BLAS_H
#define ERGON_BLAS_H

#include "driver.h"

typedef struct Blas Blas;

// blas_open loads a library. It returns null, and why in reason, where it is
// not there or lacks a function.
Blas *blas_open(const char *library, const char **reason);
int blas_version(const Blas *b);

// blas_start makes b multiply on a device's queue, with true float32 arithmetic,
// in a workspace of its own: so that products can be captured, and repeat.
int blas_start(Blas *b, Queue q, CUdeviceptr workspace, size_t bytes);
int blas_stop(Blas *b, Queue q);

// Gemm is C = op(A)·op(B) of column-major matrices, C [m,n], once per network.
typedef struct {
  CUdeviceptr A, B, C;
  long long stride_a, stride_b, stride_c;
  int transpose_a, transpose_b, m, n, k, lda, ldb, ldc, networks;
} Gemm;

int blas_multiply(const Blas *b, Queue q, const Gemm *p);

// blas_name returns the name of a status, such as CUBLAS_STATUS_ALLOC_FAILED.
const char *blas_name(const Blas *b, int status);

#endif
