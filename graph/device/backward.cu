// The device counterpart of ops.ActivationError.
#include "activation.cuh"

typedef struct {
  const float *error, *at; // [count]: ∂loss/∂y, and y or z as the activation's derivative takes it
  float *out;              // [count]: ∂loss/∂z
  int stride_error, stride_at, stride_out;
  int count, activation;
  float slope;
} ActivationError;

// activation_error is dz = dy ⊙ f'.
KERNEL(activation_error, ActivationError) {
  const float *error = a.error + (size_t)BLOCK_Y * a.stride_error, *at = a.at + (size_t)BLOCK_Y * a.stride_at;
  float *out = a.out + (size_t)BLOCK_Y * a.stride_out;
  EACH_THREAD {
    u32 i = (u32)BLOCK_X * THREADS + thread;
    if (i < (u32)a.count) out[i] = error[i] * derivative(a.activation, a.slope, at[i]);
  }
}
