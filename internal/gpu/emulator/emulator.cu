// A graphics processor in C: the kernels compiled for the host, and what they
// need around them. Names of kernels are symbols of the library.
#include <stdlib.h>

#include "../kernels.cu"

void *emulator_allocate(size_t bytes) {
  void *p = 0;
  if (posix_memalign(&p, 256, bytes)) return 0;
  return memset(p, 0, bytes);
}

void emulator_free(void *p) { free(p); }

void emulator_copy(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }

void emulator_zero(void *at, size_t bytes) { memset(at, 0, bytes); }

// Multiplication mirrors gpu.Product.
typedef struct {
  const float *A, *B;
  float *C;
  int trans_a, trans_b, m, n, k, stride_a, stride_b, stride_c, networks;
} Multiplication;

// emulator_multiply sums in float32, in the order of k.
void emulator_multiply(const Multiplication *p) {
  for (int s = 0; s < p->networks; s++) {
    const float *A = p->A + (size_t)s * p->stride_a, *B = p->B + (size_t)s * p->stride_b;
    float *C = p->C + (size_t)s * p->stride_c;
    float *columns = 0; // Bᵀ is written out, so that the inner loop is along rows
    if (p->trans_b) {
      columns = malloc(sizeof(float) * (size_t)p->n * p->k);
      for (int j = 0; j < p->n; j++)
        for (int l = 0; l < p->k; l++) columns[(size_t)l * p->n + j] = B[(size_t)j * p->k + l];
      B = columns;
    }
    memset(C, 0, sizeof(float) * (size_t)p->m * p->n);
    for (int i = 0; i < p->m; i++)
      for (int l = 0; l < p->k; l++) {
        float x = p->trans_a ? A[(size_t)l * p->m + i] : A[(size_t)i * p->k + l];
        const float *row = B + (size_t)l * p->n;
        float *out = C + (size_t)i * p->n;
        for (int j = 0; j < p->n; j++) out[j] += x * row[j];
      }
    free(columns);
  }
}
