// What follows the product of y = f(x·W + b): the device counterpart of ops.Dense and ops.Activate.
#include "activation.cuh"

typedef struct {
  float *z, *y;      // [B,width]; y may be z
  const float *bias; // [width], or 0
  int stride_z, stride_y, stride_bias;
  int width, count, activation, clamp_to_unit; // count is B·width
  float slope;
} Response;

// respond adds the bias to z and writes f(z) to y. With clamp_to_unit, unit 0 is 1.
KERNEL(respond, Response) {
  float *from = a.z + (size_t)BLOCK_Y * a.stride_z, *to = a.y + (size_t)BLOCK_Y * a.stride_y;
  const float *bias = a.bias + (size_t)BLOCK_Y * a.stride_bias;
  EACH_THREAD {
    u32 i = (u32)BLOCK_X * THREADS + thread;
    if (i < (u32)a.count) {
      u32 unit = i % (u32)a.width;
      float z = from[i];
      if (a.bias) {
        z += bias[unit];
        if (from != to) from[i] = z;
      }
      to[i] = a.clamp_to_unit && unit == 0 ? 1.0f : activity(a.activation, a.slope, z);
    }
  }
}
