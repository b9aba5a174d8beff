// The twin of Set.Gather: a batch of examples put together on the device.
#include "../internal/gpu/kernel.cuh"

// Source is a set on the device.
typedef struct {
  const u8 *pixels;     // [n, inputs] bytes that are looked up; 0: there are values
  const float *table;   // [256] input of a byte
  const float *values;  // [n, inputs]
  const u8 *labels;     // [n] classes; 0: there are none
  const float *targets; // [n, outputs]; 0: they follow from the classes
} Source;

typedef struct {
  float *x;              // [networks][batch, width]
  float *target;         // [networks][batch, outputs]
  const Source *sources; // [networks]
  const int *examples;   // of step t, network s, presentation b: number t·per_step + s·per_network + b
  const u32 *clock;      // t
  int batch, width, inputs, outputs, per_step, per_network;
  float margin; // targets of classes are margin and 1-margin
} Gather;

KERNEL(gather, Gather) {
  const Source from = a.sources[BLOCK_Y];
  const int *examples = a.examples + (size_t)*a.clock * a.per_step + (size_t)BLOCK_Y * a.per_network;
  EACH_THREAD {
    u32 i = (u32)BLOCK_X * THREADS + thread;
    if (i < (u32)a.batch * a.inputs) {
      int b = i / a.inputs, column = i % a.inputs;
      size_t at = (size_t)examples[b] * a.inputs + column;
      float value = from.pixels ? from.table[from.pixels[at]] : from.values[at];
      a.x[((size_t)BLOCK_Y * a.batch + b) * a.width + column] = value;
    }
    if (i < (u32)a.batch * a.outputs) {
      int b = i / a.outputs, column = i % a.outputs;
      float value;
      if (from.targets)
        value = from.targets[(size_t)examples[b] * a.outputs + column];
      else
        value = from.labels[examples[b]] == column ? 1 - a.margin : a.margin;
      a.target[(size_t)BLOCK_Y * a.batch * a.outputs + i] = value;
    }
  }
}
